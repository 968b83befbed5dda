"""The best and most different views of somebody: few vectors that say as much as many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from personae.core.arrays import Doubles, Vector, Vectors
from personae.core.embedding import unit

WHOLLY = 0.3
"""Cosine distance from which on a view counts as wholly different. Two photographs of one man are
0.2 to 0.3 apart; a blur of ten pixels moves one by 0.6, a mistaken person by 1. Without an end, the
most different views would be the worst."""
WEIGHT = 4
"""Power of quality in a view's worth: qualities differ by tenths where distances differ by times
(that very blur has 0.77 against 0.98)."""


def best_and_different(
    vectors: Vectors, qualities: Doubles, most: int, first: Sequence[int] = ()
) -> list[int]:
    """Rows to keep, greedily: the best, then each time the largest worth: quality and distance.

    The distance is that to the nearest row chosen so far (farthest-point selection after Gonzalez
    1985, weighted). What was not chosen can go without changing what is chosen among the rest.

    Args:
        vectors: (N, D) unit rows.
        qualities: (N,) larger is better.
        most: rows to choose, those in ``first`` included.
        first: rows that are kept in any case.
    """
    chosen = list(first)
    near = np.full(len(vectors), WHOLLY)
    for row in chosen:
        near = np.minimum(near, 1.0 - vectors @ vectors[row])
    while len(chosen) < min(most, len(vectors)):
        # Twins of what is chosen are worth next to nothing, but the better twin is worth more
        worth = qualities**WEIGHT * (np.maximum(near, 0.0) + 1e-6)
        worth[chosen] = -np.inf
        row = int(worth.argmax())
        chosen.append(row)
        near = np.minimum(near, 1.0 - vectors @ vectors[row])
    return chosen


def mean_of(vectors: Vectors, weights: Doubles) -> Vector:
    """(D,) unit mean of (N, D) rows by their weights (N,)."""
    return unit((vectors * weights[:, None]).sum(0))
