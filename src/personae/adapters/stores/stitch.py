"""Tracks that went over the end of a segment become one again."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, Row, delete, select, update

from personae.adapters.stores.packing import pack_path, pack_vector, unpack_path, unpack_vectors
from personae.adapters.stores.schema import embedding, shot, sighting
from personae.core.embedding import unit
from personae.core.geometry import iou
from personae.core.records import Path

SAME_PLACE = 0.4
"""Least overlap of the last box before the boundary and the first one after it."""
SAME_FACE = 0.3
"""Least cosine where both halves have a vector."""

Half = Row[tuple[object, ...]]


def stitch(connection: Connection, run_id: int, room: int) -> None:
    """Joins the halves at every boundary of a run, bodies first, so that faces find theirs."""
    # Only the segments that hold anything: a leap in a film's times makes numbers leap, too
    held = select(sighting.c.segment).where(sighting.c.run == run_id).distinct()
    for number in sorted(connection.execute(held).scalars()):
        for kind in ("body", "face"):
            left = _halves(connection, run_id, number, kind, sighting.c.closed)
            right = _halves(connection, run_id, number + 1, kind, sighting.c.opened)
            for before, after in _pairs(connection, left, right):
                _join(connection, before, after, room)


def _halves(
    connection: Connection, run_id: int, segment: int, kind: str, condition: object
) -> list[Half]:
    query = (
        select(sighting)
        .where(
            sighting.c.run == run_id,
            sighting.c.segment == segment,
            sighting.c.kind == kind,
            condition,  # type: ignore[arg-type]
        )
        .order_by(sighting.c.number, sighting.c.first)
    )
    return list(connection.execute(query).all())


def _pairs(connection: Connection, left: list[Half], right: list[Half]) -> list[tuple[Half, Half]]:
    """Best overlaps first, each half once."""
    if not left or not right:
        return []
    ends = np.stack([unpack_path(row.path).boxes[-1] for row in left])
    starts = np.stack([unpack_path(row.path).boxes[0] for row in right])
    fit = iou(ends, starts)
    pairs = []
    while fit.max() >= SAME_PLACE:
        i, j = np.unravel_index(int(fit.argmax()), fit.shape)
        if _alike(connection, left[i].id, right[j].id):
            pairs.append((left[i], right[j]))
            fit[i, :] = 0
            fit[:, j] = 0
        fit[i, j] = 0
    return pairs


def _alike(connection: Connection, a: int, b: int) -> bool:
    rows = connection.execute(
        select(embedding.c.vector).where(embedding.c.sighting.in_([a, b]))
    ).scalars()
    packed = list(rows)
    if len(packed) < 2 or len(packed[0]) != len(packed[1]):
        return True
    vectors = unpack_vectors(packed, len(packed[0]) // 2)
    return float(vectors[0] @ vectors[1]) >= SAME_FACE


def _join(connection: Connection, before: Half, after: Half, room: int) -> None:
    """The later half is taken into the earlier one, which takes over its segment's place."""
    first, second = unpack_path(before.path), unpack_path(after.path)
    path = Path(
        np.concatenate([first.times, second.times]), np.concatenate([first.boxes, second.boxes])
    )
    connection.execute(
        update(sighting)
        .where(sighting.c.id == before.id)
        .values(
            last=after.last,
            path=pack_path(path),
            quality=max(before.quality, after.quality),
            closed=after.closed,
            segment=after.segment,
            number=after.number,
            body=before.body if before.body is not None else after.body,
        )
    )
    connection.execute(update(sighting).where(sighting.c.body == after.id).values(body=before.id))
    _join_vectors(connection, before.id, after.id)
    connection.execute(update(shot).where(shot.c.sighting == after.id).values(sighting=before.id))
    connection.execute(delete(sighting).where(sighting.c.id == after.id))
    ranked = connection.execute(
        select(shot.c.id)
        .where(shot.c.sighting == before.id)
        .order_by(shot.c.quality.desc(), shot.c.pts)
    ).scalars()
    surplus = list(ranked)[room:]
    if surplus:
        connection.execute(delete(shot).where(shot.c.id.in_(surplus)))


def _join_vectors(connection: Connection, before: int, after: int) -> None:
    """The mean over all views, for each space that both have; what only one has stays."""
    rows = connection.execute(
        select(embedding).where(embedding.c.sighting.in_([before, after]))
    ).all()
    mine = {row.space: row for row in rows if row.sighting == before}
    for other in (row for row in rows if row.sighting == after):
        own = mine.get(other.space)
        if own is None:
            values: dict[str, object] = {"sighting": before}
            changed = other.id
        else:
            vectors = unpack_vectors([own.vector, other.vector], len(own.vector) // 2)
            mean = unit(vectors[0] * own.shots + vectors[1] * other.shots)
            values = {"vector": pack_vector(mean), "shots": own.shots + other.shots}
            changed = own.id
        connection.execute(update(embedding).where(embedding.c.id == changed).values(**values))
