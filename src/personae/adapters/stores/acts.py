"""Every change to people with its inverse: the rows as they were, anchored to content."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from personae.adapters.stores.anchors import Anchor, Resolver, anchors_of
from personae.adapters.stores.schema import act, belongs, constraint, person, pin, template
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.core.errors import NothingToUndo
from personae.core.records import Act


class ActRows:
    """Fits the ActStore socket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def snapshot(self, persons: Sequence[int]) -> dict[str, object]:
        """All rows about these people as they are now, in a form that outlives re-indexing."""
        ids = sorted(set(persons))
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(belongs).where(belongs.c.person.in_(ids)).order_by(belongs.c.id)
            ).all()
            anchors = anchors_of(connection, [row.sighting for row in rows])
            return {
                "ids": ids,
                "newest_person": connection.scalar(select(func.max(person.c.id))) or 0,
                "newest_constraint": connection.scalar(select(func.max(constraint.c.id))) or 0,
                "person": _rows(connection, person, ids, "id"),
                "pin": _rows(connection, pin, ids, "person"),
                "template": list(
                    connection.execute(
                        select(template.c.id).where(template.c.person.in_(ids))
                    ).scalars()
                ),
                "template_of": [
                    [r.id, r.person]
                    for r in connection.execute(
                        select(template.c.id, template.c.person).where(template.c.person.in_(ids))
                    )
                ],
                "belongs": [
                    {
                        "anchor": anchors[row.sighting].as_json(),
                        "person": row.person,
                        "by": row.by,
                        "score": row.score,
                    }
                    for row in rows
                ],
            }

    def record(self, verb: str, summary: str, before: dict[str, object]) -> int:
        """Notes an act with what it was before; its number."""
        values = {"at": now_ms(), "verb": verb, "summary": summary, "before": before}
        with writing(self._engine) as connection:
            return int(connection.execute(insert(act).returning(act.c.id), [values]).scalar_one())

    def all(self) -> list[Act]:
        """Every act, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(act).order_by(act.c.id.desc())).all()
        return [Act(r.id, r.at, r.verb, r.summary, r.undone_at is not None) for r in rows]

    def undo(self) -> Act:
        """Takes back the last act that stands; NothingToUndo when there is none."""
        with writing(self._engine) as connection:
            row = connection.execute(
                select(act).where(act.c.undone_at.is_(None)).order_by(act.c.id.desc()).limit(1)
            ).first()
            if row is None:
                raise NothingToUndo("there is nothing to undo")
            _restore(connection, row.before)
            connection.execute(update(act).where(act.c.id == row.id).values(undone_at=now_ms()))
        return Act(row.id, row.at, row.verb, row.summary, True)


def _rows(
    connection: Connection, table: object, ids: list[int], column: str
) -> list[dict[str, object]]:
    query = select(table).where(table.c[column].in_(ids)).order_by(table.c.id)  # type: ignore[attr-defined, call-overload]
    return [dict(row) for row in connection.execute(query).mappings()]


def _restore(connection: Connection, before: dict[str, object]) -> None:
    ids: list[int] = list(before["ids"])  # type: ignore[call-overload]
    old_people: list[dict[str, object]] = list(before["person"])  # type: ignore[call-overload]
    connection.execute(delete(constraint).where(constraint.c.id > before["newest_constraint"]))
    there = set(connection.execute(select(person.c.id).where(person.c.id.in_(ids))).scalars())
    for row in old_people:
        if row["id"] in there:
            values = {k: v for k, v in row.items() if k != "id"}
            connection.execute(update(person).where(person.c.id == row["id"]).values(**values))
        else:
            connection.execute(insert(person), [row])
    connection.execute(delete(belongs).where(belongs.c.person.in_(ids)))
    connection.execute(delete(pin).where(pin.c.person.in_(ids)))
    made = before.get("created", [])
    old_pins: list[dict[str, object]] = list(before["pin"])  # type: ignore[call-overload]
    if old_pins:
        connection.execute(insert(pin), old_pins)
    for template_id, owner in before["template_of"]:  # type: ignore[attr-defined]
        connection.execute(
            update(template).where(template.c.id == template_id).values(person=owner)
        )
    _give_back(connection, before["belongs"])  # type: ignore[arg-type]
    if made:
        connection.execute(delete(person).where(person.c.id.in_(made)))  # type: ignore[arg-type]


def _give_back(connection: Connection, rows: list[dict[str, object]]) -> None:
    resolver = Resolver(connection)
    for row in rows:
        found = resolver.find(Anchor.from_json(row["anchor"]))  # type: ignore[arg-type]
        if found is None:
            continue
        connection.execute(delete(belongs).where(belongs.c.sighting == found))
        values = {k: row[k] for k in ("person", "by", "score")}
        connection.execute(insert(belongs), [{"sighting": found, **values}])
