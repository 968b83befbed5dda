"""Brings the library of an older version to the tables of this one, with a copy made first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from personae.adapters.stores.schema import SCHEMA, meta
from personae.core.errors import LibraryCorrupt

STEPS = Path(__file__).parent / "migrations"
"""Alembic's folder: one file a step below ``versions``."""


def upgrade(engine: Engine, target: str = SCHEMA, steps: Path = STEPS) -> list[str]:
    """Runs the steps that are missing, all or none; answers their numbers.

    The table ``meta`` says which were run, not one of Alembic's own: a library made by this
    version never saw a step. Before the first step the database is copied beside itself, to
    ``library.db.before-<target>``.

    Raises:
        LibraryCorrupt: a step left rows that refer to nothing; nothing was changed.
    """
    with engine.connect() as connection:
        if not _missing(connection, target, steps):
            return []
        known = inspect(connection).has_table("meta")
    if known:
        _copy(engine, target)
    with _unbound(engine) as connection:
        # Another process may have been quicker
        missing = _missing(connection, target, steps)
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        with Operations.context(context):
            for step in missing:
                step.module.upgrade()
        if missing:
            connection.execute(delete(meta).where(meta.c.key == "schema"))
            connection.execute(insert(meta), [{"key": "schema", "value": target}])
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise LibraryCorrupt(f"the library cannot be brought to {target}: {broken}")
    return [step.revision for step in missing]


def copies(engine: Engine) -> list[Path]:
    """Copies made before upgrades. Whoever erases something for good deletes these too."""
    path = Path(str(engine.url.database))
    return sorted(path.parent.glob(f"{path.name}.before-*"))


def _missing(connection: Connection, target: str, steps: Path) -> list[Script]:
    found = None
    if inspect(connection).has_table("meta"):
        found = connection.scalar(select(meta.c.value).where(meta.c.key == "schema"))
    if found == target:
        return []
    scripts = ScriptDirectory(str(steps))
    return list(reversed(list(scripts.iterate_revisions(target, found or "base"))))


def _copy(engine: Engine, target: str) -> None:
    path = Path(f"{engine.url.database}.before-{target}")
    path.unlink(missing_ok=True)
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM INTO ?", (str(path),))
        cursor.close()
    finally:
        raw.close()


@contextmanager
def _unbound(engine: Engine) -> Iterator[Connection]:
    """A transaction in which references are not followed.

    A table that is copied to change it is dropped once, and all that refers to its rows would go
    with it.
    """
    with engine.connect().execution_options(writes=True) as connection:
        # Below SQLAlchemy: the switch does nothing once a transaction has begun
        raw = connection.connection.cursor()
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
            raw.close()
