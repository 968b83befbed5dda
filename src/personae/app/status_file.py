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


_history = threading.Lock()
"""One for all histories of a process: whoever has one may add to it or shorten it."""


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

    def add(self, at: int, event: str, details: Mapping[str, object]) -> None:
        """One event; ``at`` in milliseconds since 1970."""
        line = json.dumps({"at": at, "event": event, **details}, ensure_ascii=False) + "\n"
        data = line.encode()
        with _history:
            if self._path.exists() and self._path.stat().st_size + len(data) > self._largest:
                self._rotate()
            with self._path.open("ab") as stream:
                stream.write(data)

    def forget_before(self, moment: int) -> int:
        """Deletes the lines of before a moment, in milliseconds since 1970; how many."""
        gone = 0
        with _history:
            for path in sorted(self._path.parent.glob(f"{HISTORY}*")):
                lines = path.read_bytes().splitlines(keepends=True)
                kept = [line for line in lines if _moment(line) >= moment]
                gone += len(lines) - len(kept)
                if not kept:
                    path.unlink()
                elif len(kept) < len(lines):
                    write_whole(path, b"".join(kept))
        return gone

    def _rotate(self) -> None:
        for number in range(KEPT, 0, -1):
            old = self._path.with_name(f"{HISTORY}.{number}")
            newer = self._path if number == 1 else self._path.with_name(f"{HISTORY}.{number - 1}")
            if newer.exists():
                os.replace(newer, old)


def _moment(line: bytes) -> int:
    """When a line was written; one that was cut off by a crash is of no time at all."""
    try:
        return int(json.loads(line)["at"])
    except (ValueError, KeyError, TypeError):
        return -1
