"""Which detection continues which track: how near two boxes are, and the best one-to-one choice."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from personae.core.arrays import Boxes, Doubles, Flags, Ids, Numbers

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


def join_best(rows: Ids, near: Numbers, tracks: Flags, seen: Flags, least: float) -> None:
    """Joins free tracks and free detections one to one for the greatest total nearness.

    Args:
        rows: (M,) the track of each detection, -1 while free; the new pairs are written to it.
        near: (N, M) nearness of tracks and detections.
        tracks: (N,) tracks that may be joined; those in ``rows`` already are left out.
        seen: (M,) detections that may be joined; those with a track already are left out.
        least: no pair below is joined.
    """
    free = tracks.copy()
    free[rows[rows >= 0]] = False
    left, right = np.flatnonzero(free), np.flatnonzero(seen & (rows < 0))
    if not left.size or not right.size:
        return
    part = near[np.ix_(left, right)]
    # Pairs below the bar are worth nothing, so that they cannot push good ones aside
    worth = np.where(part >= least, part - least + 1e-3, 0.0)
    first, second = linear_sum_assignment(worth, maximize=True)
    good = part[first, second] >= least
    rows[right[second[good]]] = left[first[good]]
