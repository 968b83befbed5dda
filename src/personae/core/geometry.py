"""Boxes: overlap, growth, clipping and the thinning of duplicates."""

from __future__ import annotations

import numpy as np

from personae.core.arrays import Boxes, Ids, Numbers, Scores


def area(boxes: Boxes) -> Numbers:
    """(N,) areas in square pixels of (N, 4) boxes; inverted boxes have none."""
    sides = np.maximum(boxes[..., 2:] - boxes[..., :2], 0)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)


def intersection(a: Boxes, b: Boxes) -> Numbers:
    """(N, M) shared areas of (N, 4) and (M, 4) boxes."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(high - low, 0)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)


def iou(a: Boxes, b: Boxes) -> Numbers:
    """(N, M) intersection over union, 0..1."""
    shared = intersection(a, b)
    union = area(a)[:, None] + area(b)[None, :] - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)


def inside(a: Boxes, b: Boxes) -> Numbers:
    """(N, M) share of each box of ``a`` that lies within each box of ``b``, 0..1."""
    return np.asarray(intersection(a, b) / np.maximum(area(a)[:, None], 1e-9), np.float32)


def thin(boxes: Boxes, scores: Scores, overlap: float) -> Ids:
    """Greedy non-maximum suppression: rows to keep, best score first."""
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best = int(order[0])
        kept.append(best)
        rest = order[1:]
        order = rest[iou(boxes[best : best + 1], boxes[rest])[0] <= overlap]
    return np.array(kept, np.int64)


def clip(boxes: Boxes, width: int, height: int) -> Boxes:
    """Boxes cut to the picture."""
    limits = np.array([width, height, width, height], np.float32)
    return np.asarray(np.clip(boxes, 0, limits), np.float32)


def grow(box: Boxes, factor: float) -> Boxes:
    """(4,) the box made ``factor`` times as wide and high about its centre."""
    centre = (box[:2] + box[2:]) / 2
    half = (box[2:] - box[:2]) / 2 * factor
    return np.concatenate([centre - half, centre + half]).astype(np.float32)
