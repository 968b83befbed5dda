"""Which detection continues which track: how near two boxes are, and the best one-to-one choice."""

from __future__ import annotations

import numpy as np

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
    first, second = most_worth(worth)
    rows[right[second]] = left[first]


def most_worth(worth: Doubles) -> tuple[Ids, Ids]:
    """Rows and columns of the one-to-one pairs of greatest total worth; pairs of 0 are no pairs.

    Here and not from scipy.optimize, whose import takes half a second of every worker: a tenth of
    the whole cost of a minute of film. Nearly always nothing is contested and nothing is to solve.

    Args:
        worth: (N, M) what each pair is worth, 0 or more.
    """
    pairs = worth > 0
    if (pairs.sum(0) <= 1).all() and (pairs.sum(1) <= 1).all():
        first, second = np.nonzero(pairs)
        return first, second
    if worth.shape[0] > worth.shape[1]:
        second, first = most_worth(np.ascontiguousarray(worth.T))
        return first, second
    chosen = _shortest_paths(worth.max() - worth)
    first = np.flatnonzero(worth[np.arange(len(worth)), chosen] > 0)
    return first, chosen[first]


def _shortest_paths(cost: Doubles) -> Ids:
    """(N,) the column of each row for the least total cost; N <= M (Jonker and Volgenant 1987)."""
    rows, columns = cost.shape
    # Column 0 of these stands for "none yet"
    of_row, of_column = np.zeros(rows), np.zeros(columns + 1)
    holder = np.full(columns + 1, -1, np.int64)
    for row in range(rows):
        holder[0], at = row, 0
        reach = np.full(columns + 1, np.inf)
        through = np.zeros(columns + 1, np.int64)
        visited = np.zeros(columns + 1, bool)
        while holder[at] >= 0:
            visited[at] = True
            here = cost[holder[at]] - of_row[holder[at]] - of_column[1:]
            shorter = np.flatnonzero(~visited[1:] & (here < reach[1:])) + 1
            reach[shorter], through[shorter] = here[shorter - 1], at
            ahead = int(np.where(visited, np.inf, reach)[1:].argmin()) + 1
            step = reach[ahead]
            of_row[holder[visited]] += step
            of_column[visited] -= step
            reach[~visited] -= step
            at = ahead
        while at:
            holder[at], at = holder[through[at]], int(through[at])
    chosen = np.zeros(rows, np.int64)
    taken = np.flatnonzero(holder[1:] >= 0)
    chosen[holder[1:][taken]] = taken
    return chosen
