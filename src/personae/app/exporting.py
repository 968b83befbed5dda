"""Appearances as files of other programs: which format, which films, which file of which name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from personae.adapters.exports.film import FilmExport
from personae.adapters.exports.naming import Names
from personae.adapters.stores.library import SqliteStore
from personae.app.exporting_formats import BOXES, FORMATS, KINDS, ExportOptions, Format
from personae.app.exporting_records import Told, Who, gathered, one_medium
from personae.core.errors import NothingIndexed, UnknownOption, UsageError
from personae.core.records import Interval, Media

__all__ = ["FORMATS", "ExportOptions", "Exported", "export"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        files: paths, in order.
        media: how many films and photos are in them.
        intervals: how many appearances.
        notes: what a user should know of them, such as how a variable frame rate was met.
    """

    files: list[Path]
    media: int
    intervals: int
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The contract of ``export --json``."""
        return {
            "files": [str(path) for path in self.files],
            "media": self.media,
            "intervals": self.intervals,
            "notes": self.notes,
        }


def export(
    store: SqliteStore,
    scope: tuple[Sequence[Media], Iterable[Interval], Who],
    target: tuple[str, Path],
    options: ExportOptions,
    watch: Told,
) -> Exported:
    """Writes appearances in a format.

    Args:
        store: where boxes lie.
        scope: media, everybody's intervals, and whom it is about.
        target: the format's name; and a file with one of the format's endings, or else a folder,
            which is made.
        options: how.
        watch: is told of films that are done.

    Raises:
        UnknownOption: there is no such format or kind.
        NothingIndexed: nobody of those asked for is on screen.
        UsageError: the files cannot be written, or are several and one was named.
    """
    form, path = target
    chosen = _chosen(form, options)
    media, intervals, who = scope
    if options.media is not None:
        media = one_medium(media, options.media)
    films: list[FilmExport] = []
    for done, film in enumerate(gathered(store, media, intervals, who, chosen.needs), start=1):
        watch(done, len(media))
        if (film.tracks if form in ("mot", "coco") else film.people) and _has(film, form, options):
            films.append(film)
    if not films:
        raise NothingIndexed(
            "nobody who was asked for is on screen in the media in question",
            "`personae people list` and `personae media` show who and what there is.",
        )
    written = _sidecars(films, path) if form == "sidecar" else _files(films, path, chosen, options)
    for place, text in written:
        _put(place, text)
    return Exported(
        [place for place, _ in written],
        len(films),
        sum(len(each.intervals) for film in films for each in film.people),
        list(_notes(films, form, chosen)),
    )


def _chosen(form: str, options: ExportOptions) -> Format:
    if form not in FORMATS:
        raise UnknownOption(
            f"--format {form} is not offered", f"Choose one of {', '.join(FORMATS)}."
        )
    if options.kind not in KINDS:
        raise UnknownOption(f"--kind {options.kind} is not offered", f"Use {' or '.join(KINDS)}.")
    if options.boxes not in BOXES:
        raise UnknownOption(f"--boxes {options.boxes} is not offered", f"Use {' or '.join(BOXES)}.")
    return FORMATS[form]


def _has(film: FilmExport, form: str, options: ExportOptions) -> bool:
    if form != "mot":
        return True
    return any(track.sighting.kind == options.boxes for track in film.tracks)


def _files(
    films: Sequence[FilmExport], path: Path, form: Format, options: ExportOptions
) -> list[tuple[Path, str]]:
    """Every file with its text: the one that was named, or those of a folder."""
    if path.suffix.lower() in form.suffixes:
        groups = [films] if form.whole else [[film] for film in films]
        texts = [text for group in groups for _, text in form.write(group, options)]
        if len(texts) > 1:
            raise UsageError(
                f"this makes {len(texts)} files, not one {path.name}",
                "Name a folder (without an ending), or choose one film with --media and one "
                "person.",
            )
        return [(path, texts[0])]
    names = Names()
    return [
        (path / names.name([film.name, *ending], film.media.id, form.suffixes[0]), text)
        for film in films
        for ending, text in form.write([film], options)
    ]


def _sidecars(films: Sequence[FilmExport], path: Path) -> list[tuple[Path, str]]:
    """Two files a film; names are the films' own, by which media servers find them."""
    from personae.adapters.exports.sidecar import nfo_text, scenes_text

    named = path.suffix.lower() in FORMATS["sidecar"].suffixes
    if named and len(films) > 1:
        raise UsageError(f"{len(films)} films do not fit beside {path.name}", "Name a folder.")
    stems = [film.name for film in films]
    if len({stem.casefold() for stem in stems}) < len(stems):
        raise UsageError("two of the films have the same name", "Choose one with --media.")
    found = []
    for film in films:
        nfo = path if named else path / f"{film.name}.nfo"
        scenes = nfo.with_suffix(".scenes.json")
        present = nfo.read_bytes() if nfo.is_file() else None
        found += [(nfo, nfo_text(film, present)), (scenes, scenes_text(film))]
    return found


def _put(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _notes(films: Sequence[FilmExport], form: str, chosen: Format) -> Iterator[str]:
    for film in films:
        if chosen.needs.frames and film.media.kind != "photo" and not film.numbering.constant:
            yield f"{film.name}: {film.numbering.method}"
    if form == "sidecar":
        unnamed = {
            each.person.id for film in films for each in film.people if each.person.name is None
        }
        if unnamed:
            yield f"{len(unnamed)} people without a name are in the JSON only, not in the NFO."
