"""``personae report page``: everything about one film, photo or collection as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from personae.cli.index import Bar
from personae.cli.options import LibraryOption, made
from personae.cli.output import say
from personae.core.errors import NothingIndexed

if TYPE_CHECKING:
    from personae.app.library import Library


def page(
    what: Annotated[
        str, typer.Argument(metavar="FILM", help="A film or photo, or the name of a collection.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The page; beside nothing asked: NAME.html here."
        ),
    ] = None,
    date: Annotated[str, typer.Option(help="A date to print on it, as you want it.")] = "",
    library: LibraryOption = None,
) -> None:
    """Write one page with screen time, presence and who is together; a new film is indexed."""
    with made(library) as lib:
        data = _written(lib, what, date)
    target = output or Path(f"{Path(what).stem or 'report'}.html")
    target.write_bytes(data)
    say(str(target))


def _written(lib: Library, what: str, date: str) -> bytes:
    try:
        return lib.reports.page(what, date)
    except NothingIndexed:
        if not Path(what).expanduser().is_file():
            raise
    with Bar() as bar:
        summary = lib.index([Path(what)], watch=bar)
    for failed in summary.failed:
        raise NothingIndexed(f"{failed.path} cannot be indexed: {failed.message}")
    return lib.reports.page(what, date)
