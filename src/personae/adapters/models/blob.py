"""Pictures to the float arrays that networks take: padding, channel order, layout."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from personae.core.arrays import Numbers, RgbImage

STRIDE = 32
"""Both detectors halve their input five times."""


def padded_bgr(pictures: Sequence[RgbImage], fill: int) -> Numbers:
    """(N, 3, H, W) float32 BGR 0..255, padded right and below with ``fill`` to multiples of 32.

    All pictures must be of one size.
    """
    height, width = pictures[0].shape[:2]
    tall, wide = -(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE
    blob = np.empty((len(pictures), 3, tall, wide), np.float32)
    if (tall, wide) != (height, width):
        blob[:, :, height:, :] = fill
        blob[:, :, :, width:] = fill
    for row, picture in enumerate(pictures):
        # Planes first: reading every third byte takes NumPy twice as long as both steps together
        for channel, samples in enumerate(reversed(cv2.split(picture))):
            blob[row, channel, :height, :width] = samples
    return blob


def same_size_batches(pictures: Sequence[RgbImage], limit: int = 8) -> list[list[int]]:
    """Indices of neighbouring pictures that share a size, at most ``limit`` together."""
    batches: list[list[int]] = []
    for index, picture in enumerate(pictures):
        last = batches[-1] if batches else None
        if last and len(last) < limit and pictures[last[0]].shape == picture.shape:
            last.append(index)
        else:
            batches.append([index])
    return batches
