"""Named rectangles that photo programs draw round faces, and which of them mean the same face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Flags
from personae.core.geometry import iou

LEAST = 0.2
"""Least overlap of two rectangles round one face.

Programs differ in what they take for a face: a rectangle round the whole head, twice as wide and
high as one from brow to chin, still overlaps it by 0.25. digiKam asks for 0.25 of a face that was
confirmed by hand.
"""


@dataclass(frozen=True, slots=True)
class FaceRegion:
    """A rectangle round a face, as metadata has it.

    Attributes:
        box: x1 y1 x2 y2 as shares of the picture's width and height.
        name: who it is, None where nobody said.
        ours: whether Personae wrote the name.
    """

    box: tuple[float, float, float, float]
    name: str | None
    ours: bool = False


def boxes_of(regions: list[FaceRegion]) -> Doubles:
    """(N, 4) float64 x1 y1 x2 y2 as shares of the picture."""
    return np.array([region.box for region in regions], np.float64).reshape(-1, 4)


def same_faces(a: Doubles, b: Doubles) -> list[tuple[int, int]]:
    """Pairs of rows that mean the same face, each row once, the largest overlap first.

    Args:
        a: (N, 4) x1 y1 x2 y2 in any unit.
        b: (M, 4) in the same unit.
    """
    if not len(a) or not len(b):
        return []
    overlap = iou(np.asarray(a, np.float32), np.asarray(b, np.float32))
    overlap[~(_centred(a, b) | _centred(b, a).T)] = 0.0
    pairs: list[tuple[int, int]] = []
    while True:
        row, column = (int(v) for v in np.unravel_index(int(overlap.argmax()), overlap.shape))
        if overlap[row, column] < LEAST:
            return pairs
        pairs.append((row, column))
        overlap[row, :] = 0.0
        overlap[:, column] = 0.0


def _centred(a: Doubles, b: Doubles) -> Flags:
    """(N, M) truth: the centre of each of ``a`` lies in each of ``b``."""
    centre = ((a[:, :2] + a[:, 2:]) / 2)[:, None]
    return np.asarray(((b[None, :, :2] <= centre) & (centre <= b[None, :, 2:])).all(axis=2))
