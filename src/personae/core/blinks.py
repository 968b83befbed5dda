"""Blinks: dips of how far two eyes are open, of the right depth and length, as the series comes in.

How far an open eye opens differs from person to person, with a smile and with the model that
measures it. A sample is therefore compared with the same eye's own past: with an upper percentile
of its last seconds.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

FEWEST = 4
"""Samples before an eye's own level is known."""
SLOWEST_S = 0.4
"""Samples further apart cannot show a blink: it begins and ends between two of them."""
SPARSE_S = 0.09
"""Samples further apart show a blink once only; that one look must then be a deep one."""


@dataclass(frozen=True, slots=True)
class BlinkSettings:
    """What a blink is.

    Attributes:
        percentile: of the last samples, taken as how far the eye is open when it is open.
        window_s: length of the past it is taken of.
        shut: share of it below which the eyes count as closing.
        reopened: share at which they are open again.
        each: share that neither eye may exceed meanwhile.
        depth: share that the lowest sample must reach.
        depth_sparse: the same where samples are too far apart to see the dip's shape.
        longest_s: eyes closed for longer are no blink.
    """

    percentile: float = 75.0
    window_s: float = 3.0
    shut: float = 0.7
    reopened: float = 0.75
    each: float = 0.95
    depth: float = 0.6
    depth_sparse: float = 0.5
    longest_s: float = 0.8


@dataclass(frozen=True, slots=True)
class Blink:
    """Eyes that closed and opened again.

    Attributes:
        start: time of the first sample at which they were closing, seconds.
        end: time of the last such sample, seconds.
        depth: lowest openness as a share of the open eye's.
        left: the same of the left eye alone, None where it was not seen.
        right: the same of the right eye alone.
    """

    start: float
    end: float
    depth: float
    left: float | None = None
    right: float | None = None


@dataclass(slots=True)
class _Dip:
    """A dip that is not over."""

    start: float
    end: float
    lowest: tuple[float, float, float]
    sound: bool = True


class _Level:
    """How far one eye is open when it is open."""

    def __init__(self, settings: BlinkSettings) -> None:
        self._settings = settings
        self._past: deque[tuple[float, float]] = deque()

    def share(self, time: float, value: float) -> float:
        """The sample as a share of the open eye's; NaN where that is not known."""
        if not math.isfinite(value):
            return math.nan
        self._past.append((time, value))
        while time - self._past[0][0] > self._settings.window_s:
            self._past.popleft()
        if len(self._past) < FEWEST:
            return math.nan
        level = float(np.percentile([past for _, past in self._past], self._settings.percentile))
        return value / level if level > 0 else math.nan


class Blinks:
    """Finds blinks in one face's eyes; one for each track.

    The answer does not depend on the unit of the samples: all of them may be multiplied by the
    same number.
    """

    def __init__(self, settings: BlinkSettings | None = None) -> None:
        self._settings = settings or BlinkSettings()
        self._left = _Level(self._settings)
        self._right = _Level(self._settings)
        self._dip: _Dip | None = None
        self._last = -math.inf
        self._pause = 0.0

    @property
    def closing(self) -> bool:
        """Whether the eyes are in a dip now."""
        return self._dip is not None

    def see(self, time: float, left: float, right: float) -> Blink | None:
        """One more sample; answers a blink that it ended.

        Args:
            time: seconds, growing.
            left: how far the left eye is open, in any unit; NaN where it is not seen.
            right: the same of the right eye; both units may differ.

        Raises:
            ValueError: time does not grow.
        """
        if time <= self._last:
            raise ValueError(f"time must grow: {time} after {self._last}")
        pause, self._last = time - self._last, time
        shares = (self._left.share(time, left), self._right.share(time, right))
        seen = [share for share in shares if math.isfinite(share)]
        if pause > SLOWEST_S or not seen:
            self._dip = None
            return None
        mean = sum(seen) / len(seen)
        if self._dip is None:
            if self._shuts(mean, max(seen)):
                self._pause = pause
                self._dip = _Dip(time, time, (mean, *shares))
            return None
        return self._within(self._dip, time, mean, shares)

    def break_off(self) -> None:
        """What follows is not the same movement: a dip that is open is none."""
        self._dip = None

    def _shuts(self, mean: float, most: float) -> bool:
        return mean < self._settings.shut and most < self._settings.each

    def _within(
        self, dip: _Dip, time: float, mean: float, shares: tuple[float, float]
    ) -> Blink | None:
        self._pause = max(self._pause, time - dip.end)
        if mean >= self._settings.reopened:
            self._dip = None
            return self._judged(dip)
        if mean < self._settings.shut:
            dip.end = time
        if mean < dip.lowest[0]:
            dip.lowest = (mean, *shares)
        dip.sound = dip.end - dip.start <= self._settings.longest_s
        return None

    def _judged(self, dip: _Dip) -> Blink | None:
        sparse = self._pause > SPARSE_S
        depth = self._settings.depth_sparse if sparse else self._settings.depth
        mean, left, right = dip.lowest
        if not dip.sound or mean > depth:
            return None
        return Blink(dip.start, dip.end, mean, _known(left), _known(right))


def _known(share: float) -> float | None:
    return share if math.isfinite(share) else None
