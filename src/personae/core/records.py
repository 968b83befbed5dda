"""What the store keeps and gives back: media, runs, sightings, people, intervals, jobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from personae.core.arrays import Boxes, Ids, Vector
from personae.core.detections import Kind
from personae.core.embedding import Space

MediaKind = Literal["film", "photo", "camera"]
PersonKind = Literal["named", "auto", "hidden"]
Gender = str
"""As a person set it: Female, Male, any other word; Unknown until somebody does."""
KnownBy = Literal["face", "body", "hand"]
AssignedBy = Literal["cluster", "match", "hand"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]

UNKNOWN: Gender = "Unknown"


@dataclass(frozen=True, slots=True)
class Media:
    """One content, however many paths lead to it. Times are PTS in units of num/den seconds.

    Attributes:
        fps: average frames a second as its container states them; no time is computed from it.
    """

    id: int
    sha256: str
    path: str
    kind: MediaKind
    width: int
    height: int
    base_num: int
    base_den: int
    duration: float
    collection: str | None = None
    captured_at: int | None = None
    fps: float | None = None

    def seconds(self, pts: int) -> float:
        """A time of this medium in seconds from its first frame."""
        return pts * self.base_num / self.base_den


@dataclass(frozen=True, slots=True)
class Run:
    """One analysis of one medium; hidden until it is finished.

    Attributes:
        segments: how many segments are kept already; work resumes after them.
    """

    id: int
    media: int
    settings: str
    state: Literal["hidden", "shown", "failed"]
    segments: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """A track that was kept. ``body`` is the sighting of the body a face sits on."""

    id: int
    media: int
    kind: Kind
    first: int
    last: int
    start: float
    end: float
    quality: float
    body: int | None = None
    person: int | None = None
    by: AssignedBy | None = None
    score: float | None = None
    crop: str | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """Where a sighting was: (T,) times in PTS and (T, 4) boxes in pixels."""

    times: Ids
    boxes: Boxes


@dataclass(frozen=True, slots=True)
class FaceVector:
    """A sighting's vector with what clustering and search need to know of it."""

    sighting: int
    media: int
    first: int
    last: int
    vector: Vector
    shots: int
    quality: float
    person: int | None
    by: AssignedBy | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, named or not.

    Attributes:
        name: None until a person is named.
        gender: as a person set it.
        sightings: how many face sightings belong to them.
        media: in how many media.
        seconds: how long their appearances last together (photos count nothing).
        crop: path of the best face crop below the library's folder.
    """

    id: int
    name: str | None
    kind: PersonKind
    gender: Gender
    sightings: int = 0
    media: int = 0
    seconds: float = 0.0
    crop: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What to call them on screen."""
        return self.name or f"person {self.id}"


@dataclass(frozen=True, slots=True)
class PeopleChanges:
    """Who changed since somebody looked: in name, kind, faces or enrolled views.

    Attributes:
        number: to ask from the next time.
        people: who; None where it may be anybody, and everybody is to be read again.
    """

    number: int
    people: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Interval:
    """Person x media x [start, end): the core record of the product.

    Attributes:
        known_by: face seen, body while its face was known, or set by hand.
        confidence: probability that it is this person, 0..1.
        first: start in PTS of the medium.
        last: end in PTS of the medium, exclusive.
    """

    person: int
    media: int
    path: str
    start: float
    end: float
    known_by: KnownBy
    confidence: float
    first: int
    last: int
    sightings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """A word of a person that holds for ever: these two faces are, or are not, one person."""

    same: bool
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Act:
    """One change to people, with what undoes it.

    Attributes:
        by: hand, or watch for what the maintenance of profiles did by itself.
    """

    id: int
    at: int
    verb: str
    summary: str
    undone: bool
    by: Literal["hand", "watch"] = "hand"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work with a key that makes it safe to ask for twice."""

    key: str
    kind: str
    state: JobState
    worker: str | None
    attempts: int
    progress: float
    frames: int = 0
    updated_at: int = 0
    error: dict[str, str] | None = None
    result: dict[str, object] | None = None
    payload: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """One enrolled view of a named person: it recognises, but is no appearance.

    Attributes:
        sha256: of the picture or film it was taken from.
        shots: views averaged in the vector.
        jpeg: the crop, as bytes.
    """

    person: int
    space: Space
    sha256: str
    path: str
    vector: Vector
    shots: int
    quality: float
    jpeg: bytes
