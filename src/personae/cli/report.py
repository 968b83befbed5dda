"""``personae report``: screen time as a table, CSV, JSON, a page or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit, say, table
from personae.core.errors import UnknownOption

if TYPE_CHECKING:
    from personae.flows.report import ScreenTime

app = typer.Typer(help="Who is on screen for how long.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """Who is on screen for how long."""


@app.command("screen-time")
def screen_time(
    by: Annotated[str, typer.Option(help="person or gender (as people tagged it).")] = "person",
    form: Annotated[
        str, typer.Option("--format", help="table, csv, json, html, png or svg.")
    ] = "table",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to stdout."),
    ] = None,
    collection: Annotated[
        str | None, typer.Option(help="Only the media of this collection.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Screen time of everybody: intervals, seconds and shares."""
    if by not in ("person", "gender"):
        raise UnknownOption(f"--by {by} is not offered", "Use --by person or --by gender.")
    with existing(library) as lib:
        chosen = cast("Literal['person', 'gender']", by)
        made = lib.report("screen-time", by=chosen, collection=collection)
        wanted = "json" if as_json else form
        if wanted == "table" and output is None:
            _print(made)
            return
        if wanted == "json" and output is None:
            emit(made.as_json())
            return
        data = lib.render(made, wanted, collection=collection)
    if output is None and wanted in ("png",):
        raise UnknownOption(f"--format {wanted} needs --output FILE")
    if output is None:
        say(data.decode())
        return
    output.write_bytes(data)
    say(str(output))


def _print(made: ScreenTime) -> None:
    table(
        f"Screen time by {made.by}, of {made.total_seconds:.2f} seconds of film",
        ["", "gender", "seconds", "share", "appearances", "longest"],
        [
            [r.key, r.gender, r.seconds, f"{100 * r.share:.1f} %", r.appearances, r.longest]
            for r in made.rows
        ],
    )
    for line in made.method:
        say(line)
