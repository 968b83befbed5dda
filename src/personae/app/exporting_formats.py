"""The formats of exports: what each needs, what its files are called, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from personae.adapters.exports.film import FilmExport
from personae.app.exporting_records import Needs

KINDS = ("chapters", "metadata")
BOXES = ("face", "body")
Texts = Iterator[tuple[list[str], str]]
"""What is added to each file's name, and its text."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How an export is made.

    Attributes:
        media: only this medium, by number, path or file name.
        collection: only media of this collection.
        kind: what a WebVTT file holds, ``chapters`` or ``metadata``.
        boxes: whose boxes a MOTChallenge file holds, ``face`` or ``body``.
        back_to_back: on timelines, each person's clips one after the other without gaps.
    """

    media: str | int | None = None
    collection: str | None = None
    kind: Literal["chapters", "metadata"] = "chapters"
    boxes: Literal["face", "body"] = "face"
    back_to_back: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it needs, what its files are called, and who writes it.

    Attributes:
        needs: what is gathered for it.
        suffixes: endings of a file; the first is given to files in a folder.
        whole: several films can be in one file.
        write: gives the texts of its files, one at least for every film unless it is whole.
    """

    needs: Needs
    suffixes: tuple[str, ...]
    whole: bool
    write: Callable[[Sequence[FilmExport], ExportOptions], Texts]


def _otio(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.timeline import otio_text

    yield [], otio_text(films, back_to_back=options.back_to_back)


def _edl(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.edl import edl_text

    for film in films:
        for who in film.people:
            yield [who.label], edl_text(film, who, back_to_back=options.back_to_back)


def _fcpxml(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.fcpxml import fcpxml_text

    yield [], fcpxml_text(films, back_to_back=options.back_to_back)


def _vtt(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.vtt import chapters_text, metadata_text

    for film in films:
        yield [], chapters_text(film) if options.kind == "chapters" else metadata_text(film)


def _srt(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.srt import srt_text

    yield from (([], srt_text(film)) for film in films)


def _ass(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.ass import ass_text

    yield from (([], ass_text(film)) for film in films)


def _mot(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.mot import mot_text

    yield from (([], mot_text(film, options.boxes)) for film in films)


def _coco(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.coco import coco_text

    yield [], coco_text(films)


def _json(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.intervals import json_text

    yield [], json_text(films)


def _csv(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.intervals import csv_text

    yield [], csv_text(films)


def _sidecar(films: Sequence[FilmExport], options: ExportOptions) -> Texts:
    from personae.adapters.exports.sidecar import scenes_text

    yield from (([], scenes_text(film)) for film in films)


_ON_FRAMES = Needs(frames=True)
FORMATS = {
    "otio": Format(_ON_FRAMES, (".otio",), True, _otio),
    "edl": Format(_ON_FRAMES, (".edl",), False, _edl),
    "fcpxml": Format(_ON_FRAMES, (".fcpxml",), True, _fcpxml),
    "vtt": Format(Needs(boxes=True), (".vtt",), False, _vtt),
    "srt": Format(Needs(), (".srt",), False, _srt),
    "ass": Format(Needs(boxes=True), (".ass",), False, _ass),
    "mot": Format(Needs(boxes=True, frames=True, strangers=True), (".txt", ".csv"), False, _mot),
    "coco": Format(
        Needs(photos=True, boxes=True, frames=True, strangers=True), (".json",), True, _coco
    ),
    "json": Format(Needs(photos=True, frames=True), (".json",), True, _json),
    "csv": Format(Needs(photos=True, frames=True), (".csv",), True, _csv),
    "sidecar": Format(Needs(), (".nfo",), False, _sidecar),
}
"""By name, in the order in which --help lists them."""
