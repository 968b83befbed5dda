"""Intervals as JSON and CSV: what ``appearances --json`` says, with exact times and frames."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence

from personae.adapters.exports.film import FilmExport, OnScreen
from personae.adapters.exports.wording import one_line
from personae.core.records import Interval

COLUMNS = (
    *("person", "name", "label", "media", "path", "start", "end", "known_by", "confidence"),
    *("first", "last", "base_num", "base_den", "first_frame", "last_frame", "timecode_in"),
    *("timecode_out", "rate", "sightings"),
)


def json_text(films: Sequence[FilmExport]) -> str:
    """``intervals`` by film, person and time, and ``media`` with how frames were numbered.

    Photos have intervals of no length and neither timecode nor rate.
    """
    said = {
        "intervals": list(_rows(films)),
        "media": [
            {
                "media": film.media.id,
                "path": film.media.path,
                "sha256": film.media.sha256,
                "kind": film.media.kind,
                "duration": round(film.media.duration, 6),
                "method": None if film.media.kind == "photo" else film.numbering.method,
            }
            for film in films
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def csv_text(films: Sequence[FilmExport]) -> str:
    """One line an interval; sightings are separated by spaces."""
    kept = io.StringIO()
    writer = csv.DictWriter(kept, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(films):
        sightings = row["sightings"]
        ids = sightings if isinstance(sightings, list) else []
        line = {**row, "sightings": " ".join(str(one) for one in ids)}
        writer.writerow({name: _cell(value) for name, value in line.items()})
    return kept.getvalue()


def _rows(films: Sequence[FilmExport]) -> Iterator[dict[str, object]]:
    for film in films:
        for who in film.people:
            for one in who.intervals:
                yield _row(film, who, one)


def _row(film: FilmExport, who: OnScreen, one: Interval) -> dict[str, object]:
    numbering = film.numbering
    frames = [numbering.frame(pts) for pts in (one.first, one.last)]
    photo = film.media.kind == "photo"
    return {
        "person": one.person,
        "name": who.person.name,
        "label": who.label,
        "media": one.media,
        "path": one.path,
        "start": round(one.start, 6),
        "end": round(one.end, 6),
        "known_by": one.known_by,
        "confidence": one.confidence,
        "first": one.first,
        "last": one.last,
        "base_num": numbering.base.numerator,
        "base_den": numbering.base.denominator,
        "first_frame": numbering.picture(one.first),
        "last_frame": numbering.picture(one.last),
        "timecode_in": None if photo else numbering.timecode(frames[0]),
        "timecode_out": None if photo else numbering.timecode(frames[1]),
        "rate": None if photo else f"{numbering.rate.numerator}/{numbering.rate.denominator}",
        "sightings": list(one.sightings),
    }


def _cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula is quoted with its own apostrophe."""
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
