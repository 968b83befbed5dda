"""A frame of a film, photo or camera with its exact time, and what is known of its source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from personae.core.arrays import Luma, RgbImage


class Picture(Protocol):
    """The pixels of one frame, converted only when somebody asks for them.

    Most decoded frames are never looked at in colour; converting them all costs half as much as
    decoding them. A source therefore hands out pictures, not arrays.
    """

    @property
    def width(self) -> int:
        """Upright width in square pixels."""
        ...

    @property
    def height(self) -> int:
        """Upright height in square pixels."""
        ...

    def rgb(self) -> RgbImage:
        """The whole picture, upright, square pixels, RGB."""
        ...

    def rgb_at(self, width: int, height: int) -> RgbImage:
        """The picture scaled to exactly ``width`` x ``height``, RGB."""
        ...

    def luma(self) -> Luma:
        """A coarse brightness picture of about 80 x 45 samples, cheap enough for every frame."""
        ...


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When a frame is shown: an integer in units of ``base`` seconds, counted from the first frame.

    Attributes:
        pts: presentation time; the source has already taken off the first frame's.
        base: length of one unit in seconds.
        wall: milliseconds since 1970 (UTC) for cameras, None for files.
    """

    pts: int
    base: Fraction
    wall: int | None = None

    @property
    def seconds(self) -> float:
        """Seconds from the first frame, for the edge of the program only."""
        return float(self.pts * self.base)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture at one time; ``index`` counts decoded frames from 0."""

    picture: Picture
    index: int
    time: FrameTime


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source when it is opened.

    Attributes:
        name: for people to read.
        width: upright width in square pixels.
        height: upright height in square pixels.
        base: the length of one time unit in seconds.
        duration: seconds, None where the container does not say or it has no end.
        fps: average frames per second, None where unknown; never used to compute times.
        still: it is one picture.
        live: it is a camera.
        captured_at: when it was taken, in milliseconds since 1970 (UTC), None where not said.
    """

    name: str
    width: int
    height: int
    base: Fraction
    duration: float | None
    fps: float | None
    still: bool
    live: bool
    captured_at: int | None = None
