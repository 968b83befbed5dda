"""Where one shot ends and the next begins, and whether anything changed at all.

Works on the coarse brightness picture of every decoded frame, so that a cut is known to the frame
at a fifty-thousandth of the cost of looking at the pixels.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Luma


def change(a: Luma, b: Luma) -> float:
    """Mean absolute difference of brightness, 0..255; 255 for pictures of different sizes."""
    if a.shape != b.shape:
        return 255.0
    return float(np.abs(a.astype(np.int16) - b).mean())


def unchanged(a: Luma, b: Luma, mean: float = 0.5, peak: int = 6) -> bool:
    """Nothing moved: neither much in all nor clearly anywhere (a small face is one sample wide)."""
    if a.shape != b.shape:
        return False
    difference = np.abs(a.astype(np.int16) - b)
    return bool(difference.mean() <= mean and difference.max() <= peak)


def histogram_change(a: Luma, b: Luma) -> float:
    """Half the L1 distance of 32-bin brightness histograms, 0..1; movement hardly changes it."""
    first = np.bincount(a.ravel() >> 3, minlength=32) / a.size
    second = np.bincount(b.ravel() >> 3, minlength=32) / b.size
    return float(np.abs(first - second).sum() / 2)


@dataclass(slots=True)
class CutDetector:
    """Says of each frame whether it begins a new shot.

    A cut changes the picture by far more than the frames before it did (an adaptive threshold, as
    in PySceneDetect's AdaptiveDetector but looking back only), so that neither a moving bus nor a
    slow dissolve counts as one.

    Attributes:
        least: mean change below which there is never a cut.
        ratio: how many times the recent change it must be.
        recent: changes of the last frames.
    """

    least: float = 9.0
    ratio: float = 3.0
    histogram: float = 0.12
    recent: deque[float] | None = None
    last: Luma | None = None

    def is_cut(self, luma: Luma) -> bool:
        """Whether the frame with this brightness picture begins a new shot."""
        before, self.last = self.last, luma
        if self.recent is None:
            self.recent = deque(maxlen=8)
        if before is None:
            return False
        if before.shape != luma.shape:
            self.recent.clear()
            return True
        moved = change(before, luma)
        usual = max(float(np.mean(self.recent)), 1.0) if self.recent else None
        cut = moved >= self.least and self._stands_out(moved, usual, before, luma)
        if cut:
            self.recent.clear()
        else:
            self.recent.append(moved)
        return cut

    def _stands_out(self, moved: float, usual: float | None, before: Luma, luma: Luma) -> bool:
        # Movement changes little of the brightness as a whole; a cut between two pictures of one
        # studio hardly more, but then it comes out of stillness
        if usual is not None and moved >= 2 * self.ratio * usual:
            return True
        enough = usual is None or moved >= self.ratio * usual
        return enough and histogram_change(before, luma) > self.histogram
