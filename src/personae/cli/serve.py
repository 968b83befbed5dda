"""``personae serve``: the library in a browser, and its REST API."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

import personae
from personae.cli.options import LibraryOption
from personae.cli.output import errors


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; any but loopback needs users.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="TCP port.")] = 8017,
    max_upload: Annotated[
        float, typer.Option(min=0.001, help="Largest upload, in gigabytes.")
    ] = 20.0,
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="Believe the forwarded headers of a local proxy."),
    ] = False,
    media_folder: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Administrators may add what lies below, by its path."),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Serve the library to a browser; without users only this machine can ask."""
    settings = personae.Settings()
    if library is not None:
        settings = settings.model_copy(update={"library": library})
    web = import_module("personae.web.site").WebSettings(
        host=host,
        port=port,
        max_upload_bytes=int(max_upload * 1e9),
        behind_proxy=behind_proxy,
        media_folders=tuple(one.expanduser().resolve() for one in media_folder or ()),
    )
    import_module("personae.web.run").serve(settings, web, _ready)


def _ready(address: str) -> None:
    errors.print(f"Personae is at {address} (Ctrl-C ends it)", markup=False)
