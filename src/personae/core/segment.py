"""What one piece of a film gave: tracks, and how much work they took."""

from __future__ import annotations

from dataclasses import dataclass, field

from personae.core.track import Track


@dataclass(slots=True)
class Counts:
    """What was done, for people to read.

    ``crowd_looks`` are the frames searched for people as crowds are searched for.
    """

    frames: int = 0
    analysed: int = 0
    unchanged: int = 0
    cuts: int = 0
    faces: int = 0
    too_small: int = 0
    looks: int = 0
    crowd_looks: int = 0


@dataclass(slots=True)
class Segment:
    """What one piece of a film gave."""

    number: int
    tracks: list[Track] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
