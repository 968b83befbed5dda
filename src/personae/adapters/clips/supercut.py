"""Joins pieces of many films into one that plays from end to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av

from personae.adapters.clips.card import card
from personae.adapters.clips.excerpt import APPROACH_S, SMALLEST_HEIGHT
from personae.adapters.clips.film import Film
from personae.adapters.clips.picture import Canvas, Shaper, even
from personae.adapters.clips.placing import placed, refuse_unwritable
from personae.adapters.clips.reel import FORMS, SOUND_RATE, Reel, ReelShape
from personae.adapters.clips.sound import Sound
from personae.adapters.clips.span import Span, check_moments
from personae.core.errors import SourceError, SourceTruncated, UsageError

CARD_S = Fraction(3, 2)
"""How long a card stays."""
LARGEST_HEIGHT = 4320
USUAL_RATES = tuple(
    rate
    for whole in (24, 25, 30, 48, 50, 60, 120)
    for rate in (Fraction(whole), Fraction(whole * 1000, 1001))
)
MISSED = Fraction(1, 200)
"""A last frame that stays a little longer makes an average miss its rate by so much."""

Watch = Callable[[float, float], None]
"""Is told seconds that are done, and seconds there are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a film, in seconds from its first frame."""

    path: Path
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a supercut looks.

    Attributes:
        height: rows; None takes the largest film's.
        rate: frames a second; None takes the first film's.
        cards: a card with the film's name and the time before each piece.
    """

    height: int | None = None
    rate: Fraction | None = None
    cards: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Where a piece lies in the supercut, in seconds; its card comes before."""

    piece: Piece
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Supercut:
    """What was written.

    Attributes:
        path: the file.
        seconds: how long it is, cards included.
        parts: its pieces, in order.
        failed: films that could not be read, with why; their pieces are not there, or not whole.
    """

    path: Path
    seconds: float
    parts: list[Part] = field(default_factory=list)
    failed: dict[Path, SourceError] = field(default_factory=dict)


def write_supercut(
    pieces: Sequence[Piece],
    target: Path,
    look: Look | None = None,
    watch: Watch = lambda done, total: None,
) -> Supercut:
    """Writes pieces one after the other: H.264 of one size at an even rate, AAC stereo at 48 kHz.

    Each piece holds the frames that `write_excerpt` would, and lasts as long as they do, to the
    nearest frame; roundings do not add up. Pictures are upright, with bars where a film has
    another shape. Sound is as loud as in the film (mono spreads over both sides at the same
    power); what has none is silent. ``target`` is replaced when everything is written; until then,
    and after an error or an interruption, nothing is left of it.

    Args:
        pieces: in the order in which they are to be seen.
        target: an MP4, MOV or MKV to write, by its name.
        look: size, rate, cards.
        watch: is told how far it is.

    Raises:
        UsageError: there is no piece, or the target cannot be written.
        SourceError: none of the films can be read.
    """
    look = look or Look()
    _check(pieces, target, look)
    shape, failed = _survey(pieces, look)
    done = Supercut(target, 0.0, failed=failed)
    try:
        with placed(target) as path, Reel(path, target, shape) as reel:
            _Cutting(reel, look, done, watch).join([p for p in pieces if p.path not in failed])
            reel.finish()
            seconds = float(reel.seconds)
    except (av.error.FFmpegError, OSError) as error:
        raise UsageError(f"{target} cannot be written: {error}") from error
    return Supercut(target, seconds, done.parts, failed)


class _Cutting:
    """One supercut being joined; ``moment`` is the exact time that the reel rounds to a frame."""

    def __init__(self, reel: Reel, look: Look, done: Supercut, watch: Watch) -> None:
        self._reel, self._look, self._done, self._watch = reel, look, done, watch
        self._moment, self._total = Fraction(0), 0.0

    def join(self, pieces: Sequence[Piece]) -> None:
        cards = float(CARD_S) if self._look.cards else 0.0
        self._total = sum(piece.end - piece.start + cards for piece in pieces)
        for piece in pieces:
            try:
                self._add(piece)
            except SourceError as error:
                self._done.failed[piece.path] = error
                self._moment = self._reel.seconds
                self._reel.be_silent()

    def _add(self, piece: Piece) -> None:
        with Film(piece.path) as film:
            span = Span.of(film, piece.start, piece.end)
            frames = span.cut(film.shown(span.start - APPROACH_S))
            first = next(frames, None)
            if first is None:
                raise SourceTruncated(f"{piece.path} ends before {piece.start:.3f} seconds")
            if self._look.cards:
                self._show_card(piece)
            begins, since = self._reel.seconds, self._reel.samples
            came = self._moment
            shaper = Shaper(film, canvas=self._reel.shape.canvas)
            with Sound(film, first.start, SOUND_RATE) as sound:
                for shown in chain([first], frames):
                    self._moment = came + shown.end - first.start
                    self._reel.show(shaper.shaped(shown.frame), self._moment)
                    self._reel.hear(sound, since)
                    self._watch(float(self._moment), self._total)
        self._done.parts.append(Part(piece, float(begins), float(self._reel.seconds)))

    def _show_card(self, piece: Piece) -> None:
        self._moment += CARD_S
        self._reel.show(card(self._reel.shape.canvas, piece.path.name, piece.start), self._moment)
        self._reel.be_silent()


def _survey(pieces: Sequence[Piece], look: Look) -> tuple[ReelShape, dict[Path, SourceError]]:
    """The reel's shape, by a look at every film; and the films that cannot be opened."""
    failed: dict[Path, SourceError] = {}
    shapes: list[ReelShape] = []
    for path in dict.fromkeys(piece.path for piece in pieces):
        try:
            with Film(path) as film:
                shaper = Shaper(film)
                shapes.append(ReelShape(Canvas(shaper.width, shaper.height), film.rate))
        except SourceError as error:
            failed[path] = error
    if not shapes:
        raise next(iter(failed.values()))
    widest = max((shape.canvas for shape in shapes), key=lambda c: c.width * c.height)
    if look.height is not None:
        scale = Fraction(look.height, widest.height)
        widest = Canvas(even(widest.width * scale), even(Fraction(look.height)))
    return ReelShape(widest, look.rate or _usual(shapes[0].rate)), failed


def _usual(rate: Fraction) -> Fraction:
    """The rate that a film is meant to have whose own, an average, comes near it."""
    near = min(USUAL_RATES, key=lambda usual: abs(usual - rate))
    return near if abs(near - rate) <= near * MISSED else rate


def _check(pieces: Sequence[Piece], target: Path, look: Look) -> None:
    if not pieces:
        raise UsageError("There is no piece to join.")
    if target.suffix.lower() not in FORMS:
        raise UsageError(f"{target.name} is no kind of film", f"Use one of {', '.join(FORMS)}.")
    if look.height is not None and not SMALLEST_HEIGHT <= look.height <= LARGEST_HEIGHT:
        raise UsageError(f"A supercut has {SMALLEST_HEIGHT} to {LARGEST_HEIGHT} rows.")
    for piece in pieces:
        check_moments(piece.start, piece.end)
        refuse_unwritable(target, piece.path)
