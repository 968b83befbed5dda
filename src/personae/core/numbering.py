"""From exact times to frame numbers of a film, for programs that count frames."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from personae.core.arrays import Ids
from personae.core.timecode import (
    STANDARD_RATES,
    from_timecode,
    is_drop,
    may_drop,
    nearest_rate,
    to_timecode,
)

SLOWEST_NOMINAL = Fraction(24)
"""A film of variable rate is put on a timeline of at least so many frames a second."""
UNKNOWN_RATE = Fraction(25)
"""Frames a second of a film that says nothing at all."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the frames of one film are numbered.

    Attributes:
        base: seconds of one PTS unit.
        rate: frames a second of the timeline that the film is put on.
        times: (N,) PTS of every frame where the film could be read, None where it could not.
        constant: every frame lies where ``rate`` puts it; None where nobody could look.
        start: number that the film's own timecode gives its first frame.
        drop: timecode is written as drop-frame.
    """

    base: Fraction
    rate: Fraction
    times: Ids | None = None
    constant: bool | None = None
    start: int = 0
    drop: bool = False

    @classmethod
    def of(
        cls,
        base: Fraction,
        stated: Fraction | float | None,
        times: Ids | None = None,
        timecode: str | None = None,
    ) -> Numbering:
        """The numbering that fits a film.

        The rate is the first of these under which every frame has its own number and lies where
        that is, to one PTS unit: what the file states (the standard rate next to it first), the
        average of the frames, their usual distance. Where none fits, the rate is variable, and
        the timeline gets the standard rate next to the usual distance of two frames.

        Args:
            base: seconds of one PTS unit.
            stated: frames a second as the container says.
            times: (N,) PTS of every frame from 0, increasing.
            timecode: of the first frame, as the film carries it.
        """
        listed = [] if times is None else [int(time) for time in times]
        rate, constant = _rate(base, stated, listed)
        start, drop = _start(timecode, rate)
        return cls(base, rate, times, constant, start, drop)

    def frame(self, pts: int) -> int:
        """The frame of the timeline next to a time, from 0."""
        return _nearest(pts, self.base * self.rate)

    def picture(self, pts: int) -> int:
        """Which frame of the film, counted from 0 as they are decoded, is the first from then on.

        With the exclusive end of a span this is the number of the first frame outside it.
        """
        if self.times is None:
            return self.frame(pts)
        return bisect_left(self.times, pts)

    def timecode(self, frame: int) -> str:
        """The film's own timecode of a frame of the timeline."""
        return to_timecode(frame + self.start, self.rate, drop=self.drop)

    @property
    def method(self) -> str:
        """How times became frame numbers, in a sentence that can be written into a file."""
        rate = f"{self.rate.numerator}/{self.rate.denominator}"
        if self.constant:
            return f"Constant frame rate of {rate}: frame numbers are exact."
        if self.constant is None:
            return (
                f"The film could not be read; times are exact, frame numbers are the nearest at "
                f"{rate} frames a second, which its container stated."
            )
        return (
            f"Variable frame rate: frame numbers are the nearest of a timeline of {rate} frames a "
            "second, off by half of its frame at most; times in PTS are exact."
        )


def _nearest(pts: int, frames_a_unit: Fraction) -> int:
    """Rounded half up, so that neighbours never change places."""
    return int((2 * pts * frames_a_unit.numerator + frames_a_unit.denominator)
               // (2 * frames_a_unit.denominator))  # fmt: skip


def _rate(
    base: Fraction, stated: Fraction | float | None, times: Sequence[int]
) -> tuple[Fraction, bool | None]:
    if len(times) < 2:
        said = Fraction(stated).limit_denominator(100_000) if stated else UNKNOWN_RATE
        return nearest_rate(said), None if not times else True
    steps = sorted(later - sooner for sooner, later in pairwise(times))
    usual = 1 / (steps[len(steps) // 2] * base)
    average = Fraction(len(times) - 1) / ((times[-1] - times[0]) * base)
    for said in (Fraction(stated) if stated else average, average, usual):
        for rate in (nearest_rate(said), said):
            if _on_grid(times, base * rate, rate):
                return rate, True
    usual = max(usual, SLOWEST_NOMINAL)
    return min(STANDARD_RATES, key=lambda rate: abs(rate - usual)), False


def _on_grid(times: Sequence[int], frames_a_unit: Fraction, rate: Fraction) -> bool:
    """Whether every frame has a number of its own and lies within one unit of where that is.

    Frames may be missing; that is what a film of constant rate looks like that dropped some.
    """
    up, down = frames_a_unit.numerator, frames_a_unit.denominator
    last = -1
    for time in times:
        number = (2 * time * up + down) // (2 * down)
        # A container that counts milliseconds rounds each time by itself
        if number <= last or abs(time * up - number * down) > up:
            return False
        last = number
    return rate > 0


def _start(timecode: str | None, rate: Fraction) -> tuple[int, bool]:
    """Number of the first frame, and whether the film counts drop-frame."""
    if timecode is None:
        return 0, may_drop(rate)
    try:
        return from_timecode(timecode, rate), is_drop(timecode)
    except ValueError:
        # Not one of this rate: the film is numbered from 0
        return 0, may_drop(rate)
