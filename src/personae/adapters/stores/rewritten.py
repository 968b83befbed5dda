"""A file that we changed ourselves is the medium it was: what was found and said stays with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, delete, select, update

from personae.adapters.stores.schema import act, constraint, media, pin, place, template
from personae.adapters.stores.sqlite import writing
from personae.core.errors import StoreError

Json: TypeAlias = Any
"""What a column of JSON holds."""


def rewritten(engine: Engine, media_id: int, path: Path, sha256: str) -> None:
    """Notes that the file at ``path`` has this content now, its picture being the same.

    Copies at other places still have the former content: they are a medium of their own when
    they are indexed again.

    Raises:
        StoreError: another medium has this content, or there is none of this number.
    """
    state = path.stat()
    with writing(engine) as connection:
        before = connection.scalar(select(media.c.sha256).where(media.c.id == media_id))
        holder = connection.scalar(select(media.c.id).where(media.c.sha256 == sha256))
        if before is None or holder not in (None, media_id):
            raise StoreError(f"{path} cannot be noted as medium {media_id}")
        values = {"sha256": sha256, "bytes": state.st_size}
        connection.execute(update(media).where(media.c.id == media_id).values(**values))
        mine = place.c.media == media_id
        connection.execute(delete(place).where(mine, place.c.path != str(path)))
        stat = {"bytes": state.st_size, "mtime_ns": state.st_mtime_ns}
        connection.execute(update(place).where(mine).values(**stat))
        for table in (pin, template):
            moved = update(table).where(table.c.sha256 == before)
            connection.execute(moved.values(sha256=sha256))
        _anchors(connection, before, sha256)


def _anchors(connection: Connection, before: str, now: str) -> None:
    for row in connection.execute(select(constraint.c.id, constraint.c.a, constraint.c.b)).all():
        if before in (row.a["sha256"], row.b["sha256"]):
            values = {"a": _renamed(row.a, before, now), "b": _renamed(row.b, before, now)}
            connection.execute(update(constraint).where(constraint.c.id == row.id).values(values))
    for number, undoing in connection.execute(select(act.c.id, act.c.before)).all():
        renamed = _renamed(undoing, before, now)
        if renamed != undoing:
            connection.execute(update(act).where(act.c.id == number).values(before=renamed))


def _renamed(found: Json, before: str, now: str) -> Json:
    """The same with the one content named in place of the other."""
    if isinstance(found, dict):
        return {key: _renamed(value, before, now) for key, value in found.items()}
    if isinstance(found, list):
        return [_renamed(value, before, now) for value in found]
    return now if found == before else found
