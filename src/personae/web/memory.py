"""Answers that are dear to compute, kept until anybody changes the library."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from sqlite3 import Connection, connect
from threading import Lock
from typing import TypeVar, cast

T = TypeVar("T")


class Memory:
    """Computes each answer once for one state of the library, however many ask at once.

    Args:
        file: the library's database.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._watch: Connection | None = None
        self._lock = Lock()
        self._locks: dict[Hashable, Lock] = {}
        self._known: dict[Hashable, tuple[int, object]] = {}

    def version(self) -> int:
        """Another number after every change of the library, by whichever process."""
        with self._lock:
            if self._watch is None:
                # A connection that never writes: SQLite counts what all others do
                self._watch = connect(self._file, check_same_thread=False, timeout=60)
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer with this key, made anew if the library has changed since.

        Args:
            key: of the answer; nothing of it may come from a client unchecked, for all are kept.
            make: computes it.
        """
        version = self.version()
        known = self._known.get(key)
        if known is not None and known[0] == version:
            return cast(T, known[1])
        with self._lock:
            mine = self._locks.setdefault(key, Lock())
        with mine:
            version = self.version()
            known = self._known.get(key)
            if known is not None and known[0] == version:
                return cast(T, known[1])
            made = make()
            self._known[key] = version, made
            return made

    def close(self) -> None:
        """Lets go of the database."""
        with self._lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self._known.clear()
