"""``personae report``: screen time, presence, who is together, or all of it on one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from personae.cli import report_page, report_tables
from personae.cli.crowd import crowd
from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit, say
from personae.cli.spread import spread
from personae.core.errors import UnknownOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from personae.app.library import Library
    from personae.app.reporting import Made, Reporting
    from personae.flows.groups import Per

By = Literal["person", "gender"]
BINARY = ("png", "parquet")

app = typer.Typer(help="Who is on screen for how long, when, and with whom.", no_args_is_help=True)

ByOption = Annotated[str, typer.Option(help="person or gender (as people tagged it).")]
FormatOption = Annotated[str, typer.Option("--format", help="table, csv, json, html, png or svg.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to stdout."),
]
CollectionOption = Annotated[str | None, typer.Option(help="Only the media of this collection.")]


app.command("crowd")(crowd)


@app.callback()
def root() -> None:
    """Who is on screen for how long, when, and with whom."""


@dataclass(frozen=True, slots=True)
class ScreenTimeRequest:
    """What ``report screen-time`` is asked."""

    by: ByOption = "person"
    form: Annotated[
        str, typer.Option("--format", help="table, csv, json, html, png, svg or parquet.")
    ] = "table"
    output: OutputOption = None
    collection: CollectionOption = None
    per: Annotated[
        str | None, typer.Option(help="One report for each media, collection, month or year.")
    ] = None
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Two collections side by side, per hour of film."),
    ] = None
    library: LibraryOption = None
    as_json: JsonOption = False

    def make(self, reports: Reporting) -> Made:
        """The report that was asked for."""
        by = chosen_by(self.by)
        if self.compare is not None:
            if self.per is not None or self.collection is not None:
                raise UnknownOption("--compare stands alone, without --per and --collection")
            return reports.compare(*self.compare, by)
        if self.per is not None:
            return reports.per(cast("Per", self.per), by, self.collection)
        return reports.screen_time(by, self.collection)


@spread
def screen_time(asked: ScreenTimeRequest) -> None:
    """Screen time of everybody: seconds, shares, error bars, and what is left open."""
    with existing(asked.library) as lib:
        made = asked.make(lib.reports)
        _give(lib, made, "json" if asked.as_json else asked.form, asked.output, asked.collection)


def presence(
    by: ByOption = "person",
    form: FormatOption = "table",
    output: OutputOption = None,
    collection: CollectionOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who is there when: one lane a person, film by film."""
    with existing(library) as lib:
        made = lib.reports.presence(chosen_by(by), collection)
        _give(lib, made, "json" if as_json else form, output, collection)


def together(
    by: ByOption = "person",
    form: FormatOption = "table",
    output: OutputOption = None,
    collection: CollectionOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who shares the screen with whom: seconds, shares, and how much more than by chance."""
    with existing(library) as lib:
        made = lib.reports.together(chosen_by(by), collection)
        _give(lib, made, "json" if as_json else form, output, collection)


def chosen_by(by: str) -> By:
    """``--by``, which is one of two words."""
    if by not in ("person", "gender"):
        raise UnknownOption(f"--by {by} is not offered", "Use --by person or --by gender.")
    return cast("By", by)


def _give(lib: Library, made: Made, form: str, output: Path | None, collection: str | None) -> None:
    """The report on stdout or in a file."""
    if output is None and form == "table":
        report_tables.show(made)
        return
    if output is None and form == "json":
        emit(made.as_json())
        return
    if output is None and form in BINARY:
        raise UnknownOption(f"--format {form} needs --output FILE")
    data = lib.reports.render(made, form, title=report_tables.title(made, collection))
    if output is None:
        say(data.decode())
        return
    output.write_bytes(data)
    say(str(output))


_VERBS: dict[str, Callable[..., None]] = {
    "screen-time": screen_time,
    "presence": presence,
    "together": together,
    "page": report_page.page,
}
for _name, _verb in _VERBS.items():
    app.command(_name)(_verb)
