"""Rows about where people were, without any vector: what counting reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Engine, select

from personae.adapters.stores.packing import unpack_path
from personae.adapters.stores.schema import media, run, sighting
from personae.adapters.stores.sqlite import reading
from personae.core.traces import Trace


def traces(engine: Engine, media_id: int) -> list[Trace]:
    """Everything shown that was seen in a medium, in order of time."""
    query = (
        select(sighting, media.c.base_num, media.c.base_den)
        .join(run, (run.c.id == sighting.c.run) & (run.c.state == "shown"))
        .join(media, media.c.id == run.c.media)
        .where(media.c.id == media_id)
        .order_by(sighting.c.first, sighting.c.id)
    )
    found = []
    with reading(engine) as connection:
        for row in connection.execute(query):
            unit, path = row.base_num / row.base_den, unpack_path(row.path)
            found.append(
                Trace(
                    id=row.id,
                    media=media_id,
                    kind=row.kind,
                    start=row.first * unit,
                    end=row.last * unit,
                    times=path.times * unit,
                    boxes=path.boxes,
                    quality=row.quality,
                    body=row.body,
                )
            )
    return found


def work_done(engine: Engine, media_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """What the shown analysis of each of these media counted."""
    with reading(engine) as connection:
        rows = connection.execute(select(run.c.media, run.c.counts).where(run.c.state == "shown"))
        return {row.media: row.counts for row in rows if row.media in media_ids}
