"""Options that many commands have, said once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

import personae

if TYPE_CHECKING:
    from personae.app.library import Library

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        envvar="PERSONAE_LIBRARY",
        help="Folder of the library; the one in the settings if not given.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Who = Annotated[str, typer.Argument(metavar="PERSON", help="A person's name or number.")]


def existing(library: Path | None) -> Library:
    """The library, which must be there."""
    return personae.open(library, create=False)


def made(library: Path | None) -> Library:
    """The library, made if it is not there."""
    return personae.open(library)


def installed() -> ModuleType:
    """What can be asked about this installation; loads the networks' runtime, so only on demand."""
    return import_module("personae.app.catalogue")
