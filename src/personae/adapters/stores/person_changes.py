"""Of whom something changed: name, kind, faces or enrolled views; numbered, so that others follow.

A watch that runs for months must not read everybody again because one face was kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from personae.adapters.stores.schema import belongs, meta, person_change, run, sighting
from personae.core.records import PeopleChanges

NUMBER, EVERYBODY = "people changes", "everybody changed"
"""Keys of ``meta``: the number of the last change, and of the last that may concern anybody."""
AT_ONCE = 500


def note_changed(connection: Connection, people: Iterable[int] | None) -> None:
    """Says that these people changed; None where it may be anybody."""
    whom = None if people is None else sorted(set(people))
    if whom == []:
        return
    number = _value(connection, NUMBER) + 1
    _set(connection, NUMBER, number)
    if whom is None:
        _set(connection, EVERYBODY, number)
        # Whoever asks later reads everybody; what is older says nothing any more
        connection.execute(delete(person_change))
        return
    for start in range(0, len(whom), AT_ONCE):
        part = whom[start : start + AT_ONCE]
        connection.execute(delete(person_change).where(person_change.c.person.in_(part)))
        connection.execute(insert(person_change), [{"person": n, "at": number} for n in part])


def changes_since(connection: Connection, number: int) -> PeopleChanges:
    """Who changed after the change of this number; everybody, where that is not known."""
    now = _value(connection, NUMBER)
    if not _value(connection, EVERYBODY) <= number <= now:
        return PeopleChanges(now, None)
    if number == now:
        return PeopleChanges(now, frozenset())
    query = select(person_change.c.person).where(person_change.c.at > number)
    return PeopleChanges(now, frozenset(connection.execute(query).scalars()))


def owners_in(connection: Connection, media_id: int) -> set[int]:
    """Everybody to whom something in a medium belongs, in analyses of it that are shown or not."""
    query = (
        select(belongs.c.person)
        .join(sighting, sighting.c.id == belongs.c.sighting)
        .join(run, run.c.id == sighting.c.run)
        .where(run.c.media == media_id)
        .distinct()
    )
    return set(connection.execute(query).scalars())


def _value(connection: Connection, key: str) -> int:
    return int(connection.scalar(select(meta.c.value).where(meta.c.key == key)) or 0)


def _set(connection: Connection, key: str, number: int) -> None:
    changed = update(meta).where(meta.c.key == key).values(value=str(number))
    if not connection.execute(changed).rowcount:
        connection.execute(insert(meta), [{"key": key, "value": str(number)}])
