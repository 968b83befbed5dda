"""One-to-one assignment with the greatest total score, the step that most metrics share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from personae.core.arrays import Doubles, Ids

Assigned: TypeAlias = tuple[Ids, Ids]
"""(rows, columns), both (K,): row ``rows[i]`` goes with column ``columns[i]``."""


def assign(scores: Doubles) -> Assigned:
    """The one-to-one pairs with the greatest total; min(N, M) of them, zeros included.

    Args:
        scores: (N, M), higher is better.
    """
    # scipy.optimize takes a good part of a second to import; commands that measure nothing
    # must not wait for it.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)


def assign_above(scores: Doubles, least: float) -> Assigned:
    """As many pairs with a score of at least ``least`` as possible; among those the best total.

    Args:
        scores: (N, M), 0..1, higher is better.
        least: pairs below this are never made; above 0.
    """
    allowed = scores >= least
    # One more pair always outweighs any sum of scores, each of which is at most 1.
    weight = np.where(allowed, 1.0 + min(scores.shape, default=0) + scores, 0.0)
    rows, columns = assign(weight)
    made = allowed[rows, columns]
    return rows[made], columns[made]
