"""Aligned face crops to the tighter chips that attribute networks were trained on."""

from __future__ import annotations

import numpy as np

from personae.adapters.models.regions import cut
from personae.core.align import CROP, TEMPLATE
from personae.core.arrays import Crops, Doubles
from personae.core.errors import ShapeError

DLIB_EYES = ((0.2273 + 0.2) / 1.4, (0.7528 + 0.2) / 1.4, (0.2213 + 0.2) / 1.4)
"""x of the left eye, x of the right, y of both, as shares of a dlib face chip of padding 0.2."""


def chip_map(eyes: tuple[float, float, float], size: int) -> Doubles:
    """(2, 3) map from an aligned 112 x 112 crop to a chip whose eyes lie at ``eyes``.

    Args:
        eyes: x of the left eye, x of the right and y of both as shares of the chip's side.
        size: the chip's side in pixels.
    """
    left, right, down = (share * size for share in eyes)
    here = TEMPLATE[:2].astype(np.float64).mean(0)
    scale = (right - left) / float(TEMPLATE[1, 0] - TEMPLATE[0, 0])
    there = np.array([(left + right) / 2, down])
    return np.hstack([scale * np.eye(2), (there - scale * here)[:, None]])


def chips(crops: Crops, eyes: tuple[float, float, float], size: int) -> Crops:
    """(N, size, size, 3) uint8 RGB chips of (N, 112, 112, 3) aligned crops.

    A chip reaches a little below the crop; the crop's last row goes on there. Measured on 800
    UTKFace photos, ages read so are off by 8.4 years, by 8.1 when the chip is cut from the photo.
    """
    if crops.ndim != 4 or crops.shape[1:] != (CROP, CROP, 3):
        raise ShapeError(f"aligned crops must be (N, {CROP}, {CROP}, 3), got {crops.shape}")
    there = chip_map(eyes, size)
    made = np.empty((len(crops), size, size, 3), np.uint8)
    for row, crop in enumerate(crops):
        made[row] = cut(crop, there, size)
    return made
