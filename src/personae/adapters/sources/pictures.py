"""Pictures that stay as the decoder left them until somebody asks for colours."""

from __future__ import annotations

from dataclasses import dataclass

import av
import cv2
import numpy as np

from personae.adapters.sources.upright import Turn
from personae.core.arrays import Luma, RgbImage

LUMA_SIDE = 80
"""Samples along the longer side of the coarse brightness picture."""
PLANAR_YUV_8 = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How the frames of one stream are shown: their turn and the size they are scaled to.

    Attributes:
        turn: lays the stored picture upright.
        width: columns of the upright picture with square pixels.
        height: rows of it.
    """

    turn: Turn
    width: int
    height: int


class ArrayPicture:
    """A picture that is already upright RGB in memory."""

    __slots__ = ("_rgb",)

    def __init__(self, rgb: RgbImage) -> None:
        self._rgb = rgb

    @property
    def width(self) -> int:
        """Columns."""
        return int(self._rgb.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self._rgb.shape[0])

    def rgb(self) -> RgbImage:
        """(H, W, 3) uint8 RGB; the picture itself, not a copy."""
        return self._rgb

    def rgb_at(self, width: int, height: int) -> RgbImage:
        """(height, width, 3) uint8 RGB."""
        return resized(self._rgb, width, height)

    def luma(self) -> Luma:
        """(h, w) uint8, the longer side about 80 samples."""
        return cv2.cvtColor(self.rgb_at(*luma_size(self.width, self.height)), cv2.COLOR_RGB2GRAY)  # type: ignore[return-value]


class FilmPicture:
    """A decoded video frame; colours are made when asked for and kept with it."""

    __slots__ = ("_frame", "_layout", "_rgb")

    def __init__(self, frame: av.VideoFrame, layout: Layout) -> None:
        self._frame = frame
        self._layout = layout
        self._rgb: RgbImage | None = None

    @property
    def width(self) -> int:
        """Upright columns, square pixels."""
        return self._layout.width

    @property
    def height(self) -> int:
        """Upright rows, square pixels."""
        return self._layout.height

    def rgb(self) -> RgbImage:
        """(H, W, 3) uint8 RGB, upright, square pixels."""
        if self._rgb is None:
            stored = self._frame.to_ndarray(format="rgb24")
            self._rgb = resized(self._layout.turn.applied(stored), self.width, self.height)  # type: ignore[arg-type]
        return self._rgb

    def rgb_at(self, width: int, height: int) -> RgbImage:
        """(height, width, 3) uint8 RGB, scaled by areas."""
        return resized(self.rgb(), width, height)

    def luma(self) -> Luma:
        """(h, w) uint8, upright, the longer side about 80 samples."""
        turn = self._layout.turn
        size = turn.size(*luma_size(self.width, self.height))
        if self._frame.format.name in PLANAR_YUV_8:
            plane = self._frame.planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
            coarse = np.ascontiguousarray(rows[: plane.height : 4, : plane.width : 4])
        else:
            coarse = self._frame.reformat(*size, format="gray").to_ndarray()
        return turn.applied(resized(coarse, *size))


def luma_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the coarse brightness picture of a picture of this size."""
    scale = LUMA_SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def resized(pixels: RgbImage, width: int, height: int) -> RgbImage:
    """``pixels`` scaled to ``width`` x ``height``: areas where it shrinks, lines where it grows."""
    if pixels.shape[1] == width and pixels.shape[0] == height:
        return pixels
    shrinks = pixels.shape[1] >= width and pixels.shape[0] >= height
    return cv2.resize(  # type: ignore[return-value]
        pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
