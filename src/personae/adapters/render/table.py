"""A report as CSV, for spreadsheets and scripts: one line a row, or one line an appearance."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from personae.adapters.render.subject import Report
from personae.adapters.render.words import plain

Cell = str | int | float | None
_ROWS = (
    *("key", "person", "gender", "people", "seconds", "share", "face_share", "appearances"),
    *("longest", "first", "photos", "total_seconds", "by", "gap", "low", "high"),
)
_APPEARANCES = ("key", "person", "gender", "media", "path", "start", "end", "seconds", "known_by")


def csv_text(report: Report) -> str:
    """One line a row of the report: times in seconds, shares 0..1, both to the millionth."""
    return written(
        _ROWS,
        (
            (
                *(row.key, row.person, row.gender, row.people, row.seconds, row.share),
                *(row.face_share, row.appearances, row.longest, row.first, row.photos),
                *(report.total_seconds, report.by, report.gap, row.low, row.high),
            )
            for row in report.rows
        ),
    )


def appearances_csv(report: Report) -> str:
    """One line an appearance: in and out in seconds from the first frame of the film."""
    return written(
        _APPEARANCES,
        (
            (
                *(row.key, row.person, row.gender, one.media, one.path),
                *(one.start, one.end, one.end - one.start, one.known_by),
            )
            for row in report.rows
            for one in row.intervals
        ),
    )


def written(header: Sequence[str], lines: Iterable[Sequence[Cell]]) -> str:
    """CSV; text that a spreadsheet would run as a formula is quoted."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return kept.getvalue()


def _cell(value: Cell) -> Cell:
    """Floats without binary noise; text that a spreadsheet would run as a formula is quoted.

    The apostrophe before ``= + - @`` is what spreadsheets themselves use to mean "text".
    """
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str):
        text = plain(value)
        return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
    return value
