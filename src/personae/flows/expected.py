"""How many people a followed box stands for: false ones taken off, missed ones added.

A detector of people finds some that are none and misses many that are small or hidden. Horvitz and
Thompson, "A Generalization of Sampling Without Replacement" (1952): a sum in which each thing found
is divided by its chance of being found expects the true number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Flags

LARGE = 48.0
"""Height in pixels of the picture that was searched, from which people are found much better."""
STEADY, CERTAIN = 96.0, 192.0
"""Up to the first height the measured recall holds, from the second nobody is taken as missed."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a followed box means.

    Attributes:
        offset: log odds that a box with score 0 is a person.
        slope: by how much they grow up to score 1.
        small: share of people lower than ``LARGE`` that are found, 0..1.
        large: share of higher ones.
        source: what it was measured on.
    """

    offset: float
    slope: float
    small: float
    large: float
    source: str

    def true(self, scores: Doubles | float) -> Doubles:
        """Probability that a box whose track has this best score is a person."""
        odds = self.offset + self.slope * np.asarray(scores, np.float64)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float64)

    def found(self, heights: Doubles) -> Doubles:
        """Probability that a person of this height, in pixels as searched, is found."""
        known = np.where(heights < LARGE, self.small, self.large)
        sure = np.clip((heights - STEADY) / (CERTAIN - STEADY), 0, 1)
        return np.asarray(known + (1 - known) * sure, np.float64)

    def people(self, scores: Doubles | float, heights: Doubles) -> Doubles:
        """Expected number of people that each box stands for."""
        return np.asarray(self.true(scores) / self.found(heights), np.float64)


FOR_CROWDS = Expectation(-4.568, 7.862, 0.323, 0.745, "MOT17-13, frames 1 to 375")
"""For NanoDet-g as ``ObserveSettings.crowd`` uses it."""


def fit(scores: Doubles, true: Flags, heights: Doubles, found: Flags, source: str) -> Expectation:
    """Learns it from boxes and people that were compared with the truth.

    Args:
        scores: (N,) best score of each box's track.
        true: (N,) whether the box is a person.
        heights: (M,) of the true people, pixels as searched.
        found: (M,) whether a box lies on them.
        source: what they come from.
    """
    offset, slope = _logistic(scores, true.astype(np.float64))
    low = heights < LARGE
    return Expectation(offset, slope, _share(found[low]), _share(found[~low]), source)


def _share(found: Flags) -> float:
    """With one success and one failure added: never 0, which nothing can be divided by."""
    return float((found.sum() + 1) / (len(found) + 2))


def _logistic(values: Doubles, true: Doubles) -> tuple[float, float]:
    """Newton's method, with a faint pull to 0 that keeps it finite where all are alike."""
    table = np.stack([np.ones_like(values), values], 1)
    pull = np.diag([1e-6, 1e-3])
    weights = np.zeros(2)
    for _ in range(50):
        guess = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (guess - true) + pull @ weights
        bend = (table * (guess * (1 - guess))[:, None]).T @ table + pull
        change = np.linalg.solve(bend, slope)
        weights -= np.clip(change, -5, 5)
        if np.abs(change).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])
