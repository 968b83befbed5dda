"""Files that appear whole under their name or not at all, even when the program is killed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from personae.core.errors import UsageError


def refuse_unwritable(target: Path, source: Path) -> None:
    """Says at once, before any work, that ``target`` cannot be written.

    Raises:
        UsageError: it is a folder, is the film itself, or lies in no folder.
    """
    if target.is_dir():
        raise UsageError(f"{target} is a folder", "Name the file to write.")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is not a folder", "Make the folder first.")
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{target} is the film itself", "Choose another name for the clip.")


@contextmanager
def placed(target: Path) -> Iterator[str]:
    """The path of an empty file to fill; on leaving without an error it becomes ``target``.

    Where the file system can, the file has no name while it is written, so that not even a kill
    leaves it behind; elsewhere it is a hidden ``.part`` file next to the target.

    Raises:
        OSError: the folder cannot be written to.
    """
    nameless = _nameless(target.parent)
    part = target.parent / f".{secrets.token_hex(8)}.part"
    handle = _named(part) if nameless is None else nameless
    try:
        yield str(part) if nameless is None else _door(handle)
        os.fsync(handle)
        if nameless is not None:
            _give_name(handle, part)
        os.replace(part, target)
    finally:
        os.close(handle)
        with suppress(FileNotFoundError):
            part.unlink()


def _nameless(folder: Path) -> int | None:
    """A file without a name in ``folder`` (Linux ``O_TMPFILE``), None where that is impossible."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None:
        return None
    try:
        handle = os.open(folder, flag | os.O_RDWR, 0o666)
    except OSError:
        return None
    if os.path.exists(_door(handle)):
        return handle
    os.close(handle)
    return None


def _named(part: Path) -> int:
    return os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)


def _door(handle: int) -> str:
    return f"/proc/{os.getpid()}/fd/{handle}"


def _give_name(handle: int, part: Path) -> None:
    """Links the nameless file; folder handles make Python call ``linkat``, which follows links."""
    folder = os.open(part.parent, os.O_RDONLY)
    try:
        os.link(
            _door(handle), part.name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=True
        )
    finally:
        os.close(folder)
