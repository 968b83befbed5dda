"""One camera of a watch: what is read, who is before it, and how it does."""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass, field

from personae.adapters.sources.camera import Camera
from personae.app.cameras import CameraConfig
from personae.core.live import LivePerson, LiveStream, LiveType
from personae.core.records import Media
from personae.flows.watch import CameraWatch

LATE_S = 5.0
"""Rates are of the last so many seconds."""


@dataclass(slots=True)
class WatchedStream:
    """One camera with what is made of it.

    Only the thread that looks changes it; `told` may be asked by any.

    Attributes:
        medium: what the camera is in the library, once it sent a picture.
        looked: when it was looked at last, by the monotonic clock.
        glanced: when anybody's eyes were.
        looks: when it was looked at of late.
        waits: milliseconds from a frame's arrival to what was made of it, of late.
        pictured: when its picture was written.
        known: what was told of whom.
        dark: whether it was told to be dark.
        trouble: why looks at it fail, as it was told.
        seen: who was there at the last look, and how many people.
    """

    config: CameraConfig
    camera: Camera
    watch: CameraWatch
    medium: Media | None = None
    looked: float = 0.0
    glanced: float = 0.0
    looks: deque[float] = field(default_factory=lambda: deque(maxlen=50))
    waits: deque[float] = field(default_factory=lambda: deque(maxlen=50))
    pictured: float = 0.0
    known: dict[int, tuple[LiveType, int | None]] = field(default_factory=dict)
    dark: bool = False
    trouble: str = ""
    seen: tuple[tuple[LivePerson, ...], int] = ((), 0)

    def look_back(self) -> tuple[LivePerson, ...]:
        """Takes over who is there after a look."""
        self.seen = (self.watch.persons(), self.watch.people)
        return self.seen[0]

    def told(self, now: float) -> LiveStream:
        """How it is at ``now`` of the monotonic clock."""
        state = self.camera.state()
        persons, people = self.seen if state.state == "live" else ((), 0)
        waits = tuple(self.waits)
        return LiveStream(
            name=self.config.name,
            address=self.config.shown,
            state=state.state,
            since=state.since,
            reason=state.reason,
            width=state.width,
            height=state.height,
            fps=state.fps,
            analysed_fps=self._rate(now),
            received=state.received,
            dropped=state.dropped,
            connections=state.connections,
            latency_ms=round(statistics.median(waits), 1) if waits else 0.0,
            people=people,
            persons=persons,
        )

    def _rate(self, now: float) -> float:
        late = [at for at in tuple(self.looks) if now - at < LATE_S]
        if len(late) < 2:
            return 0.0
        return round((len(late) - 1) / max(late[-1] - late[0], 1e-3), 2)
