"""What is known now: cameras, who is before them, how sure that is; as it goes into status.json."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

LiveType = Literal["known", "unknown", "undecided", "spoof"]
Liveness = Literal["live", "not shown yet", "spoof suspected"]
StreamState = Literal["connecting", "live", "dark", "ended"]


@dataclass(frozen=True, slots=True)
class LivePerson:
    """Somebody before a camera.

    Attributes:
        id: of the track, unique while the watch runs.
        type: known (has a name), unknown (looked at well enough to say so), undecided, or spoof.
        person: number in the library; None until decided, or for a stranger.
        name: of the person, or what an unnamed profile is called.
        confidence: probability that it is this person, 0..1.
        fmr: false-match rate at the score; None where nobody is matched.
        live: what is known of a living face.
        reasons: why.
        since: when the track began, milliseconds since 1970.
        box: x1, y1, x2, y2 in pixels of the camera's picture.
        by: face, or body while the head is turned.
    """

    id: int
    type: LiveType
    person: int | None
    name: str | None
    confidence: float
    fmr: float | None
    live: Liveness
    reasons: tuple[str, ...]
    since: int
    box: tuple[int, int, int, int]
    by: Literal["face", "body"] = "face"


@dataclass(frozen=True, slots=True)
class LiveStream:
    """One camera; times in milliseconds since 1970, rates a second.

    Attributes:
        name: of the camera.
        address: without credentials.
        since: when the state began.
        reason: why it is dark.
        fps: frames that arrive.
        analysed_fps: frames that are looked at.
        dropped: frames that a newer one replaced.
        latency_ms: from a frame's arrival to what was made of it, the median of the last ones.
        people: how many are counted now.
    """

    name: str
    address: str
    state: StreamState
    since: int
    reason: str
    width: int
    height: int
    fps: float
    analysed_fps: float
    received: int
    dropped: int
    connections: int
    latency_ms: float
    people: int
    persons: tuple[LivePerson, ...]


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """The whole watch at one moment."""

    timestamp: int
    started: int
    running: bool
    streams: tuple[LiveStream, ...]

    def as_json(self) -> dict[str, object]:
        """The contract of ``status.json`` and ``GET /api/v1/live``."""
        return asdict(self)
