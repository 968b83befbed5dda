"""What maintenance reads of people whom cameras made: their face views and when they were seen."""

from __future__ import annotations

from dataclasses import dataclass, field

from personae.core.arrays import Vector


@dataclass(frozen=True, slots=True)
class View:
    """The face vector of one sighting, with what speaks for keeping it.

    Attributes:
        quality: 0..1, of the sighting's best shot.
        shots: views averaged in the vector.
        fixed: a person gave this sighting to somebody, or said something of it; it stays.
    """

    sighting: int
    vector: Vector
    quality: float
    shots: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One time before one camera, [first, last) in milliseconds since 1970."""

    media: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Profile:
    """An unnamed person whom only cameras saw.

    Attributes:
        seen: every time, in their order.
        views: the face vectors that are kept.
        touched: somebody merged, split, undid ... something about it by hand.
        quality: parts of its best shot's quality by name.
    """

    person: int
    seen: tuple[Seen, ...]
    views: tuple[View, ...]
    touched: bool
    quality: dict[str, float] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it was seen in total."""
        return sum(one.last - one.first for one in self.seen) / 1000

    @property
    def last_seen(self) -> int:
        """When it was seen last, milliseconds since 1970; 0 if never."""
        return max((one.last for one in self.seen), default=0)

    @property
    def best(self) -> float:
        """Quality of its best view, 0 without any."""
        return max((view.quality for view in self.views), default=0.0)
