"""Cuts an excerpt out of a film, exact to the frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import isinf, isnan
from pathlib import Path

import av

from personae.adapters.clips.encoder import Encoder
from personae.adapters.clips.film import Film, Shown
from personae.adapters.clips.picture import Shaper
from personae.adapters.clips.placing import placed, refuse_unwritable
from personae.adapters.clips.sound import Sound
from personae.core.errors import UsageError

TOLERANCE = Fraction(1, 1000)
"""Moments are kept in milliseconds: a frame that starts this little before the end is not in."""
APPROACH_S = 1
"""How far before the start frames are looked at: further than half a frame of any film."""
SMALLEST_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A clip that was written.

    Attributes:
        path: the file.
        start: seconds in the film at which its first frame appears.
        end: seconds in the film at which its last frame goes.
        frames: how many it has.
    """

    path: Path
    start: float
    end: float
    frames: int


@dataclass(frozen=True, slots=True)
class _Span:
    start: Fraction
    end: Fraction | None
    half_frame: Fraction

    def cut(self, film: Iterator[Shown]) -> Iterator[Shown]:
        """The frames of the span; the last one goes when the span ends."""
        for shown in film:
            if self.end is not None and shown.start >= self.end - TOLERANCE:
                return
            grace = min(self.half_frame, (shown.end - shown.start) / 2)
            if shown.start >= self.start - grace:
                yield Shown(shown.frame, shown.start, self._end_of(shown))

    def _end_of(self, shown: Shown) -> Fraction:
        if self.end is None or shown.end <= self.end + TOLERANCE:
            return shown.end
        return self.end


def write_excerpt(
    source: Path, start: float, end: float, target: Path, *, max_height: int | None = None
) -> Excerpt:
    """Writes the part of a film between two moments as an MP4 (H.264, AAC) that plays anywhere.

    The clip starts with the first frame that appears at ``start`` or later, or up to half a frame
    before, and holds every frame that appears before ``end``, each for as long as in the film;
    the last one goes at ``end`` if it would stay longer. Pictures are upright with square
    pixels, sound is cut to the same span. Nothing else of the film (place, date, names) is
    carried over. ``target`` is replaced, whole, when the clip is complete.

    Args:
        source: the film.
        start: seconds from the film's first frame; less than 0 is 0.
        end: seconds from the film's first frame; later than the film's end is its end.
        target: the MP4 to write.
        max_height: rows of the upright picture at most; a larger film is scaled down.

    Returns:
        What was written.

    Raises:
        UsageError: ``end`` is not after ``start``, no frame appears between them, or ``target``
            cannot be written.
        SourceError: the film is missing or cannot be read.
    """
    _check(start, end, max_height)
    with Film(source) as film:
        refuse_unwritable(target, source)
        begin = Fraction(0) if isinf(start) else max(Fraction(0), Fraction(start))
        span = _Span(begin, None if isinf(end) else Fraction(end), 1 / film.rate / 2)
        frames = span.cut(film.shown(begin - APPROACH_S))
        first = next(frames, None)
        if first is None:
            raise UsageError(f"{source} has no frame that begins between {start} and {end} seconds")
        shaper = Shaper(film, max_height)
        with Sound(film, first.start) as sound:
            try:
                return _write(target, shaper, sound, chain([first], frames))
            except (av.error.FFmpegError, OSError) as error:
                raise UsageError(f"{target} cannot be written: {error}") from error


def _write(target: Path, shaper: Shaper, sound: Sound, frames: Iterator[Shown]) -> Excerpt:
    first = next(frames)
    count, end = 0, first.end
    with placed(target) as path, Encoder(path, shaper, sound) as encoder:
        for shown in chain([first], frames):
            encoder.add(shown.frame, shown.start - first.start, shown.end - first.start)
            count, end = count + 1, shown.end
        encoder.finish()
    return Excerpt(target, float(first.start), float(end), count)


def _check(start: float, end: float, max_height: int | None) -> None:
    if isnan(start) or isnan(end) or end <= max(start, 0.0):
        raise UsageError(f"An excerpt must end after it starts, and after 0: {start} to {end}.")
    if max_height is not None and max_height < SMALLEST_HEIGHT:
        raise UsageError(f"A clip has at least {SMALLEST_HEIGHT} rows: {max_height}.")
