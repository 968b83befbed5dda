"""``personae media`` and ``doctor``: what is there, and what is wrong."""

from __future__ import annotations

from dataclasses import asdict

import typer

from personae.cli.options import JsonOption, LibraryOption, existing, installed
from personae.cli.output import emit, table


def media(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List everything that is indexed."""
    with existing(library) as lib:
        rows, origins = lib.media(), lib.origins()
    if as_json:
        told = {number: asdict(origin) for number, origin in origins.items()}
        emit({"media": [{**asdict(row), "origin": told.get(row.id)} for row in rows]})
        return
    table(
        "",
        ["number", "kind", "seconds", "size", "collection", "path"],
        [[m.id, m.kind, m.duration, f"{m.width}x{m.height}", m.collection, m.path] for m in rows],
    )
    if origins:
        fetched = [(m.id, origins[m.id]) for m in rows if m.id in origins]
        table(
            "From the web",
            ["number", "title", "uploader", "address"],
            [[number, o.title, o.uploader, o.url] for number, o in fetched],
        )


def doctor(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Check this machine, the models and the library."""
    checks = installed().diagnose(library)
    ok = all(check.ok for check in checks)
    if as_json:
        emit({"ok": ok, "checks": [asdict(check) for check in checks]})
    else:
        table("", ["", "check", ""],
              [["ok" if c.ok else "NO", c.name, c.message] for c in checks])  # fmt: skip
    if not ok:
        raise typer.Exit(1)
