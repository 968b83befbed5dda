"""``personae enrol``: people known by name, from photos, folders and short films."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, made
from personae.cli.output import emit, table
from personae.core.errors import UsageError


def enrol(
    name: Annotated[str | None, typer.Argument(help="The person's name.")] = None,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="Photos, folders, or a film of 3 to 5 seconds that turns from side to side.",
        ),
    ] = None,
    tree: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A folder with one folder a person.")
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make people known by name; they are then found in what is indexed, now and later."""
    if (tree is None) == (name is None) or (name is not None and not paths):
        raise UsageError("give a NAME and PATHs, or --tree FOLDER")
    with made(library) as lib:
        done = lib.enrol_tree(tree) if tree is not None else [lib.enrol(name or "", paths or [])]
    if as_json:
        emit({"enrolled": [asdict(one) for one in done]})
        return
    table(
        "",
        ["number", "name", "views added", "known before", "failed"],
        [[e.person, e.name, e.added, e.known, len(e.failed)] for e in done],
    )
    failed = [f for e in done for f in e.failed]
    if failed:
        table("", ["failed", "code", "why"], [[f.path, f.code, f.message] for f in failed])
