"""Films: exact times, upright pictures, and failures that are never mistaken for the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self, cast

from av.buffer import Buffer

from personae.adapters.sources.decoding import Decoding, VideoOptions
from personae.adapters.sources.pictures import FilmPicture, Layout
from personae.adapters.sources.upright import Turn, square_size
from personae.core.errors import SourceError
from personae.core.frame import Frame, FrameTime, SourceInfo


class VideoSource:
    """The frames of one film file, in order of time.

    Times are those of the stream, counted from the first frame. Elementary streams without
    timestamps are counted at the rate that their codec states; ``info.name`` then says so.

    Args:
        path: the file; never taken for an address or a pattern.
        threads: decoder threads.
        skip_nonref: leave out the frames that no other frame needs, to save time.

    Raises:
        SourceError: the file is missing, empty, unreadable, or holds no picture.
    """

    def __init__(self, path: Path, *, threads: int = 1, skip_nonref: bool = False) -> None:
        self._path = path
        self._options = VideoOptions(threads, skip_nonref)
        self._closed = False
        self._open: list[Decoding] = []
        first = self._decoding()
        self._primed: Decoding | None = first
        self._layout = _layout(first)
        self._clock = first.clock
        self.damaged = 0
        self.info = self._describe(first)

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """Frames from the last one at or before ``start`` seconds on.

        Raises:
            SourceTruncated: the file ended early; all frames before that were yielded.
            SourceUnreadable: too much of it is damaged.
        """
        if self._closed:
            raise SourceError(f"{self._path} was closed")
        decoding = self._primed or self._decoding()
        self._primed = None
        self.damaged = 0
        return self._read(decoding, start)

    def _read(self, decoding: Decoding, start: float) -> Iterator[Frame]:
        held: Frame | None = None
        for index, (frame, pts) in enumerate(decoding.timed()):
            self.damaged = decoding.damaged
            time = FrameTime(pts, self.info.base)
            made = Frame(FilmPicture(frame, self._layout), index, time)
            if time.seconds <= start:
                held = made
                continue
            if held is not None:
                yield held
                held = None
            yield made
        if held is not None:
            yield held
        self.damaged = decoding.damaged
        try:
            decoding.verdict()
        finally:
            decoding.close()
            self._open.remove(decoding)

    def _decoding(self) -> Decoding:
        decoding = Decoding(self._path, self._options)
        self._open.append(decoding)
        return decoding

    def _describe(self, first: Decoding) -> SourceInfo:
        rate = first.stream.average_rate or first.stream.guessed_rate
        name = self._path.name
        if self._clock.counted:
            name += f" (no timestamps: counted at {float(1 / self._clock.base):g} frames a second)"
        return SourceInfo(
            name=name,
            width=self._layout.width,
            height=self._layout.height,
            base=self._clock.base,
            duration=first.stated_duration(),
            fps=float(rate) if rate else None,
            still=False,
            live=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; iterators still in use fail from then on."""
        self._closed = True
        for decoding in self._open:
            decoding.close()
        self._open.clear()


def _layout(first: Decoding) -> Layout:
    frame = first.first
    matrix = frame.side_data.get("DISPLAYMATRIX")
    turn = Turn.from_matrix(bytes(cast(Buffer, matrix))) if matrix is not None else Turn()
    size = square_size(frame.width, frame.height, first.stream.sample_aspect_ratio)
    return Layout(turn, *turn.size(*size))
