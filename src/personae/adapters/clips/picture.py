"""Lays decoded frames upright with square pixels, all of one even size, as yuv420p."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
from av.buffer import Buffer
from av.video.frame import PictureType

from personae.adapters.clips.film import Film

WIDEST_PIXEL = 8
"""A pixel more oblong than this is a damaged header, not an anamorphic film."""
VIDEO_RANGE, FULL_RANGE = 1, 2
BT709, UNSAID = 1, 2
LARGE = 720
"""Rows from which on a film that does not name its colours is taken for BT.709."""
SAME_SHAPE = 0.02
"""Two aspect ratios that differ by less are one: rounding, not another picture."""
FINEST, COARSEST = 1_000_000, 10_000
"""Ticks a second that an MP4's time base may have here."""
FALLBACK = 90_000
SHAPE_IN_USE = tuple[int, int, str, int, int]


@dataclass(frozen=True, slots=True)
class Upright:
    """How a film's stored pictures become what a viewer sees.

    Attributes:
        transpose: rows become columns, before any mirroring.
        flip_x: left and right change places.
        flip_y: top and bottom change places.
        aspect: width of a stored pixel by its height.
    """

    transpose: bool
    flip_x: bool
    flip_y: bool
    aspect: Fraction

    @classmethod
    def of(cls, stream: av.VideoStream, first: av.VideoFrame) -> Upright:
        """As the stream's first frame and header say."""
        aspect = Fraction(
            stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1
        )
        if not Fraction(1, WIDEST_PIXEL) <= aspect <= WIDEST_PIXEL:
            aspect = Fraction(1)
        matrix = first.side_data.get("DISPLAYMATRIX")
        return cls(*_turn(b"" if matrix is None else bytes(cast(Buffer, matrix))), aspect)

    @property
    def filters(self) -> list[str]:
        """Names of the FFmpeg filters that lay the stored picture upright."""
        steps = {"transpose=0": self.transpose, "hflip": self.flip_x, "vflip": self.flip_y}
        return [step for step, wanted in steps.items() if wanted]

    def size(self, frame: av.VideoFrame) -> tuple[int, int]:
        """Width and height upright in square pixels; the short side grows."""
        width, height = frame.width, frame.height
        if self.aspect >= 1:
            width = round(width * self.aspect)
        else:
            height = round(height / self.aspect)
        return (height, width) if self.transpose else (width, height)


@dataclass(frozen=True, slots=True)
class Canvas:
    """One picture that films of many shapes are laid into, with the colours of BT.709.

    Attributes:
        width: columns, even.
        height: rows, even.
    """

    width: int
    height: int


