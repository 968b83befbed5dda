"""A report on crowds as CSV: one line a piece of time."""

from __future__ import annotations

import csv
import io

from personae.adapters.render.words import plain
from personae.core.crowd import CrowdReport

HEADER = ("media", "path", "start", "end", "mean", "least", "most", "expected")


def crowd_csv(report: CrowdReport) -> str:
    """Times in seconds, counts of people; paths that a spreadsheet would run are quoted."""
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\n")
    writer.writerow(HEADER)
    for film in report.films:
        path = plain(film.path)
        shown = f"'{path}" if path.startswith(("=", "+", "-", "@")) else path
        for one in film.bins:
            numbers = (one.start, one.end, one.mean, one.least, one.most)
            rounded = (round(value, 6) for value in numbers)
            writer.writerow([film.media, shown, *rounded, int(film.expected)])
    return kept.getvalue()
