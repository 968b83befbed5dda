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
        # Linear interpolation skips pixels when it shrinks by more than 2: shrink by area first
        steps = int(1 / scale)
        wider = matrix * steps
        # Pixels are counted from their middles, which move apart by half a step less one pixel
        wider[:, 2] += (steps - 1) / 2
        large = np.asarray(cv2.warpAffine(picture, wider, (size * steps, size * steps)), np.uint8)
        return np.asarray(cv2.resize(large, (size, size), interpolation=cv2.INTER_AREA), np.uint8)

    def jpeg(self, crop: Crop) -> bytes:
        """The crop as a JPEG file's bytes."""
        flags = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
        _, data = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), flags)
        return bytes(data.tobytes())
