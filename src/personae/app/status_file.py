"""``status.json`` and ``history.jsonl``: what is known now and what happened, never half a file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from personae.core.live import LiveStatus

STATUS = "status.json"
HISTORY = "history.jsonl"
LARGEST = 5_000_000
"""Bytes of history after which a new file is begun."""
KEPT = 5
"""Old histories that are kept."""


def write_whole(path: Path, data: bytes) -> None:
    """Puts a file in the place of another at once: whoever reads has one of the two, whole."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(data)
    os.replace(part, path)


class StatusFile:
    """Keeps the status of a library's watch.

    Args:
        folder: of the library.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATUS

    def write(self, status: LiveStatus) -> None:
        """The status as it is now."""
        text = json.dumps(status.as_json(), ensure_ascii=False)
        write_whole(self._path, text.encode())


class History:
    """What happened, a line each, newest last; full files are numbered and the oldest go.

    Args:
        folder: of the library.
        largest: bytes after which a new file is begun.

    Any thread may add.
    """

    def __init__(self, folder: Path, largest: int = LARGEST) -> None:
        self._path = folder / HISTORY
        self._largest = largest
        self._lock = threading.Lock()

    def add(self, at: int, event: str, details: Mapping[str, object]) -> None:
        """One event; ``at`` in milliseconds since 1970."""
        line = json.dumps({"at": at, "event": event, **details}, ensure_ascii=False) + "\n"
        data = line.encode()
        with self._lock:
            if self._path.exists() and self._path.stat().st_size + len(data) > self._largest:
                self._rotate()
            with self._path.open("ab") as stream:
                stream.write(data)

    def _rotate(self) -> None:
        for number in range(KEPT, 0, -1):
            old = self._path.with_name(f"{HISTORY}.{number}")
            newer = self._path if number == 1 else self._path.with_name(f"{HISTORY}.{number - 1}")
            if newer.exists():
                os.replace(newer, old)
