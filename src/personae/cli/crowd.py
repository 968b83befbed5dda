"""``personae report crowd``: how many people, where and when, without knowing anybody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import clock, emit, errors, say, table
from personae.cli.spread import spread
from personae.core.errors import UnknownOption

if TYPE_CHECKING:
    from personae.core.crowd import CrowdReport


@dataclass(frozen=True, slots=True)
class CrowdRequest:
    """What ``report crowd`` is asked."""

    media: Annotated[
        str | None, typer.Option(metavar="FILE|ID", help="Only this film or photo.")
    ] = None
    collection: Annotated[str | None, typer.Option(help="Only the media of this collection.")] = (
        None
    )
    zones: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON of polygons and lines.")
    ] = None
    width: Annotated[
        float | None,
        typer.Option("--bin", metavar="SECONDS", help="Length of one line of the report.", min=0.2),
    ] = None
    form: Annotated[str, typer.Option("--format", help="table, csv, json, html, png or svg.")] = (
        "table"
    )
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here instead of to stdout."),
    ] = None
    heat: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the heat map of one film here, as PNG."),
    ] = None
    over_frame: Annotated[
        bool,
        typer.Option("--over-frame", help="Draw maps over the film's first picture; it shows who."),
    ] = False
    library: LibraryOption = None
    as_json: JsonOption = False


@spread
def crowd(asked: CrowdRequest) -> None:
    """People per moment, peaks, visits, zones, lines and a heat map; nobody is identified."""
    from personae.app.crowding import FORMATS, crowd_file, heat_file

    form = "json" if asked.as_json else asked.form
    if form not in FORMATS:
        raise UnknownOption(
            f"--format {form} is not offered", f"Choose one of {', '.join(FORMATS)}."
        )
    if form == "png" and asked.output is None:
        raise UnknownOption("--format png needs --output FILE")
    with existing(asked.library) as lib, errors.status("counting"):
        made = lib.crowd(asked.media, asked.collection, zones=asked.zones, bin_s=asked.width)
        if asked.heat is not None:
            asked.heat.write_bytes(heat_file(made, over_frame=asked.over_frame))
        wanted = "csv" if form == "table" else form
        plain = form in ("table", "json") and asked.output is None
        data = b"" if plain else crowd_file(made, wanted, over_frame=asked.over_frame)
    if asked.output is not None:
        asked.output.write_bytes(data)
        say(str(asked.output))
    elif form == "json":
        emit(made.as_json())
    elif form == "table":
        _print(made)
    else:
        say(data.decode())


def _print(made: CrowdReport) -> None:
    for film in made.films:
        unique = film.unique
        table(
            Path(film.path).name,
            ["from", "to", "mean", "least", "most"],
            [[clock(b.start), clock(b.end), b.mean, b.least, b.most] for b in film.bins],
        )
        say(
            f"Mean {film.mean:.2f}, most {film.most:.2f} at {clock(film.most_at)}, "
            f"{film.person_seconds:.1f} person-seconds, {len(film.visits)} visits, about "
            f"{unique.estimate} different people ({unique.low} to {unique.high})."
        )
        if film.zones:
            table(
                "",
                ["zone", "mean", "most", "person-seconds", "entries", "mean stay", "longest"],
                [
                    [z.zone.name, z.mean, z.most, z.person_seconds, z.entries, z.dwell_mean,
                     z.dwell_longest]
                    for z in film.zones
                ],
            )  # fmt: skip
        if film.lines:
            rows = [[one.line.name, one.to_right, one.to_left] for one in film.lines]
            table("", ["line", "to its right", "to its left"], rows)
    for line in made.method:
        say(line)
