"""Every row of a library without what may differ between two runs: numbers and the clock."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from pathlib import Path

CLOCK = {"added_at", "started_at", "finished_at", "created_at", "updated_at", "at", "undone_at"}
PER_RUN = {
    # Which worker did a job how often, and what it decoded in its last attempt
    "job": {"worker", "attempts", "lease_until", "frames", "progress"},
    "meta": {"value"},
    # Acts keep rows as they were, with their numbers
    "act": {"before"},
}
REFERS = {
    "place": {"media": "media"},
    "run": {"media": "media"},
    "sighting": {"run": "run", "body": "sighting"},
    "shot": {"sighting": "sighting"},
    "crop": {"shot": "shot"},
    "embedding": {"sighting": "sighting", "space": "space"},
    "belongs": {"sighting": "sighting", "person": "person"},
    "pin": {"person": "person"},
    "template": {"person": "person", "space": "space"},
}


def rows_without_ids(database: Path) -> dict[str, list[str]]:
    """Table → a digest of each row, sorted; references are told by what they refer to."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("sqlite_", "alembic"))
        ]
        tables = {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
            for name in names
        }
    return _Told(tables).everything()


class _Told:
    """Rows as digests, each worked out once."""

    def __init__(self, tables: dict[str, list[dict[str, object]]]) -> None:
        self._tables = tables
        self._by_id = {
            name: {row["id"]: row for row in rows if "id" in row} for name, rows in tables.items()
        }
        self._known: dict[tuple[str, object], str] = {}
        self._owned: dict[object, list[object]] = {}
        for row in tables["belongs"]:
            self._owned.setdefault(row["person"], []).append(row["sighting"])

    def everything(self) -> dict[str, list[str]]:
        """Table → sorted digests."""
        return {
            name: sorted(self._digest(name, row) for row in rows)
            for name, rows in self._tables.items()
        }

    def _of(self, table: str, number: object) -> str:
        if number is None:
            return "none"
        key = table, number
        if key not in self._known:
            self._known[key] = self._digest(table, self._by_id[table][number])
        return self._known[key]

    def _digest(self, table: str, row: dict[str, object]) -> str:
        left_out = CLOCK | PER_RUN.get(table, set()) | {"id"}
        refers = REFERS.get(table, {})
        told: dict[str, object] = {}
        for column, value in row.items():
            if column in refers:
                told[column] = self._of(refers[column], value)
            elif column not in left_out:
                told[column] = _plain(table, column, value)
        if table == "person":
            # Nameless people are told apart by the faces that are theirs
            told["faces"] = sorted(self._of("sighting", s) for s in self._owned.get(row["id"], []))
        text = json.dumps(told, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(table: str, column: str, value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if table == "job" and column == "result" and isinstance(value, str):
        result = json.loads(value)
        # A job whose worker died after its last write finds the work done: skipped, no counts
        return sorted(set(result or {}) - {"media", "skipped", "counts", "kind", "damage"})
    return value
