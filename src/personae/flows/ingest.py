"""One file from start to end, in segments that are kept as they are done; safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from personae.core.errors import SourceError, SourceNoPicture
from personae.core.frame import Frame, SourceInfo
from personae.core.records import Run
from personae.flows.observe import Observer, Parts
from personae.flows.prefetch import depth_for, prefetched
from personae.flows.settings import ObserveSettings
from personae.ports import FrameSource, RunStore

Progress = Callable[[float, int], None]
"""Called often with the share that is done (0..1) and the frames decoded so far."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file.

    Attributes:
        counts: of the whole run, resumed parts included.
        damage: why the file could not be read to its end, None if it could.
    """

    counts: dict[str, int]
    damage: SourceError | None


def ingest(
    source: FrameSource,
    run: Run,
    runs: RunStore,
    parts: Parts,
    settings: ObserveSettings,
    progress: Progress = lambda share, frames: None,
) -> Ingested:
    """Analyses a source and shows the result in the library.

    A source that breaks off keeps what came before; one that gives nothing raises and leaves
    nothing behind.

    Raises:
        SourceError: no picture could be read at all.
    """
    walk = _Walk(source.info, run, runs, parts, settings)
    damage: SourceError | None = None
    begin = float(run.segments * walk.length)
    try:
        ahead = depth_for(source.info.width, source.info.height)
        with prefetched(source.frames(begin), ahead) as frames:
            walk.through(frames, progress)
    except SourceError as error:
        damage = error
    # What an earlier attempt kept is a result, also where this one could read nothing
    if not walk.saw and not run.segments:
        runs.discard(run.id)
        raise damage or SourceNoPicture(f"{source.info.name} holds no picture")
    end = walk.finish()
    return Ingested(runs.finish(run.id, end, settings.shots), damage)


class _Walk:
    """Cuts the stream of frames into segments."""

    def __init__(
        self,
        info: SourceInfo,
        run: Run,
        runs: RunStore,
        parts: Parts,
        settings: ObserveSettings,
    ) -> None:
        self._info = info
        self._run = run
        self._runs = runs
        self._parts = parts
        self._settings = settings
        self.length = Fraction(settings.segment_s).limit_denominator(1000)
        self._number = run.segments - 1
        self._observer: Observer | None = None
        self._last: Frame | None = None
        self._gap = 0
        self.saw = False

    def through(self, frames: Iterator[Frame], progress: Progress) -> None:
        """Feeds every frame to the segment it lies in."""
        start = self._run.segments * self.length
        count = 0
        for frame in frames:
            self.saw = True
            if self._last is not None:
                self._gap = frame.time.pts - self._last.time.pts
            self._last = frame
            # A resumed source begins with the frame before the place
            if frame.time.pts * self._info.base < start:
                continue
            self._place(frame)
            count += 1
            progress(self._share(frame), count)

    def finish(self) -> int | None:
        """Keeps the last segment; the end of the film in PTS, None where nothing was read."""
        if self._last is None:
            return None
        end = self._last.time.pts + self._frame_length()
        if self._observer is not None:
            self._runs.keep(self._run.id, self._observer.end(end))
            self._observer = None
        return 0 if self._info.still else end

    def _place(self, frame: Frame) -> None:
        number = int(frame.time.pts * self._info.base // self.length)
        if self._observer is not None and number > self._number:
            boundary = not self._observer.is_cut_to(frame)
            self._runs.keep(self._run.id, self._observer.end(frame.time.pts, boundary))
            self._observer = None
        if self._observer is None:
            # Segments without any frame (a gap in the times) are passed over
            self._number = number
            self._observer = Observer(self._info, self._parts, self._settings, number)
        self._observer.feed(frame)

    def _frame_length(self) -> int:
        """Average frame length, so that a resumed film ends where an undisturbed one does."""
        if self._info.fps:
            return max(round(1 / (Fraction(self._info.fps) * self._info.base)), 1)
        return max(self._gap, 1)

    def _share(self, frame: Frame) -> float:
        if not self._info.duration:
            return 0.0
        return min(frame.time.seconds / self._info.duration, 1.0)
