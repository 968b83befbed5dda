"""Appearances as films and pictures: a clip of each, all in one, or a sheet of stills."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from personae.core.errors import NothingIndexed, SourceError, UsageError
from personae.core.intervals import Span, union
from personae.core.records import Interval, Media, Person

if TYPE_CHECKING:
    from personae.adapters.clips import Excerpt, Supercut
    from personae.adapters.stores.library import SqliteStore
    from personae.app.contact_sheet import Sheet, SheetOptions
    from personae.app.finding import Found

Watch = Callable[[float, float], None]
"""Is told how much is done (seconds of film, or pictures), and how much there is."""
FILMS = (".mp4", ".m4v", ".mov", ".mkv")
"""What the name of a supercut ends in; any other name is a folder of clips."""


def _nobody(done: float, total: float) -> None:
    """Watches nothing."""


@dataclass(frozen=True, slots=True)
class CutOptions:
    """How appearances are cut out.

    Attributes:
        handles: seconds before and after each, as far as the film goes.
        gap: appearances no further apart, with their handles, become one piece.
        limit: most pieces, the first in order.
        height: rows of the picture; None keeps the film's own, in a supercut the largest film's.
        reencode: encode clips even where they could be copied.
        rate: frames a second of a supercut; None takes the first film's.
        cards: a card before each piece of a supercut.
    """

    handles: float = 0.0
    gap: float = 0.0
    limit: int | None = None
    height: int | None = None
    reencode: bool = False
    rate: Fraction | None = None
    cards: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """What to cut out of which film, and whose it is. Times in seconds from the first frame."""

    path: str
    start: float
    end: float
    label: str


@dataclass(frozen=True, slots=True)
class Clips:
    """Clips that were written, in order, and films that could not be read, with why."""

    written: list[Excerpt] = field(default_factory=list)
    failed: dict[Path, SourceError] = field(default_factory=dict)

    def paths(self) -> list[Path]:
        """The clips' files, if none is missing.

        Raises:
            SourceError: a film could not be read.
        """
        for error in self.failed.values():
            raise error
        return [one.path for one in self.written]


class Cutting:
    """Cuts one library's appearances out of its films."""

    def __init__(
        self,
        store: SqliteStore,
        person: Callable[[str | int], Person],
        appearances: Callable[[int], list[Interval]],
    ) -> None:
        self._store, self._person, self._appearances = store, person, appearances

    def clips(
        self,
        who: str | int,
        folder: Path | str,
        options: CutOptions | None = None,
        watch: Watch = _nobody,
    ) -> Clips:
        """Every appearance of a person in a film as a clip; films that are gone are told.

        Raises:
            UsageError: the folder cannot be made, or a clip not be written.
        """
        options = options or CutOptions()
        return write_clips(self.cuts(who, options), Path(folder).expanduser(), options, watch)

    def matches(self, found: Found, folder: Path | str) -> list[Path]:
        """Every match of a search in a film as a clip."""
        cuts = [
            Cut(m.path, m.start, m.end, m.name or f"person {m.match.person or 'unknown'}")
            for m in found.matches
        ]
        return write_clips(cuts, Path(folder).expanduser()).paths()

    def supercut(
        self,
        who: str | int,
        target: Path | str,
        options: CutOptions | None = None,
        watch: Watch = _nobody,
    ) -> Supercut:
        """All appearances of a person in one film; films that are gone are told.

        Raises:
            NothingIndexed: the person is in no film.
            UsageError: the target cannot be written.
            SourceError: none of the films can be read.
        """
        from personae.adapters.clips import Look, Piece, write_supercut

        options = options or CutOptions()
        cuts = self.cuts(who, options)
        if not cuts:
            raise NothingIndexed(f"{self._person(who).label} is in no film of the library")
        pieces = [Piece(Path(cut.path), cut.start, cut.end) for cut in cuts]
        look = Look(height=options.height, rate=options.rate, cards=options.cards)
        return write_supercut(pieces, Path(target).expanduser(), look, watch)

    def contact_sheet(
        self,
        who: str | int,
        target: Path | str,
        options: SheetOptions | None = None,
        watch: Watch = _nobody,
    ) -> Sheet:
        """A picture of every appearance of a person on one sheet.

        Raises:
            NothingIndexed: the person appears nowhere.
            UsageError: the target cannot be written.
        """
        from personae.app.contact_sheet import write_contact_sheet

        person = self._person(who)
        found = self._appearances(person.id)
        to = Path(target).expanduser()
        return write_contact_sheet(self._store, found, person.label, to, options, watch)

    def cuts(self, who: str | int, options: CutOptions) -> list[Cut]:
        """The pieces that show a person, in order."""
        person = self._person(who)
        films = self._store.media.shown()
        return cuts_of(self._appearances(person.id), films, person.label, options)


def cuts_of(
    found: Iterable[Interval], media: Sequence[Media], label: str, options: CutOptions
) -> list[Cut]:
    """Pieces of films in order of when the film was taken, its path, and time; photos have none.

    Raises:
        UsageError: handles or gap are less than nothing.
    """
    if options.handles < 0 or options.gap < 0:
        raise UsageError("Handles and gaps cannot be shorter than nothing.")
    films = {one.id: one for one in media if one.kind != "photo"}
    spans: dict[int, list[Span]] = {}
    for one in found:
        if one.media in films and one.end > one.start:
            ends = min(one.end + options.handles, films[one.media].duration)
            longer = max(0.0, one.start - options.handles), max(one.end, ends)
            spans.setdefault(one.media, []).append(longer)
    cuts = [
        Cut(film.path, start, end, label)
        for film in sorted((films[number] for number in spans), key=_order)
        for start, end in union(spans[film.id], options.gap)
    ]
    return cuts[: options.limit]


def write_clips(
    cuts: Sequence[Cut], folder: Path, options: CutOptions | None = None, watch: Watch = _nobody
) -> Clips:
    """A playable, frame-exact MP4 of every cut; photos have none.

    Raises:
        UsageError: the folder cannot be made, or a clip not be written.
    """
    from personae.adapters.clips import clip_name, cut_excerpt

    options = options or CutOptions()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from error
    clips = Clips()
    wanted = [cut for cut in cuts if cut.end > cut.start]
    total, done = sum(cut.end - cut.start for cut in wanted), 0.0
    for cut in wanted:
        film = Path(cut.path)
        target = folder / clip_name(cut.label, film, cut.start)
        try:
            written = cut_excerpt(
                film,
                cut.start,
                cut.end,
                target,
                max_height=options.height,
                reencode=options.reencode,
            )
            clips.written.append(written)
        except SourceError as error:
            clips.failed[film] = error
        done += cut.end - cut.start
        watch(done, total)
    return clips


def is_film(target: Path) -> bool:
    """Whether this is the name of a film, and not of a folder."""
    return target.suffix.lower() in FILMS and not target.is_dir()


def _order(film: Media) -> tuple[bool, int, str]:
    """Films that do not say when they were taken come last."""
    return film.captured_at is None, film.captured_at or 0, film.path
