"""What the analyses that are shown have counted: frames looked at, faces too small to keep …"""

from __future__ import annotations

from sqlalchemy import Engine, select

from personae.adapters.stores.schema import run
from personae.adapters.stores.sqlite import reading


def counts_of_shown(engine: Engine) -> dict[int, dict[str, int]]:
    """By medium."""
    query = select(run.c.media, run.c.counts).where(run.c.state == "shown")
    with reading(engine) as connection:
        return {media: dict(counts or {}) for media, counts in connection.execute(query)}
