"""Which detection continues which track: how near two boxes are, and the best one-to-one choice."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from personae.core.arrays import Boxes, Doubles, Ids, Numbers

FORBIDDEN = -1.0
"""Likeness of a pair that may never be joined."""


def nearness(tracks: Boxes, seen: Boxes, margin: Doubles, ratio: float) -> Numbers:
    """(N, M) overlap of boxes after growing both, 0..1; FORBIDDEN where the sizes do not fit.

    Boxes that move by more than their width between two frames do not overlap at all, and plain
    IoU cannot tell a near miss from a far one. Growing both keeps a slope (buffered IoU, Yang et
    al., "Hard to Track Objects with Irregular Motions and Similar Appearances?", WACV 2023).

    Args:
        tracks: (N, 4) predicted boxes.
        seen: (M, 4) detected boxes.
        margin: (N,) how much of their own sides is added on every edge.
        ratio: the most that heights may differ by.
    """
    add = margin[:, None, None].astype(np.float32)
    sides, others = _sides(tracks)[:, None], _sides(seen)[None, :]
    first, second = tracks[:, None], seen[None, :]
    low = np.maximum(first[..., :2] - add * sides, second[..., :2] - add * others)
    high = np.minimum(first[..., 2:] + add * sides, second[..., 2:] + add * others)
    shared = np.maximum(high - low, 0).prod(2)
    growth = (1 + 2 * add[..., 0]) ** 2
    near = shared / (growth * (sides.prod(2) + others.prod(2)) - shared)
    misfit = np.maximum(sides / others, others / sides)[..., 1]
    near[misfit > ratio] = FORBIDDEN
    return np.asarray(near, np.float32)


def _sides(boxes: Boxes) -> Numbers:
    """(N, 2) widths and heights, at least a pixel."""
    return np.asarray(np.maximum(boxes[:, 2:] - boxes[:, :2], 1.0), np.float32)


def best_pairs(likeness: Numbers, least: float) -> tuple[Ids, Ids]:
    """One-to-one pairs of rows and columns with the greatest total, none below ``least``."""
    if not likeness.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    # Pairs below the bar are worth nothing, so that they cannot push good ones aside
    worth = np.where(likeness >= least, likeness - least + 1e-3, 0.0)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    good = likeness[rows, columns] >= least
    return rows[good].astype(np.int64), columns[good].astype(np.int64)
