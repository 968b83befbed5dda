"""Crops through OpenCV: warped upright out of a picture, and as JPEG bytes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from personae.core.arrays import Crop, Crops, Doubles, RgbImage

QUALITY = 90


class OpenCvCutter:
    """Fits the Cutter socket."""

    def cut(self, picture: RgbImage, maps: Sequence[Doubles], size: int) -> Crops:
        """(N, size, size, 3) RGB; each (2, 3) map takes picture pixels to crop pixels."""
        crops = np.empty((len(maps), size, size, 3), np.uint8)
        for row, matrix in enumerate(maps):
            crops[row] = self._cut(picture, matrix, size)
        return crops

    def _cut(self, picture: RgbImage, matrix: Doubles, size: int) -> Crop:
        scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
        if scale >= 0.5:
            return np.asarray(
                cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR), np.uint8
            )
        # Linear interpolation skips pixels when it shrinks by more than 2: shrink by area first,
        # whole pixels at a time and only what the crop shows
        steps = int(1 / scale)
        corners = np.array([[0, 0, 1], [size, 0, 1], [0, size, 1], [size, size, 1]], np.float64)
        seen = corners @ cv2.invertAffineTransform(matrix).T
        left, top = np.maximum(np.floor(seen.min(0)).astype(int) - steps, 0).tolist()
        right, bottom = (np.ceil(seen.max(0)).astype(int) + steps).tolist()
        part = picture[top : max(bottom, 0), left : max(right, 0)]
        rows, columns = part.shape[0] // steps, part.shape[1] // steps
        if not rows or not columns:
            return np.zeros((size, size, 3), np.uint8)
        part = part[: rows * steps, : columns * steps]
        small = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
        # Pixels are counted from their middles, which move apart by half a step less one pixel
        first = np.array([left, top]) + (steps - 1) / 2
        onto = np.column_stack([matrix[:, :2] * steps, matrix[:, :2] @ first + matrix[:, 2]])
        return np.asarray(cv2.warpAffine(small, onto, (size, size)), np.uint8)

    def jpeg(self, crop: Crop) -> bytes:
        """The crop as a JPEG file's bytes."""
        flags = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        _, data = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), flags)
        return bytes(data.tobytes())
