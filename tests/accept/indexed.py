"""A library with some files indexed, as a proof needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import personae


@contextmanager
def opened(
    folder: Path,
    files: Sequence[Path],
    observe: personae.ObserveSettings | None = None,
    collection: str | None = None,
) -> Iterator[personae.Library]:
    """The library in ``folder`` with these files indexed, with the product's settings."""
    settings = personae.Settings(library=folder, observe=observe or personae.ObserveSettings())
    with personae.Library(settings) as lib:
        summary = lib.index(files, collection=collection)
        if summary.failed:
            raise AssertionError(f"not indexed: {summary.failed}")
        yield lib
