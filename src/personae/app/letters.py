"""Files of lines that are only added to and never grow without end: alerts, dead letters."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

LARGEST = 5_000_000
"""Bytes after which older lines move to ``NAME.1``, over those before."""


class Letters:
    """Lines of JSON, newest last; any thread may add.

    Args:
        path: of the file.
        largest: bytes after which a new file is begun.
    """

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        self._path = path
        self._largest = largest
        self._lock = threading.Lock()

    def add(self, told: Mapping[str, object]) -> None:
        """One line."""
        data = (json.dumps(told, ensure_ascii=False) + "\n").encode()
        with self._lock:
            if self._path.exists() and self._path.stat().st_size + len(data) > self._largest:
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
            with self._path.open("ab") as stream:
                stream.write(data)
