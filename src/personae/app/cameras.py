"""Which cameras there are: from ``cameras.toml``, the environment and the command line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from personae.adapters.sources.addresses import is_address, shown
from personae.adapters.sources.camera import CameraOptions
from personae.core.errors import UsageError

FILE = "cameras.toml"
PREFIX = "PERSONAE_CAMERA_"
"""``PERSONAE_CAMERA_FRONT_DOOR=rtsp://…`` is the camera ``front door``."""
_NAME = re.compile(r"^(?=.*\w)[\w .-]{1,60}\Z")
"""Files and folders are called so: one of dots alone would lead elsewhere."""


@dataclass(frozen=True, slots=True)
class CameraConfig:
    """One camera.

    Attributes:
        name: what it is called; it stays the same camera as long as it keeps its name.
        address: may hold credentials and is therefore never printed.
        options: how it is read.
    """

    name: str
    address: str
    options: CameraOptions

    @property
    def shown(self) -> str:
        """The address without credentials."""
        return shown(self.address)


def cameras_from(
    given: Iterable[str], file: Path | None, environment: Mapping[str, str] | None = None
) -> list[CameraConfig]:
    """All cameras, those of the command line first; of two with one name the first counts.

    Args:
        given: ``NAME=ADDRESS`` or ``ADDRESS``, from the command line.
        file: a TOML file with ``[[camera]]`` tables of ``name``, ``address`` and options.
        environment: where ``PERSONAE_CAMERA_…`` variables are; that of the process if None.

    Raises:
        UsageError: there is none, a name cannot be used, or the file is not understood.
    """
    found = [_of_text(text, number) for number, text in enumerate(given, start=1)]
    if not found:
        for name, address in sorted((os.environ if environment is None else environment).items()):
            if name.startswith(PREFIX) and address:
                called = name.removeprefix(PREFIX).replace("_", " ").lower()
                found.append(_made(called, address, {}))
        if file is not None:
            found += _of_file(file)
    if not found:
        raise UsageError(
            "no camera is named", f"Name one: personae watch door=rtsp://…, or write {FILE}."
        )
    kept: dict[str, CameraConfig] = {}
    for one in found:
        kept.setdefault(one.name, one)
    return list(kept.values())


def _of_text(text: str, number: int) -> CameraConfig:
    name, equals, address = text.partition("=")
    if equals and _NAME.match(name) and not is_address(text):
        return _made(name, address, {})
    fallback = Path(text).stem if not is_address(text) else f"camera {number}"
    return _made(re.sub(r"[^\w .-]", "_", fallback)[:60] or f"camera {number}", text, {})


def _of_file(file: Path) -> list[CameraConfig]:
    try:
        tables = tomllib.loads(file.read_text("utf-8")).get("camera", [])
        return [_made(str(t["name"]), str(t["address"]), t) for t in tables]
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, AttributeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"{file} is not understood: {error}",
            'It needs [[camera]] tables with name = "…" and address = "…".',
        ) from error


def _made(name: str, address: str, table: Mapping[str, object]) -> CameraConfig:
    if not _NAME.match(name):
        raise UsageError(
            f"{name!r} is no name for a camera", "Use letters, digits, spaces, dots and dashes."
        )
    transport = table.get("transport", "tcp")
    if transport not in ("tcp", "udp"):
        raise UsageError(f"camera {name}: transport is tcp or udp, not {transport!r}")
    options = CameraOptions(
        transport="udp" if transport == "udp" else "tcp", loop=bool(table.get("loop", False))
    )
    return CameraConfig(name, address, options)
