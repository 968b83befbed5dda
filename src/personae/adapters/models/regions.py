"""Upright square regions of a picture: where they lie, how they are cut, and the way back."""

from __future__ import annotations

import cv2
import numpy as np

from personae.core.arrays import Crop, Doubles, Numbers, RgbImage


def square(centre: Numbers | Doubles, side: float, angle: float, size: int) -> Doubles:
    """(2, 3) map from picture to crop pixels for a turned square.

    Args:
        centre: (2,) x and y of its middle in the picture.
        side: its length in pixels of the picture.
        angle: radians by which its upper edge falls to the right (y points down).
        size: pixels of the crop's side.
    """
    scale = size / max(float(side), 1e-6)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    shift = size / 2 - turn @ np.asarray(centre, np.float64)
    return np.hstack([turn, shift[:, None]])


def mirrored(matrix: Doubles, size: int) -> Doubles:
    """The map (2, 3) to a crop of ``size`` pixels followed by a flip of left and right."""
    flip = np.array([[-1.0, 0.0], [0.0, 1.0]])
    return np.asarray(flip @ matrix + np.array([[0.0, 0.0, size], [0.0, 0.0, 0.0]]))


def cut(picture: RgbImage, matrix: Doubles, size: int) -> Crop:
    """(size, size, 3) uint8 RGB, what ``matrix`` (2, 3) maps there; edges of the picture go on.

    A region that shrinks a lot is cut larger first and then averaged, so that fine detail does
    not turn into false patterns.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    finer = int(np.clip(np.floor(1 / max(scale, 1e-6)), 1, 8))
    # pixel centres: the crop of a doubled map must not move by half a pixel
    centre = (finer - 1) / 2
    doubled = matrix * finer + np.array([[0.0, 0.0, centre], [0.0, 0.0, centre]])
    crop = cv2.warpAffine(
        picture,
        doubled,
        (size * finer, size * finer),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if finer > 1:
        crop = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(crop, np.uint8)


def back(points: Numbers, matrix: Doubles) -> Numbers:
    """(..., 2) crop pixels to picture pixels, the inverse of ``matrix`` (2, 3)."""
    inverse = np.linalg.inv(matrix[:, :2])
    return np.asarray((points - matrix[:, 2]) @ inverse.T, np.float32)
