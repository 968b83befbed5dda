"""Work that was asked for through the web, and its journal, which outlives the server."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Literal

from personae.core.records import JobState

Kind = Literal["index", "clips", "supercut", "export", "playable"]
OVER: tuple[JobState, ...] = ("done", "failed", "cancelled")
"""States after which nothing more happens by itself."""
MOST = 5000
"""Tasks that are over and still told of."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work.

    Attributes:
        id: opaque.
        kind: what is done.
        title: what to call it on screen.
        state: as of any job.
        progress: 0 to 1.
        created_at: UTC in milliseconds, as is ``updated_at``.
        payload: what it needs to be done, and done again.
        result: what came of it.
        error: code, message and hint of what went wrong.
        by: name of who asked for it; empty where there are no users.
    """

    id: str
    kind: Kind
    title: str
    state: JobState
    progress: float
    created_at: int
    updated_at: int
    payload: dict[str, object] = field(default_factory=dict)
    result: dict[str, object] | None = None
    error: dict[str, str] | None = None
    by: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state in OVER


class Journal:
    """Tasks in a small database of their own beside the library's.

    Args:
        file: made if it is not there.
    """

    def __init__(self, file: Path) -> None:
        self._lock = Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS task "
            "(number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, data TEXT NOT NULL)"
        )

    def save(self, task: Task) -> None:
        """Keeps the task as it is now."""
        data = json.dumps(asdict(task))
        with self._lock:
            self._base.execute(
                "INSERT INTO task (id, data) VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET data = excluded.data",
                (task.id, data),
            )

    def drop(self, ids: list[str]) -> None:
        """Forgets tasks."""
        with self._lock:
            self._base.executemany("DELETE FROM task WHERE id = ?", [(one,) for one in ids])

    def all(self) -> list[Task]:
        """Every task, oldest first."""
        with self._lock:
            rows = self._base.execute("SELECT data FROM task ORDER BY number").fetchall()
        return [Task(**json.loads(data)) for (data,) in rows]

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._base.close()
