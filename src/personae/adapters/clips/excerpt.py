"""Cuts an excerpt out of a film, exact to the frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import av

from personae.adapters.clips.copy_plan import planned
from personae.adapters.clips.copying import NotCopied, write_copy
from personae.adapters.clips.encoder import Encoder
from personae.adapters.clips.film import Film, Shown
from personae.adapters.clips.picture import Shaper
from personae.adapters.clips.placing import placed, refuse_unwritable
from personae.adapters.clips.sound import Sound
from personae.adapters.clips.span import Span, check_moments
from personae.core.errors import UsageError

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
        frames: how many it shows.
        copied: its picture is the film's own, bit by bit, not encoded again.
    """

    path: Path
    start: float
    end: float
    frames: int
    copied: bool = False


def cut_excerpt(
    source: Path,
    start: float,
    end: float,
    target: Path,
    *,
    max_height: int | None = None,
    reencode: bool = False,
) -> Excerpt:
    """Writes the part of a film between two moments as an MP4, as it is stored wherever possible.

    H.264 and HEVC from MP4, MOV and Matroska are copied: nothing is lost and it takes no longer
    than copying a file. The clip then also holds, hidden, the frames since the last one at which
    decoding can begin, which may be some seconds before ``start``; whoever must not get those
    wants ``reencode``. Everything else is encoded anew, as `write_excerpt` does.

    Args:
        source: the film.
        start: seconds from the film's first frame; less than 0 is 0.
        end: seconds from the film's first frame; later than the film's end is its end.
        target: the MP4 to write.
        max_height: rows of the upright picture at most; asks for encoding.
        reencode: encode always.

    Returns:
        What was written, and whether it was copied. The frames are those of `write_excerpt`.

    Raises:
        UsageError: ``end`` is not after ``start``, no frame appears between them, or ``target``
            cannot be written.
        SourceError: the film is missing or cannot be read.
    """
    check_moments(start, end)
    if not reencode and max_height is None:
        copied = _copied(source, start, end, target)
        if copied is not None:
            return copied
    return write_excerpt(source, start, end, target, max_height=max_height)


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
    check_moments(start, end)
    if max_height is not None and max_height < SMALLEST_HEIGHT:
        raise UsageError(f"A clip has at least {SMALLEST_HEIGHT} rows: {max_height}.")
    with Film(source) as film:
        refuse_unwritable(target, source)
        span = Span.of(film, start, end)
        frames = span.cut(film.shown(span.start - APPROACH_S))
        first = next(frames, None)
        if first is None:
            raise UsageError(f"{source} has no frame that begins between {start} and {end} seconds")
        shaper = Shaper(film, max_height)
        with Sound(film, first.start) as sound:
            try:
                return _write(target, shaper, sound, chain([first], frames))
            except (av.error.FFmpegError, OSError) as error:
                raise UsageError(f"{target} cannot be written: {error}") from error


def _copied(source: Path, start: float, end: float, target: Path) -> Excerpt | None:
    """The excerpt copied, None where it has to be encoded."""
    with Film(source) as film:
        refuse_unwritable(target, source)
        plan = planned(film, Span.of(film, start, end))
        if plan is None:
            return None
        try:
            write_copy(film, plan, target)
        except NotCopied:
            return None
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error}") from error
    return Excerpt(target, float(plan.start), float(plan.end), len(plan.shown), copied=True)


def _write(target: Path, shaper: Shaper, sound: Sound, frames: Iterator[Shown]) -> Excerpt:
    first = next(frames)
    count, end = 0, first.end
    with placed(target) as path, Encoder(path, shaper, sound) as encoder:
        for shown in chain([first], frames):
            encoder.add(shown.frame, shown.start - first.start, shown.end - first.start)
            count, end = count + 1, shown.end
        encoder.finish()
    return Excerpt(target, float(first.start), float(end), count)
