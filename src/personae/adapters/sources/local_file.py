"""The door for files: only regular local files with content come through."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from personae.core.errors import SourceEmpty, SourceMissing, SourceUnsupported


def checked(path: Path) -> None:
    """Refuses what cannot be a media file before any decoder sees it; never blocks.

    Raises:
        SourceMissing: it is not there or may not be read.
        SourceUnsupported: it is a folder, pipe or device.
        SourceEmpty: it has no content.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise SourceMissing(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not stat.S_ISREG(found.st_mode):
        raise SourceUnsupported(f"{path} is not a regular file")
    if found.st_size == 0:
        raise SourceEmpty(f"{path} is empty")
    if not os.access(path, os.R_OK):
        raise SourceMissing(f"{path} may not be read")


def first_bytes(path: Path, count: int) -> bytes:
    """The first ``count`` bytes of a file.

    Raises:
        SourceError: as `checked`.
    """
    checked(path)
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError as error:
        raise SourceMissing(f"{path}: {error.strerror}") from error
