"""More of ``personae people``: not the same, hide, history, undo."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, Who, existing
from personae.cli.output import emit, say, table
from personae.cli.people import app

__all__ = ["app"]


@app.command("not-same")
def not_same(
    who: Who,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="A person's name or number.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that two people are two people; holds for ever."""
    with existing(library) as lib:
        lib.not_same(who, other)
    if as_json:
        emit({"not_same": [who, other]})
    else:
        say(f"{who} and {other} will never be joined.")


@app.command()
def hide(
    who: Who,
    show: Annotated[bool, typer.Option("--show", help="Bring a hidden person back.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Leave a person out of lists and reports."""
    with existing(library) as lib:
        person = lib.hide(who, not show)
    if as_json:
        emit({"id": person.id, "kind": person.kind})
    else:
        say(f"{person.label} is {'shown' if show else 'hidden'}.")


@app.command()
def history(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List every change to people, newest first."""
    with existing(library) as lib:
        acts = lib.history()
    if as_json:
        emit({"acts": [asdict(act) for act in acts]})
        return
    table(
        "",
        ["number", "what", "", "by", "state"],
        [[a.id, a.verb, a.summary, a.by, "undone" if a.undone else ""] for a in acts],
    )


@app.command()
def undo(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Take back the last change to people; again for the one before it."""
    with existing(library) as lib:
        act = lib.undo()
    if as_json:
        emit(asdict(act))
    else:
        say(f"Undone: {act.summary}.")
