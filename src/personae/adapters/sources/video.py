"""Films: exact times, upright pictures, and failures that are never mistaken for the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Self, cast

import av
from av.buffer import Buffer

from personae.adapters.sources.decoding import Decoding
from personae.adapters.sources.opening import VideoOptions
from personae.adapters.sources.pictures import FilmPicture, Layout
from personae.adapters.sources.upright import Turn
from personae.core.errors import SourceError
from personae.core.frame import Frame, FrameTime, SourceInfo


class VideoSource:
    """The frames of one film file, in order of time.

    Times are those of the stream, counted from the first frame. Elementary streams without
    timestamps are counted at the rate that their codec states; ``times_counted`` and
    ``info.name`` then say so. Pictures are upright with square pixels and all of one size.

    Args:
        path: the file; never taken for an address or a pattern.
        threads: decoder threads; 1 decodes in the caller's thread.
        skip_nonref: leave out the frames that no other frame needs, to save time.
        quick: leave frames that are predicted from both sides unsmoothed, to save a tenth.

    Attributes:
        info: what is known of the film.
        times_counted: the stream has no timestamps of its own.
        captured_at: UTC milliseconds at which the film says it was made, None where it does not.
        damaged: packets lost so far in the iteration begun last.

    Raises:
        SourceError: the file is missing, empty, unreadable, or holds no picture.
    """

    def __init__(
        self, path: Path, *, threads: int = 1, skip_nonref: bool = False, quick: bool = False
    ) -> None:
        self._path = path
        self._options = VideoOptions(threads, skip_nonref, quick)
        self._open: list[Decoding] = []
        self._closed = False
        self.damaged = 0
        first = self._begun()
        self._primed: Decoding | None = first
        self._layout = Layout.of(first.first, _turn(first.first), _aspect(first.stream))
        self._base = first.clock.base
        self.times_counted = first.clock.counted
        self.captured_at = _created(first.container.metadata.get("creation_time", ""))
        self.info = self._described(first)

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """Frames from the last one at or before ``start`` seconds on, converted only if asked.

        Frames are numbered from 0 where reading began, which for ``start`` > 0 may be a key frame
        in the middle. Iterations do not disturb each other.

        Raises:
            SourceTruncated: the file ended early; all frames before that were yielded.
            SourceUnreadable: too much of it is damaged; the frames before that were yielded.
            SourceError: the source was closed.
        """
        if self._closed:
            raise SourceError(f"{self._path} was closed")
        return self._read(start)

    def close(self) -> None:
        """Closes the file; iterations that are under way fail from then on."""
        self._closed = True
        for decoding in self._open:
            decoding.close()
        self._open.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _read(self, start: float) -> Iterator[Frame]:
        target = max(0, floor(Fraction(start) / self._base))
        decoding = self._at(target)
        try:
            yield from _from_last_before(target, self._made(decoding))
            self.damaged = decoding.damaged
            decoding.verdict()
        finally:
            decoding.close()
            if decoding in self._open:
                self._open.remove(decoding)

    def _made(self, decoding: Decoding) -> Iterator[Frame]:
        timed = decoding.timed()
        index = -1
        while True:
            if self._closed:
                raise SourceError(f"{self._path} was closed")
            item = next(timed, None)
            if item is None:
                return
            index += 1
            self.damaged = decoding.damaged
            picture = FilmPicture(item[0], self._layout)
            yield Frame(picture, index, FrameTime(item[1], self._base))

    def _at(self, target: int) -> Decoding:
        """A pass that stands at or before ``target``."""
        decoding, self._primed = self._primed or self._begun(), None
        if not decoding.can_jump(target) or decoding.jump(target):
            return decoding
        decoding.close()
        self._open.remove(decoding)
        return self._begun()

    def _begun(self) -> Decoding:
        if self._closed:
            raise SourceError(f"{self._path} was closed")
        decoding = Decoding(self._path, self._options)
        self._open.append(decoding)
        return decoding

    def _described(self, first: Decoding) -> SourceInfo:
        name = self._path.name
        rate = first.stream.average_rate or first.stream.guessed_rate
        if self.times_counted:
            rate = 1 / self._base
            name += f" (no timestamps: counted at {float(rate):g} frames a second)"
        return SourceInfo(
            name=name,
            width=self._layout.width,
            height=self._layout.height,
            base=self._base,
            duration=first.stated,
            fps=float(rate) if rate else None,
            still=False,
            live=False,
        )


def _from_last_before(target: int, frames: Iterator[Frame]) -> Iterator[Frame]:
    """Leaves out the frames before the last one at or before ``target`` units."""
    held: Frame | None = None
    for frame in frames:
        if frame.time.pts < target:
            held = frame
            continue
        if held is not None and frame.time.pts > target:
            yield held
        held = None
        yield frame
        break
    if held is not None:
        yield held
    yield from frames


def _turn(frame: av.VideoFrame) -> Turn:
    matrix = frame.side_data.get("DISPLAYMATRIX")
    return Turn() if matrix is None else Turn.from_matrix(bytes(cast(Buffer, matrix)))


def _aspect(stream: av.VideoStream) -> Fraction | None:
    return stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio


def _created(text: str) -> int | None:
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(made.timestamp() * 1000) if made.tzinfo and made.year > 1970 else None
