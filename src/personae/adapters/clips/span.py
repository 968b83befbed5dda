"""Which frames a cut holds: the rule that every way of cutting keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isinf, isnan

from personae.adapters.clips.film import Film, Shown
from personae.core.errors import UsageError

TOLERANCE = Fraction(1, 1000)
"""Moments are kept in milliseconds: a frame that starts this little before the end is not in."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a film in seconds from its first frame; without an end it goes on to the last.

    It holds the frames that begin at ``start`` or later, or up to half a frame before, and before
    ``end``; the last one goes at ``end`` if it would stay longer.
    """

    start: Fraction
    end: Fraction | None
    half_frame: Fraction

    @classmethod
    def of(cls, film: Film, start: float | Fraction, end: float | Fraction) -> Span:
        """The stretch of this film between two moments."""
        begin = Fraction(0) if isinf(start) else max(Fraction(0), Fraction(start))
        return cls(begin, None if isinf(end) else Fraction(end), 1 / film.rate / 2)

    def cut(self, film: Iterator[Shown]) -> Iterator[Shown]:
        """The frames of the span, of a film's frames in order."""
        for shown in film:
            if self.is_past(shown.start):
                return
            if self.holds(shown.start, shown.end):
                yield Shown(shown.frame, shown.start, self.last_moment(shown.end))

    def is_past(self, begins: Fraction) -> bool:
        """Whether a frame that begins then is none of it, nor any later one."""
        return self.end is not None and begins >= self.end - TOLERANCE

    def holds(self, begins: Fraction, ends: Fraction) -> bool:
        """Whether a frame that is shown from then to then is in it."""
        grace = min(self.half_frame, (ends - begins) / 2)
        return begins >= self.start - grace and not self.is_past(begins)

    def last_moment(self, ends: Fraction) -> Fraction:
        """When a frame of it goes that goes at ``ends`` in the film."""
        if self.end is None or ends <= self.end + TOLERANCE:
            return ends
        return self.end


def check_moments(start: float | Fraction, end: float | Fraction) -> None:
    """Refuses what no film could answer.

    Raises:
        UsageError: ``end`` is not after ``start``.
    """
    if isnan(start) or isnan(end) or end <= max(start, 0.0):
        raise UsageError(f"An excerpt must end after it starts, and after 0: {start} to {end}.")
