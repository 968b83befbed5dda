"""``personae demo``: the main job on a film with known truth."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import personae
from personae.cli.index import Bar
from personae.cli.options import JsonOption
from personae.cli.output import clock, emit, errors, say, table

if TYPE_CHECKING:
    from personae.app.demo import Told


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Where to make film and library.")
    ] = Path("personae-demo"),
    serve: Annotated[
        bool, typer.Option("--serve", help="Then show the library in a browser, until Ctrl-C.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="TCP port of --serve.")] = 8017,
    as_json: JsonOption = False,
) -> None:
    """Make a small film of real faces, index it, and tell who appears when beside the truth."""
    from personae.app.demo import run_demo

    with Bar() as bar:
        told = run_demo(
            folder.absolute(),
            personae.Settings(),
            lambda text: errors.print(text, markup=False),
            bar,
        )
    if as_json:
        emit(told.as_json())
    else:
        _print(told, folder, serve)
    if serve:
        _serve(told.library, port)


def _serve(library: Path, port: int) -> None:
    settings = personae.Settings().model_copy(update={"library": library})
    web = import_module("personae.web.site").WebSettings(port=port)
    import_module("personae.web.run").serve(settings, web, _ready)


def _ready(address: str) -> None:
    errors.print(f"The demo library is at {address} (Ctrl-C ends it)", markup=False)


def _print(told: Told, folder: Path, served: bool) -> None:
    for name in sorted({*told.truth, *told.found}):
        truth, found = told.truth.get(name, []), told.found.get(name, [])
        rows = []
        for place in range(max(len(truth), len(found))):
            rows.append([_span(truth, place), _span(found, place)])
        table(name, ["truth: in – out", "found: in – out"], rows)
    scores = told.timeline
    table(
        "Against the truth",
        ["measure", "figure"],
        [
            ["people found", str(told.people)],
            *[[f"interval F1 at IoU {s.iou:g}", f"{s.f1:.3f}"] for s in scores.scores],
            *[
                [f"screen-time error, {name}", f"{100 * abs(person.bias):.2f} %"]
                for name, person in sorted(scores.persons.items())
            ],
        ],
    )
    here = f"--library {folder}/library"
    say(f"The report, for a browser: {told.report}")
    if served:
        return
    say("Try next:")
    say(f"  personae serve {here}")
    say(f"  personae people list {here}")
    say(f'  personae appearances "Eileen Collins" {here}')
    say(f"  personae report screen-time --by gender {here}")
    say(f'  personae clip "Barack Obama" -o clips {here}')
    say(f"  personae index ~/Videos {here}")


def _span(spans: list[tuple[float, float]], place: int) -> str:
    if place >= len(spans):
        return "–"
    start, end = sorted(spans)[place]
    return f"{clock(start)} – {clock(end)}"
