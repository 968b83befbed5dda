"""Pictures that stay as the decoder left them until somebody asks for colours."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import cv2
import numpy as np

from personae.adapters.sources.planes import ONE, coarse_brightness, shrunk, small_rgb
from personae.adapters.sources.upright import Turn, square_size
from personae.core.arrays import Luma, RgbImage
from personae.core.errors import SourceUnreadable

LUMA_SIDE = 80
"""Samples along the longer side of the coarse brightness picture."""
SAME_SHAPE = 0.02
"""Two aspect ratios that differ by less are one: rounding, not another picture."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the frames of one stream are shown.

    Attributes:
        turn: lays the stored picture upright.
        aspect: width of a stored pixel by its height, None where unknown.
        width: columns of the upright picture with square pixels.
        height: rows of it.
    """

    turn: Turn
    aspect: Fraction | None
    width: int
    height: int

    @classmethod
    def of(cls, frame: av.VideoFrame, turn: Turn, aspect: Fraction | None) -> Layout:
        """The layout of a stream whose first frame this is."""
        return cls(turn, aspect, *turn.size(*square_size(frame.width, frame.height, aspect)))

    def window(self, frame: av.VideoFrame, width: int, height: int) -> tuple[int, int]:
        """How much of ``width`` x ``height`` the frame fills without being stretched.

        All of it, unless the film changed to another shape after the first frame.
        """
        own = self.turn.size(*square_size(frame.width, frame.height, self.aspect))
        across, down = own[0] / self.width, own[1] / self.height
        if abs(across - down) <= SAME_SHAPE * max(across, down):
            return width, height
        longest = max(across, down)
        return (
            max(1, round(width * across / longest)),
            max(1, round(height * down / longest)),
        )


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
        return np.asarray(shrunk(self._rgb, width, height), dtype=np.uint8)

    def luma(self) -> Luma:
        """(h, w) uint8, the longer side about 80 samples."""
        small = self.rgb_at(*luma_size(self.width, self.height))
        return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


class FilmPicture:
    """A decoded video frame; colours are made when asked for and kept with it."""

    __slots__ = ("_frame", "_layout", "_luma", "_rgb")

    def __init__(self, frame: av.VideoFrame, layout: Layout) -> None:
        self._frame = frame
        self._layout = layout
        self._rgb: RgbImage | None = None
        self._luma: Luma | None = None

    @property
    def width(self) -> int:
        """Upright columns, square pixels; the same for all pictures of a film."""
        return self._layout.width

    @property
    def height(self) -> int:
        """Upright rows, square pixels."""
        return self._layout.height

    def rgb(self) -> RgbImage:
        """(H, W, 3) uint8 RGB, upright, square pixels.

        swscale makes the colours: it knows every format, matrix and range, and its fast path
        takes 0.5-0.7 ms of CPU at 720p where OpenCV takes 0.7-0.8 and knows BT.601 only (mean
        difference 1.1 of 255 on a BT.709 film).

        Raises:
            SourceUnreadable: the frame cannot be converted.
        """
        if self._rgb is None:
            try:
                pixels = self._frame.to_ndarray(format="rgb24", threads=ONE)
                stored = np.asarray(pixels, dtype=np.uint8)
            except (av.error.FFmpegError, ValueError, MemoryError) as error:
                raise SourceUnreadable(f"a frame has no colours: {error}") from error
            window = self._layout.window(self._frame, self.width, self.height)
            upright = shrunk(self._layout.turn.applied(stored), *window)
            self._rgb = centred(np.asarray(upright, np.uint8), self.width, self.height)
        return self._rgb

    def rgb_at(self, width: int, height: int) -> RgbImage:
        """(height, width, 3) uint8 RGB, upright; the same whether or not rgb() was called before.

        Scaling the planes first is never dearer than scaling a full picture that is there.

        Raises:
            SourceUnreadable: the frame cannot be converted.
        """
        if (width, height) == (self.width, self.height):
            return self.rgb()
        turn = self._layout.turn
        window = self._layout.window(self._frame, width, height)
        try:
            small = small_rgb(self._frame, *turn.size(*window))
        except (av.error.FFmpegError, ValueError, MemoryError) as error:
            raise SourceUnreadable(f"a frame cannot be scaled: {error}") from error
        return centred(turn.applied(small), width, height)

    def luma(self) -> Luma:
        """(h, w) uint8, upright, the longer side about 80 samples."""
        if self._luma is None:
            turn = self._layout.turn
            size = luma_size(self.width, self.height)
            self._luma = turn.applied(coarse_brightness(self._frame, *turn.size(*size)))
        return self._luma


def luma_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the coarse brightness picture of a picture of this size."""
    scale = LUMA_SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def centred(pixels: RgbImage, width: int, height: int) -> RgbImage:
    """``pixels`` in the middle of a black ``width`` x ``height``; itself where it fills it."""
    rows, columns = pixels.shape[:2]
    if (columns, rows) == (width, height):
        return pixels
    whole = np.zeros((height, width, 3), np.uint8)
    top, left = (height - rows) // 2, (width - columns) // 2
    whole[top : top + rows, left : left + columns] = pixels
    return whole
