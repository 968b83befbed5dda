"""Answers as files: clips of appearances, reports as pages, pictures and tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from personae.core.errors import UnknownOption, UsageError

if TYPE_CHECKING:
    from personae.adapters.render.options import PageOptions
    from personae.flows.report import FilmPresence, ScreenTime

HANDLE_S = 0.0
"""Seconds added before and after a clip; exact by default."""
FORMATS = ("table", "csv", "json", "html", "png", "svg")


@dataclass(frozen=True, slots=True)
class Cut:
    """What to cut out of which film, and whose it is. Times in seconds from the first frame."""

    path: str
    start: float
    end: float
    label: str


def write_clips(cuts: Sequence[Cut], folder: Path) -> list[Path]:
    """A playable, frame-exact MP4 of every cut; photos have none.

    Raises:
        UsageError: the folder cannot be made.
        SourceError: a film is gone or broken.
    """
    from personae.adapters.clips.excerpt import write_excerpt
    from personae.adapters.clips.names import clip_name

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from error
    written = []
    for cut in cuts:
        if cut.end <= cut.start:
            continue
        target = folder / clip_name(cut.label, Path(cut.path), cut.start)
        write_excerpt(Path(cut.path), max(cut.start - HANDLE_S, 0.0), cut.end + HANDLE_S, target)
        written.append(target)
    return written


def render(
    report: ScreenTime, presence: Sequence[FilmPresence], options: PageOptions, form: str
) -> bytes:
    """The report in one of the formats.

    Raises:
        UnknownOption: there is no such format.
    """
    from personae.adapters.render.chart import png_bytes, svg_text
    from personae.adapters.render.page import html_page
    from personae.adapters.render.table import csv_text

    if form == "csv":
        return csv_text(report).encode()
    if form == "json":
        return json.dumps(report.as_json(), ensure_ascii=False, indent=1).encode()
    if form == "html":
        return html_page(report, presence, options).encode()
    if form == "png":
        return png_bytes(report, presence, options)
    if form == "svg":
        return svg_text(report, presence, options).encode()
    raise UnknownOption(f"--format {form} is not offered", f"Choose one of {', '.join(FORMATS)}.")
