"""How sure is a rate that was counted? Wilson intervals, and the bootstrap for TAR at FAR."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from personae.core.arrays import Doubles

Range: TypeAlias = tuple[float, float]
"""(low, high) of a 95 % confidence interval."""

_Z95 = 1.959963984540054


def wilson(hits: int, trials: int) -> Range:
    """95 % interval of a proportion (Wilson 1927, JASA 22:209); (0, 1) without trials.

    It takes trials as independent. Pairs that share a photo are not, so over all pairs of a
    folder the truth is wider.
    """
    if trials <= 0:
        return 0.0, 1.0
    share, square = hits / trials, _Z95 * _Z95
    middle = share + square / (2 * trials)
    spread = _Z95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    low, high = (middle - spread) / scale, (middle + spread) / scale
    # Rounding must not push the interval off the rate it belongs to.
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def strict_threshold(impostors: Doubles, rate: float) -> float:
    """The lowest threshold that lets through at most ``rate`` of these impostors.

    A score passes when it is at least the threshold.

    Args:
        impostors: (N,) scores in descending order.
        rate: 0..1.
    """
    # 0.1 * 30 is 3.0000000000000004 or 2.9999999999999996 in other places: meant is 3.
    passing = math.floor(rate * len(impostors) + 1e-9)
    if passing >= len(impostors):
        return -math.inf
    return float(np.nextafter(impostors[passing], np.inf))


def bootstrap_tar(
    genuine: Doubles, impostors: Doubles, far: float, *, rounds: int = 200, seed: int = 0
) -> Range:
    """95 % percentile interval of TAR at FAR, the uncertainty of the threshold included.

    Args:
        genuine: (G,) scores of pairs of one person.
        impostors: (I,) scores of pairs of two people.
        far: false accept rate, 0..1.
        rounds: resamples; each sorts all impostors.
        seed: the same seed gives the same interval.
    """
    random = np.random.default_rng(seed)
    rates = np.empty(rounds)
    for i in range(rounds):
        others = np.sort(random.choice(impostors, len(impostors)))[::-1]
        same = random.choice(genuine, len(genuine))
        rates[i] = np.mean(same >= strict_threshold(others, far))
    low, high = np.percentile(rates, (2.5, 97.5))
    return float(low), float(high)
