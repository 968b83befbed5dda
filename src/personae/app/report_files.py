"""Reports as files: which renderer makes which format of which report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

from personae.adapters.render.options import PageOptions
from personae.core.errors import UnknownOption
from personae.flows.figures import JsonValue, Presence
from personae.flows.groups import Comparison, Groups, per_hour
from personae.flows.together import Together

FORMATS = ("table", "csv", "json", "html", "png", "svg", "parquet")
Cell = str | int | float | bool | None
Line = dict[str, Cell]


class Told(Protocol):
    """Anything that has a JSON form."""

    def as_json(self) -> dict[str, JsonValue]: ...


def presence_file(made: Presence, options: PageOptions, form: str) -> bytes:
    """Who is there when, as one of the formats.

    Raises:
        UnknownOption: there is no such format.
    """
    from personae.adapters.render.chart import png_bytes, svg_text
    from personae.adapters.render.page import html_page
    from personae.adapters.render.table import appearances_csv

    if form == "csv":
        return appearances_csv(made.report).encode()
    if form == "json":
        return json_file(made)
    if form == "html":
        return html_page(made.report, made.films, options).encode()
    if form == "png":
        return png_bytes(made.report, made.films, options)
    if form == "svg":
        return svg_text(made.report, made.films, options).encode()
    raise not_offered(form)


def paper_file(made: Groups | Comparison | Together, title: str, form: str) -> bytes:
    """Groups, a comparison or who is together, as one of the formats.

    Raises:
        UnknownOption: there is no such format.
    """
    from personae.adapters.render.paper_chart import paper_png, paper_svg
    from personae.adapters.render.paper_page import paper_html
    from personae.app.papers import comparison_paper, groups_paper, together_paper

    if form == "csv":
        return csv_file(_lines(made))
    if form == "json":
        return json_file(made)
    if isinstance(made, Groups):
        paper = groups_paper(made, title or "Screen time")
    elif isinstance(made, Comparison):
        paper = comparison_paper(made)
    else:
        paper = together_paper(made, title or "Together")
    if form == "html":
        return paper_html(paper).encode()
    if form == "png":
        return paper_png(paper)
    if form == "svg":
        return paper_svg(paper).encode()
    raise not_offered(form)


def json_file(made: Told) -> bytes:
    """The report's JSON."""
    return json.dumps(made.as_json(), ensure_ascii=False, indent=1, allow_nan=False).encode()


def csv_file(lines: Sequence[Line]) -> bytes:
    """One line each, the keys as header; text that a spreadsheet would run is quoted."""
    from personae.adapters.render.table import written

    if not lines:
        return b""
    return written(tuple(lines[0]), [tuple(line.values()) for line in lines]).encode()


def not_offered(form: str) -> UnknownOption:
    """There is no such format."""
    return UnknownOption(
        f"--format {form} is not offered for this report", f"Choose one of {', '.join(FORMATS)}."
    )


def _lines(made: Groups | Comparison | Together) -> list[Line]:
    if isinstance(made, Groups):
        return [
            {
                "group": group.key,
                "total_seconds": group.report.total_seconds,
                "key": row.key,
                "person": row.person,
                "gender": row.gender,
                "seconds": row.seconds,
                "low": row.low,
                "high": row.high,
                "seconds_per_hour": per_hour(row.seconds, group.report.total_seconds),
                "share": row.share,
                "face_share": row.face_share,
                "appearances": row.appearances,
            }
            for group in made.groups
            for row in group.report.rows
        ]
    if isinstance(made, Comparison):
        return [
            {
                "key": row.key,
                "person": row.person,
                "gender": row.gender,
                **{
                    f"{name}_{side}": getattr(value, name)
                    for side, value in (("a", row.a), ("b", row.b))
                    for name in ("seconds", "share", "face_share", "per_hour", "low", "high")
                },
                "difference": row.more,
                "difference_low": row.low,
                "difference_high": row.high,
                "sure": row.sure,
            }
            for row in made.rows
        ]
    return [
        {
            "a": pair.a,
            "b": pair.b,
            "seconds": pair.seconds,
            "share_a": pair.share_a,
            "share_b": pair.share_b,
            "expected": pair.expected,
            "lift": pair.lift,
            "p": pair.p,
            "films": pair.films,
        }
        for pair in made.pairs
    ]
