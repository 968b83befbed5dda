"""SQLite inside: one file, safe against kill -9, erased rows overwritten, writers in line."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from personae.adapters.stores.schema import meta, metadata
from personae.core.errors import LibraryBusy, LibraryCorrupt, LibraryMissing, LibraryTooNew

SCHEMA = "0001"
"""The newest migration this version knows."""
FILE = "library.db"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA busy_timeout=60000",
    "PRAGMA temp_store=MEMORY",
)


def open_engine(folder: Path, *, create: bool) -> Engine:
    """The library's database in ``folder``, made or brought up to date as needed.

    Raises:
        LibraryMissing: there is none and ``create`` is False.
        LibraryTooNew: a later version wrote it.
        LibraryCorrupt: the file is not a sound database.
    """
    path = folder / FILE
    if not path.exists() and not create:
        raise LibraryMissing(f"there is no library in {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    engine = _engine(path)
    try:
        _bring_up(engine, folder)
    except OperationalError as failure:
        raise LibraryBusy(f"the library in {folder} cannot be opened: {failure.orig}") from failure
    except DatabaseError as failure:
        raise LibraryCorrupt(f"{path} is damaged: {failure.orig}") from failure
    return engine


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # We begin transactions ourselves: a deferred one that turns into a writer fails at once
        # when another writer was quicker, however long the busy timeout is
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _bring_up(engine: Engine, folder: Path) -> None:
    with engine.connect() as connection:
        known = engine.dialect.has_table(connection, "meta")
        found = (
            connection.scalar(select(meta.c.value).where(meta.c.key == "schema")) if known else None
        )
    if found == SCHEMA:
        return
    if found is not None and found > SCHEMA:
        raise LibraryTooNew(f"the library in {folder} has schema {found}; this version: {SCHEMA}")
    if found is not None:
        # Costs a third of a second to import and is needed once a version
        from personae.adapters.stores.migrate import upgrade

        upgrade(engine)
        return
    with writing(engine) as connection:
        metadata.create_all(connection)
        if connection.scalar(select(meta.c.value).where(meta.c.key == "schema")) is None:
            connection.execute(insert(meta), [{"key": "schema", "value": SCHEMA}])


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A short transaction that writes; commits at the end, rolls back on any error."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the library."""
    with engine.connect() as connection, connection.begin():
        yield connection


def now_ms() -> int:
    """UTC in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
