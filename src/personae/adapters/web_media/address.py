"""Addresses of the web among the paths of files, and what may be written down of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from personae.core.errors import WebRefused

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def split_addresses(named: Iterable[str | Path]) -> tuple[list[str], list[Path]]:
    """Addresses and paths, apart: a path would make ``https:/x`` of ``https://x``."""
    addresses: dict[str, None] = {}
    paths: list[Path] = []
    for name in named:
        if isinstance(name, str) and ADDRESS.match(name):
            addresses[name] = None
        else:
            paths.append(Path(name).expanduser())
    return list(addresses), paths


def checked(address: str) -> str:
    """The address itself.

    Raises:
        WebRefused: it is none of http or https, or names no host.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise WebRefused(f"{printable(address)} is no address: {error}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise WebRefused(f"{parts.scheme}:// is not fetched, only http:// and https://")
    if not host:
        raise WebRefused(f"{printable(address)} names no host")
    return address


def printable(address: str) -> str:
    """The address without a user's name and password and without the part after ``#``."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address.partition("://")[0] + "://…"
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, place, parts.path, parts.query, ""))
