"""Answers as files: reports as pages, pictures and tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from personae.core.errors import UnknownOption

if TYPE_CHECKING:
    from personae.adapters.render.options import PageOptions
    from personae.flows.report import FilmPresence, ScreenTime

FORMATS = ("table", "csv", "json", "html", "png", "svg")


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
