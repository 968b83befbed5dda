"""Sidecars: where they lie, and files replaced in one go."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from personae.core.errors import MetadataUnreadable, MetadataUnwritable, SourceMissing

SUFFIX = ".xmp"


def sidecar_of(photo: Path) -> Path:
    """``PHOTO.ext.xmp``, as digiKam and darktable name them: photo.jpg and photo.png keep apart."""
    return photo.with_name(photo.name + SUFFIX)


def sidecars_of(photo: Path) -> list[Path]:
    """The sidecars that are there: ``PHOTO.ext.xmp``, then ``PHOTO.xmp`` as Adobe names them."""
    names = [photo.name + SUFFIX, photo.name + SUFFIX.upper(), photo.stem + SUFFIX]
    return [path for name in names if (path := photo.with_name(name)).is_file()]


def content_of(path: Path) -> bytes:
    """The bytes of a photo or sidecar.

    Raises:
        SourceMissing: it is not there or may not be read.
        MetadataUnreadable: reading it failed.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise SourceMissing(f"{path}: {error.strerror}") from error
    except OSError as error:
        raise MetadataUnreadable(f"{path}: {error.strerror}") from error


def replace_file(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all, whatever happens meanwhile; a link stays a link.

    Raises:
        MetadataUnwritable: the folder is not there and cannot be made, or may not be written to.
    """
    try:
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, beside)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise MetadataUnwritable(
            f"{path} cannot be written: {error.strerror}", "Choose another folder with --into."
        ) from error


def tails(paths: list[Path]) -> dict[Path, Path]:
    """The shortest end of each path that no other has: where it may lie in one folder."""
    parts = {path: path.parts[1:] if path.is_absolute() else path.parts for path in paths}
    count: dict[tuple[str, ...], int] = {}
    for own in parts.values():
        for length in range(1, len(own) + 1):
            count[own[-length:]] = count.get(own[-length:], 0) + 1
    return {
        path: Path(*next((own[-n:] for n in range(1, len(own)) if count[own[-n:]] == 1), own))
        for path, own in parts.items()
    }
