"""Reads a decoded frame's planes where they lie: brightness and small pictures, nearly for free.

Measured in CPU milliseconds for one H.264 frame (BT.709, limited range), one thread, against the
full conversion scaled by areas; in brackets the standard deviation of the difference, 0..255:

    to              planes, then matrix    swscale with areas    RGB, then cv2 areas
    640 x 360 of  720p    0.4 (0.6)            1.4 (0.9)             1.0
    480 x 270 of  720p    0.9 (0.8)            1.5 (1.0)             4.5
    640 x 360 of 1080p    1.5 (0.7)            1.7 (0.9)             7.4
    640 x 360 of 2160p    3.2 (0.7)            3.9 (0.9)            22.8
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from personae.core.arrays import Doubles, Luma, RgbImage

Plane: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""(H, W) or (H, W, 3), uint8 or uint16."""

KR_KB = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 7: (0.212, 0.087), 9: (0.2627, 0.0593)}
"""Weights of red and blue in brightness by ITU-T H.273 matrix number; all others are BT.601's."""
KR_KB_601 = (0.299, 0.114)
NO_MATRIX = frozenset({0, 8, 11, 12, 13, 14})
"""Matrix numbers that are not of this form (RGB itself, YCgCo, ICtCp ...): left to swscale."""
FULL_RANGE = 2
SHARED_PLANES = ("nv", "p0", "p2", "p4")
"""Beginnings of names of formats that keep both colours in one plane (NV12, P010 ...)."""
ONE = 1
"""Thread of swscale. By itself it starts one for each core and frame, which costs 2.7 ms of CPU at
720p where the conversion takes 0.3, and holds them as long as the frame."""
COARSE_STEPS = 4
"""Samples read for each sample of the coarse picture, along one side."""


@lru_cache(maxsize=64)
def planar_bits(name: str) -> int:
    """Bits a sample of a pixel format that keeps Y, Cb and Cr in planes of their own; else 0."""
    form = av.VideoFormat(name)
    if form.is_rgb or form.is_big_endian or form.has_palette or not form.is_planar:
        return 0
    if len(form.components) < 3 or name.startswith(SHARED_PLANES):
        return 0
    bits = form.components[0].bits
    return bits if 8 <= bits <= 16 else 0


def plane(frame: av.VideoFrame, number: int) -> Plane:
    """A view (rows, columns) of one plane, uint8, or uint16 where samples have more bits."""
    of = frame.planes[number]
    kind = np.uint8 if planar_bits(frame.format.name) == 8 else np.uint16
    samples: Plane = np.frombuffer(memoryview(of), kind)
    rows = samples.reshape(-1, of.line_size // samples.itemsize)
    return rows[: of.height, : of.width]


def coarse_brightness(frame: av.VideoFrame, width: int, height: int) -> Luma:
    """(height, width) uint8: brightness averaged over a few samples of each cell, not all."""
    if not planar_bits(frame.format.name):
        gray = frame.reformat(width, height, "gray", threads=ONE)
        return np.asarray(gray.to_ndarray(), dtype=np.uint8)
    rows = plane(frame, 0)
    across = max(1, rows.shape[1] // (COARSE_STEPS * width))
    down = max(1, rows.shape[0] // (COARSE_STEPS * height))
    few: Plane = np.ascontiguousarray(rows[::down, ::across])
    return np.asarray(
        cv2.resize(_as_bytes(few, frame), (width, height), interpolation=cv2.INTER_AREA), np.uint8
    )


def small_rgb(frame: av.VideoFrame, width: int, height: int) -> RgbImage:
    """(height, width, 3) uint8 RGB of the stored picture, scaled before it is converted."""
    if not planar_bits(frame.format.name) or frame.colorspace in NO_MATRIX:
        small = frame.reformat(width, height, "rgb24", interpolation="AREA", threads=ONE)
        return np.asarray(small.to_ndarray(), dtype=np.uint8)
    scaled = [_as_bytes(shrunk(plane(frame, n), width, height), frame) for n in range(3)]
    full = frame.color_range == FULL_RANGE or frame.format.name.startswith("yuvj")
    matrix = to_rgb_matrix(frame.colorspace, full)
    return np.asarray(cv2.transform(cv2.merge(scaled), matrix), dtype=np.uint8)


@lru_cache(maxsize=32)
def to_rgb_matrix(colorspace: int, full_range: bool) -> Doubles:
    """(3, 4) float64 that takes (Y, Cb, Cr, 1) of 0..255 to RGB (ITU-T H.273, 8.3).

    Args:
        colorspace: matrix number of H.273; unknown ones are BT.601's, as in swscale.
        full_range: brightness is 0..255, not 16..235.
    """
    red, blue = KR_KB.get(9 if colorspace == 10 else colorspace, KR_KB_601)
    green = 1 - red - blue
    y_gain, c_gain, black = (1.0, 2.0, 0.0) if full_range else (255 / 219, 510 / 224, 16.0)
    cr_red, cb_blue = c_gain * (1 - red), c_gain * (1 - blue)
    gains = np.array(
        [
            [y_gain, 0.0, cr_red],
            [y_gain, -cb_blue * blue / green, -cr_red * red / green],
            [y_gain, cb_blue, 0.0],
        ]
    )
    return np.column_stack([gains, -gains @ np.array([black, 128.0, 128.0])])


def shrunk(pixels: Plane, width: int, height: int) -> Plane:
    """``pixels`` (H, W) or (H, W, 3) scaled to ``width`` x ``height``.

    Halved exactly as often as possible, then by lines: halving is OpenCV's only fast area mode
    (3 to 5 times cheaper than its general one), and lines over less than two pixels lose little.
    """
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
        pixels = cv2.resize(  # type: ignore[assignment]
            pixels[: 2 * rows, : 2 * columns], (columns, rows), interpolation=cv2.INTER_AREA
        )
    if pixels.shape[:2] == (height, width):
        return pixels
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _as_bytes(samples: Plane, frame: av.VideoFrame) -> Luma:
    if samples.dtype == np.uint8:
        return np.asarray(samples, dtype=np.uint8)
    return (samples >> (planar_bits(frame.format.name) - 8)).astype(np.uint8)
