"""Every change to people with its inverse: the rows as they were, anchored to content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Row, Table, delete, func, insert, select, update

from personae.adapters.stores.anchors import Anchor, Resolver, anchors_of
from personae.adapters.stores.person_changes import note_changed
from personae.adapters.stores.schema import act, belongs, constraint, person, pin, template
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.core.errors import NothingToUndo
from personae.core.records import UNKNOWN, Act

_Row: TypeAlias = dict[str, object]


class ActRows:
    """Fits the ActStore socket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def snapshot(self, persons: Sequence[int]) -> dict[str, object]:
        """All rows about these people as they are now, in a form that outlives re-indexing."""
        with reading(self._engine) as connection:
            return snapshot_of(connection, persons)

    def record(self, verb: str, summary: str, before: dict[str, object]) -> int:
        """Notes an act with what it was before; its number."""
        values = {"at": now_ms(), "verb": verb, "summary": summary, "before": before}
        with writing(self._engine) as connection:
            return int(connection.execute(insert(act).returning(act.c.id), [values]).scalar_one())

    def all(self) -> list[Act]:
        """Every act, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(act).order_by(act.c.id.desc())).all()
        return [_act(row, row.undone_at is not None) for row in rows]

    def undo(self) -> Act:
        """Takes back the last act that stands; NothingToUndo when there is none."""
        with writing(self._engine) as connection:
            row = connection.execute(
                select(act).where(act.c.undone_at.is_(None)).order_by(act.c.id.desc()).limit(1)
            ).first()
            if row is None:
                raise NothingToUndo("there is nothing to undo")
            _restore(connection, row.before)
            note_changed(connection, None)
            connection.execute(update(act).where(act.c.id == row.id).values(undone_at=now_ms()))
        return _act(row, True)

    def forget(self, persons: Iterable[int]) -> None:
        """Blanks every act about these people: it says nothing of them and cannot be undone."""
        gone = set(persons)
        blank: dict[str, object] = {"ids": [], "created": []}
        query = select(act.c.id, act.c.before["ids"], act.c.before["created"])
        with writing(self._engine) as connection:
            about = [
                number
                for number, ids, created in connection.execute(query).all()
                if gone & {*(ids or ()), *(created or ())}
            ]
            for number in about:
                values = {"summary": "(forgotten)", "before": blank, "undone_at": now_ms()}
                connection.execute(update(act).where(act.c.id == number).values(**values))


def _act(row: Row[tuple[object, ...]], undone: bool) -> Act:
    return Act(row.id, row.at, row.verb, row.summary, undone, row.before.get("by") or "hand")


def snapshot_of(connection: Connection, persons: Sequence[int]) -> dict[str, object]:
    """What `ActRows.snapshot` gives, within a transaction."""
    ids = sorted(set(persons))
    rows = connection.execute(
        select(belongs).where(belongs.c.person.in_(ids)).order_by(belongs.c.id)
    ).all()
    anchors = anchors_of(connection, [row.sighting for row in rows])
    owned = select(template.c.id, template.c.person).where(template.c.person.in_(ids))
    return {
        "ids": ids,
        "newest_constraint": connection.scalar(select(func.max(constraint.c.id))) or 0,
        "newest_pin": connection.scalar(select(func.max(pin.c.id))) or 0,
        "person": _rows(connection, person, ids, "id"),
        "pin": _rows(connection, pin, ids, "person"),
        "template_of": [[row.id, row.person] for row in connection.execute(owned)],
        "belongs": [
            {
                "anchor": anchors[row.sighting].as_json(),
                "sighting": row.sighting,
                "person": row.person,
                "by": row.by,
                "score": row.score,
            }
            for row in rows
        ],
    }


def _rows(connection: Connection, table: Table, ids: list[int], column: str) -> list[_Row]:
    query = select(table).where(table.c[column].in_(ids)).order_by(table.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def _restore(connection: Connection, before: dict[str, Any]) -> None:
    ids: list[int] = before["ids"]
    connection.execute(delete(constraint).where(constraint.c.id > before["newest_constraint"]))
    connection.execute(delete(pin).where(pin.c.id > before["newest_pin"]))
    if _put_back(connection, before["person"]):
        # A merge: who of those that came since belongs to whom is for the next clustering to say
        came = belongs.c.person.in_(ids) & (belongs.c.by != "hand")
        connection.execute(delete(belongs).where(came))
    _put_back_pins(connection, before["pin"])
    for number, owner in before["template_of"]:
        connection.execute(update(template).where(template.c.id == number).values(person=owner))
    losers = _give_back(connection, before["belongs"])
    connection.execute(delete(person).where(person.c.id.in_(before["created"])))
    _drop_empty(connection, losers - {*ids, *before["created"]})


def _put_back(connection: Connection, people: list[_Row]) -> bool:
    """People as they were; whether any of them was gone."""
    ids = [row["id"] for row in people]
    there = set(connection.execute(select(person.c.id).where(person.c.id.in_(ids))).scalars())
    for row in people:
        if row["id"] in there:
            values = {k: v for k, v in row.items() if k != "id"}
            connection.execute(update(person).where(person.c.id == row["id"]).values(**values))
        else:
            connection.execute(insert(person), [row])
    return len(there) < len(ids)


def _put_back_pins(connection: Connection, pins: list[_Row]) -> None:
    for row in pins:
        connection.execute(delete(pin).where(pin.c.id == row["id"]))
        connection.execute(insert(pin), [row])


def _give_back(connection: Connection, rows: list[dict[str, Any]]) -> set[int]:
    """What belonged to people belongs to them again; who lost something by it."""
    resolver = Resolver(connection)
    losers: set[int] = set()
    for row in rows:
        found = resolver.find(Anchor.from_json(row["anchor"]))
        if found is None:
            continue
        mine = belongs.c.sighting == found
        losers.update(connection.execute(select(belongs.c.person).where(mine)).scalars())
        connection.execute(delete(belongs).where(mine))
        values = {k: row[k] for k in ("person", "by", "score")}
        connection.execute(insert(belongs), [{"sighting": found, **values}])
    return losers


def _drop_empty(connection: Connection, losers: set[int]) -> None:
    """Without the people that a clustering made meanwhile and that nothing is left of."""
    for number in sorted(losers):
        row = connection.execute(select(person).where(person.c.id == number)).one()
        made = row.kind == "auto" and row.gender == UNKNOWN and not row.tags
        held = any(
            connection.execute(select(t.c.id).where(t.c.person == number).limit(1)).first()
            for t in (belongs, pin, template)
        )
        if made and not held:
            connection.execute(delete(person).where(person.c.id == number))
