"""SQLite inside: one file, safe against kill -9, erased rows overwritten, writers in line."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import ConnectionPoolEntry

from personae.adapters.stores.schema import SCHEMA as SCHEMA
from personae.adapters.stores.schema import meta, metadata
from personae.core.errors import (
    LibraryBusy,
    LibraryCorrupt,
    LibraryMissing,
    LibraryTooNew,
    StoreError,
)

FILE = "library.db"
WAIT_S = 60
"""How long a writer waits for the others."""
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)

_WHOLE: ContextVar[tuple[Engine, Connection] | None] = ContextVar("whole", default=None)
"""The transaction that everything in this thread is part of now."""


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
    with _told():
        _bring_up(engine, folder)
    return engine


def _engine(path: Path) -> Engine:
    # Not as text: a folder's name may hold ? or #
    address = URL.create("sqlite", database=str(path))
    engine = create_engine(address, connect_args={"timeout": WAIT_S})

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
    whole = _whole(engine)
    if whole is not None:
        # Taken back on an error, though the caller may go on with the rest
        with whole.begin_nested():
            yield whole
        return
    with (
        _told(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the library."""
    whole = _whole(engine)
    if whole is not None:
        yield whole
        return
    with _told(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def together(engine: Engine) -> Iterator[None]:
    """What this thread writes meanwhile is one transaction, and is what it reads meanwhile.

    Nobody else writes until it ends; others read what was before.
    """
    with writing(engine) as connection:
        token = _WHOLE.set((engine, connection))
        try:
            yield
        finally:
            _WHOLE.reset(token)


def _whole(engine: Engine) -> Connection | None:
    whole = _WHOLE.get()
    return whole[1] if whole is not None and whole[0] is engine else None


def checkpoint(engine: Engine) -> None:
    """Moves all that was written into the database file and empties the write-ahead log.

    Erased rows are overwritten in the file (``secure_delete``); until then their old bytes may
    still lie in the log.

    Raises:
        LibraryBusy: somebody reads or writes for longer than a writer waits.
    """
    with _told():
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.close()
        finally:
            raw.close()
    if busy:
        raise LibraryBusy("another process reads the library; erased rows are still in its log")


@contextmanager
def _told() -> Iterator[None]:
    """The database's own errors as ours, which say what to do."""
    try:
        yield
    except IntegrityError:
        raise
    except (DatabaseError, sqlite3.DatabaseError) as failure:
        why = failure.orig if isinstance(failure, DatabaseError) else failure
        if "locked" in str(why) or "busy" in str(why):
            raise LibraryBusy(f"the library is in use: {why}") from failure
        if isinstance(why, sqlite3.OperationalError):
            raise StoreError(f"the library cannot be used: {why}") from failure
        if isinstance(why, sqlite3.DatabaseError) and type(why) is sqlite3.DatabaseError:
            raise LibraryCorrupt(f"the library is damaged: {why}") from failure
        raise


def now_ms() -> int:
    """UTC in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