class Shaper:
    """Makes every frame of a film fit one picture.

    Args:
        film: the film; all frames take the shape of its first.
        max_height: rows that the result may have at most; None keeps the film's own.
        canvas: take this shape instead, with bars where the film's is another.

    Attributes:
        width: columns of the result, even.
        height: rows of the result, even.
        rate: nominal frames a second, for the encoder's rate control.
        ticks: time units a second in which the film's times are whole.
    """

    def __init__(
        self, film: Film, max_height: int | None = None, canvas: Canvas | None = None
    ) -> None:
        self.rate, self.ticks = film.rate, ticks_a_second(film.timing.base)
        self._upright = Upright.of(film.stream, film.first)
        width, height = self._upright.size(film.first)
        scale = min(Fraction(1), Fraction(max_height or height, height))
        self.width, self.height = even(width * scale), even(height * scale)
        if max_height and self.height > max_height >= 2:
            self.height -= 2
        self._canvas = canvas
        if canvas is not None:
            self.width, self.height = canvas.width, canvas.height
        self._graph: av.filter.Graph | None = None
        self._shape: SHAPE_IN_USE | None = None

    def shaped(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame as it goes to the encoder, without times."""
        result = frame if self._fits(frame) else self._filtered(frame)
        result.pict_type = PictureType.NONE  # or the encoder would repeat the film's key frames
        return result

    def _fits(self, frame: av.VideoFrame) -> bool:
        return (
            frame.format.name == "yuv420p"
            and frame.color_range != FULL_RANGE
            and not self._upright.filters
            and (frame.width, frame.height) == (self.width, self.height)
            and (self._canvas is None or frame.colorspace == BT709)
        )

    def _filtered(self, frame: av.VideoFrame) -> av.VideoFrame:
        shape = (
            frame.width,
            frame.height,
            frame.format.name,
            int(frame.colorspace),
            int(frame.color_range),
        )
        if self._graph is None or shape != self._shape:
            self._graph, self._shape = self._built(frame, shape), shape
        frame.pts = None
        self._graph.push(frame)
        return cast(av.VideoFrame, self._graph.pull())

    def _built(self, frame: av.VideoFrame, shape: SHAPE_IN_USE) -> av.filter.Graph:
        width, height, form, colorspace, color_range = shape
        source = (
            f"video_size={width}x{height}:pix_fmt={form}:time_base=1/1000:pixel_aspect=1/1"
            f":colorspace={colorspace}:range={color_range}"
        )
        across, down = self._window(frame)
        steps = [
            *self._upright.filters,
            f"scale={across}:{down}:flags=bicubic:out_range=tv{self._colours(frame)}",
            f"pad={self.width}:{self.height}:-1:-1",
            "setsar=1",
            "format=yuv420p",
        ]
        graph = av.filter.Graph()
        chain = [graph.add("buffer", source)]
        for step in steps:
            name, _, arguments = step.partition("=")
            chain.append(graph.add(name, arguments or None))
        chain.append(graph.add("buffersink"))
        graph.link_nodes(*chain).configure()
        return graph

    def _colours(self, frame: av.VideoFrame) -> str:
        """How colours are brought into the canvas; a film that does not say is read as players do.

        Unsaid, small pictures are taken for BT.601 and large ones for BT.709.
        """
        if self._canvas is None:
            return ""
        said = frame.colorspace != UNSAID or not frame.format.name.startswith("yuv")
        large = min(frame.width, frame.height) >= LARGE
        source = "" if said else f":in_color_matrix={'bt709' if large else 'bt601'}"
        return f"{source}:out_color_matrix=bt709"

    def _window(self, frame: av.VideoFrame) -> tuple[int, int]:
        """How much of the result the frame fills: all, unless the film changed its shape."""
        own = self._upright.size(frame)
        across, down = own[0] / self.width, own[1] / self.height
        longest = max(across, down)
        if abs(across - down) <= SAME_SHAPE * longest or min(own) < 16:
            return self.width, self.height
        fitted = even(Fraction(own[0] / longest)), even(Fraction(own[1] / longest))
        return min(self.width, fitted[0]), min(self.height, fitted[1])


def ticks_a_second(base: Fraction) -> int:
    """A time base fine enough for cuts between frames in which the film's times stay whole."""
    unit = base.denominator
    return unit * -(-COARSEST // unit) if unit <= FINEST else FALLBACK


def even(length: Fraction) -> int:
    """The nearest even number of pixels, at least 2: yuv420p shares colours between pairs."""
    return max(2, 2 * int(length / 2 + Fraction(1, 2)))


def _turn(matrix: bytes) -> tuple[bool, bool, bool]:
    """Transposed, then mirrored left-right and top-bottom, from nine native int32.

    A point (p, q) of the stored picture is shown at (a p + c q, b p + d q), with y downwards and
    the matrix stored as a b u c d v x y w (ISO/IEC 14496-12, 6.2.2).
    """
    if len(matrix) < 36:
        return False, False, False
    a, b, _, c, d = struct.unpack("=9i", matrix[:36])[:5]
    if abs(b) + abs(c) > abs(a) + abs(d):
        return True, c < 0, b < 0
    return False, a < 0, d < 0
