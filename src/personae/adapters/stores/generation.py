"""A number that grows whenever vectors come or go, so that indexes follow."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from personae.adapters.stores.schema import meta


def bump_generation(connection: Connection) -> None:
    """Says that vectors were added or taken away, so that indexes follow."""
    found = connection.scalar(select(meta.c.value).where(meta.c.key == "generation"))
    if found is None:
        connection.execute(insert(meta), [{"key": "generation", "value": "1"}])
        return
    connection.execute(
        update(meta).where(meta.c.key == "generation").values(value=str(int(found) + 1))
    )
