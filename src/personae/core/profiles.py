"""What maintenance reads of people whom cameras made: their face views and when they were seen."""

from __future__ import annotations

from dataclasses import dataclass

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
        times: how often it was seen.
        seconds: how long in total.
        last_seen: when it was seen last, milliseconds since 1970; 0 if never.
        views: the face vectors that are kept.
        touched: somebody merged, split, undid ... something about it by hand.
    """

    person: int
    times: int
    seconds: float
    last_seen: int
    views: tuple[View, ...]
    touched: bool

    @property
    def best(self) -> float:
        """Quality of its best view, 0 without any."""
        return max((view.quality for view in self.views), default=0.0)
