"""What people said about a medium's faces, carried over to a new analysis of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, Row, delete, insert, select

from personae.adapters.stores.anchors import Anchor, Resolver, trails_of
from personae.adapters.stores.schema import act, belongs, media, person, pin, run, sighting


def carry_over(connection: Connection, run_id: int, media_id: int) -> None:
    """Gives the new run's sightings to the people the former run's were given to.

    By hand first (pins), then whatever belonged to people somebody has named, tagged, hidden,
    merged, split or told apart; people that only a clustering made are found anew.
    """
    resolver = Resolver(connection, run_id)
    rows = _former(connection, run_id, media_id)
    trails = trails_of(connection, [row.sighting for row in rows])
    claims: dict[int, Counter[int]] = defaultdict(Counter)
    for number, row in enumerate(rows):
        for anchor in trails[row.sighting]:
            found = resolver.find(anchor)
            if found is not None:
                claims[found][number] += 1
    given: dict[int, dict[str, object]] = {}
    for found, votes in claims.items():
        row = rows[max(votes, key=lambda number: (votes[number], -number))]
        given[found] = {"person": row.person, "by": row.by, "score": row.score}
    for found, person_id, by in _pinned(connection, media_id, resolver):
        given[found] = {"person": person_id, "by": by, "score": None}
    if given:
        mine = select(sighting.c.id).where(sighting.c.run == run_id)
        connection.execute(delete(belongs).where(belongs.c.sighting.in_(mine)))
        values = [{"sighting": sighting_id, **row} for sighting_id, row in given.items()]
        connection.execute(insert(belongs), values)


def _former(
    connection: Connection, run_id: int, media_id: int
) -> Sequence[Row[tuple[object, ...]]]:
    """What belongs to somebody in the medium's other runs and is worth carrying over."""
    query = (
        select(belongs, person.c.kind, person.c.gender, person.c.tags)
        .join(sighting, sighting.c.id == belongs.c.sighting)
        .join(run, run.c.id == sighting.c.run)
        .join(person, person.c.id == belongs.c.person)
        .where(run.c.media == media_id, run.c.id != run_id)
        .order_by(belongs.c.id)
    )
    rows = connection.execute(query).all()
    touched = _touched(connection) if rows else set()
    return [
        row
        for row in rows
        if row.kind != "auto"
        or row.gender != "Unknown"
        or row.tags
        or row.by == "hand"
        or row.person in touched
    ]


def _touched(connection: Connection) -> set[int]:
    """Everybody an act that stands is about."""
    query = select(act.c.before["ids"], act.c.before["created"]).where(act.c.undone_at.is_(None))
    found: set[int] = set()
    for ids, created in connection.execute(query):
        found.update(ids or (), created or ())
    return found


def _pinned(
    connection: Connection, media_id: int, resolver: Resolver
) -> list[tuple[int, int, str]]:
    """(sighting, person, by) of the pins in a medium; later pins win."""
    query = (
        select(pin)
        .join(media, media.c.sha256 == pin.c.sha256)
        .where(media.c.id == media_id)
        .order_by(pin.c.id)
    )
    found = []
    for row in connection.execute(query):
        x1, y1, x2, y2 = row.box
        sighting_id = resolver.find(Anchor(row.sha256, row.kind, row.pts, (x1, y1, x2, y2)))
        if sighting_id is not None:
            found.append((sighting_id, row.person, row.by))
    return found
