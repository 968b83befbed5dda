"""Rows of the profiles that cameras made, and what maintenance changes: each in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from personae.adapters.stores.acts import snapshot_of
from personae.adapters.stores.anchors import Anchor, Resolver
from personae.adapters.stores.generation import bump_generation
from personae.adapters.stores.packing import unpack_vectors
from personae.adapters.stores.person_changes import note_changed
from personae.adapters.stores.schema import (
    act,
    belongs,
    constraint,
    crop,
    embedding,
    media,
    person,
    pin,
    run,
    shot,
    sighting,
    space,
    template,
)
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.core.embedding import Space
from personae.core.profiles import Profile, Seen, View
from personae.core.records import UNKNOWN

WATCH = "watch"
"""Who did what maintenance did."""
AT_ONCE = 500
"""Most values in one statement."""

Marks: TypeAlias = tuple[int, int, int]
"""Newest word, newest act, acts undone: what a person said meanwhile changes them."""


class ProfileRows:
    """Profiles: unnamed, untagged people whom nobody but cameras saw.

    Args:
        engine: of the library.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def marks(self) -> Marks:
        """What was said and done so far; changes are made only if nothing came since."""
        with reading(self._engine) as connection:
            return _marks(connection)

    def all(self, wanted: Space) -> list[Profile]:
        """Every profile with its times and its vectors of a space, the oldest first."""
        with reading(self._engine) as connection:
            persons = _profiles(connection)
            seen = _lengths(connection)
            views = _views(connection, wanted, persons, _spoken_of(connection))
            touched = _touched(connection)
        return [
            Profile(one, *seen.get(one, (0, 0.0, 0)), tuple(views.get(one, ())), one in touched)
            for one in persons
        ]

    def seen(self, persons: Collection[int]) -> dict[int, list[Seen]]:
        """Every time that cameras saw these people, in their order."""
        with reading(self._engine) as connection:
            return _seen(connection, sorted(persons))

    def quality(self, persons: Collection[int]) -> dict[int, dict[str, float]]:
        """Parts of the quality of each person's best view that is kept, by name."""
        with reading(self._engine) as connection:
            return _parts_of_best(connection, sorted(persons))

    def crowded(self, wanted: Space, most: int) -> dict[int, list[View]]:
        """Everybody of whom cameras left more vectors than this, with those vectors."""
        counted = (
            _camera(belongs.c.person)
            .join(embedding, embedding.c.sighting == sighting.c.id)
            .join(space, space.c.id == embedding.c.space)
            .where(_is(wanted))
            .group_by(belongs.c.person)
            .having(func.count() > most)
        )
        with reading(self._engine) as connection:
            persons = sorted(row["person"] for row in connection.execute(counted).mappings())
            return _views(connection, wanted, persons, _spoken_of(connection))

    def former(self, persons: Iterable[int], since: int) -> list[frozenset[int]]:
        """Sightings of those merged into these people since then, where that was not undone."""
        wanted = set(persons)
        merges = select(act.c.id, act.c.before["ids"]).where(
            act.c.verb == "merge", act.c.undone_at.is_(None), act.c.at >= since
        )
        found = []
        with reading(self._engine) as connection:
            for number, ids in connection.execute(merges).all():
                if not wanted & set(ids or ()):
                    continue
                before = connection.scalar(select(act.c.before).where(act.c.id == number)) or {}
                parts: dict[int, set[int]] = defaultdict(set)
                for row in before.get("belongs", ()):
                    if "sighting" in row:
                        parts[row["person"]].add(row["sighting"])
                found += [frozenset(part) for part in parts.values()]
        return found

    def apart(self) -> set[frozenset[int]]:
        """Pairs that a person said are two, or whose merge was undone."""
        with reading(self._engine) as connection:
            return {
                *_told_apart(connection),
                *(
                    frozenset((a, b))
                    for ids in connection.execute(
                        select(act.c.before["ids"]).where(
                            act.c.verb == "merge", act.c.undone_at.is_not(None)
                        )
                    ).scalars()
                    for a in ids or ()
                    for b in ids or ()
                    if a < b
                ),
            }

    def thin(self, sightings: Sequence[int], wanted: Space, as_of: Marks) -> int:
        """Drops the vectors of these sightings and their crops; when they were seen stays.

        Sightings that were given to somebody by hand meanwhile keep theirs.
        """
        space_of = select(space.c.id).where(_is(wanted)).scalar_subquery()
        hand = select(belongs.c.sighting).where(belongs.c.by == "hand")
        gone = 0
        with writing(self._engine) as connection:
            if _marks(connection) != as_of:
                return 0
            for start in range(0, len(sightings), AT_ONCE):
                part = list(sightings[start : start + AT_ONCE])
                owners = select(belongs.c.person).where(belongs.c.sighting.in_(part))
                note_changed(connection, connection.execute(owners.distinct()).scalars())
                mine = embedding.c.sighting.in_(part) & embedding.c.sighting.not_in(hand)
                done = connection.execute(
                    delete(embedding).where(mine, embedding.c.space == space_of)
                )
                gone += done.rowcount
                left = select(embedding.c.sighting).where(embedding.c.sighting.in_(part))
                bare = shot.c.sighting.in_(part) & shot.c.sighting.not_in(left)
                shots = select(shot.c.id).where(bare, shot.c.sighting.not_in(hand))
                connection.execute(delete(crop).where(crop.c.shot.in_(shots)))
            if gone:
                bump_generation(connection)
        return gone

    def merge(self, keeper: int, other: int, summary: str, as_of: Marks, at: int) -> bool:
        """Makes one profile of two; False if a person said or did something meanwhile."""
        with writing(self._engine) as connection:
            if _marks(connection) != as_of or not _still_plain(connection, (keeper, other)):
                return False
            before = snapshot_of(connection, [keeper, other])
            for table in (belongs, pin, template):
                mine = table.c.person == other
                connection.execute(update(table).where(mine).values(person=keeper))
            connection.execute(delete(person).where(person.c.id == other))
            _record(connection, ("merge", summary, at), before)
            note_changed(connection, (keeper, other))
        return True

    def drop(self, one: Profile, summary: str, as_of: Marks, at: int) -> bool:
        """Lets a profile go; False if it was seen or touched meanwhile. Its sightings stay."""
        with writing(self._engine) as connection:
            mine = select(func.count()).where(belongs.c.person == one.person)
            same = connection.scalar(mine) == one.times
            if _marks(connection) != as_of or not same:
                return False
            if not _still_plain(connection, (one.person,)):
                return False
            before = snapshot_of(connection, [one.person])
            connection.execute(delete(person).where(person.c.id == one.person))
            _record(connection, ("prune", summary, at), before)
            note_changed(connection, (one.person,))
        return True

    def make(self, sighting_id: int) -> int:
        """A new profile of a face that nobody has, both in one transaction; its number."""
        values: dict[str, object] = {
            "name": None,
            "kind": "auto",
            "gender": UNKNOWN,
            "tags": [],
            "created_at": now_ms(),
        }
        with writing(self._engine) as connection:
            made = connection.execute(insert(person).returning(person.c.id), [values])
            number = int(made.scalar_one())
            mine = belongs.c.sighting == sighting_id
            former = connection.execute(select(belongs.c.person).where(mine)).scalars().all()
            connection.execute(delete(belongs).where(mine))
            row = {"sighting": sighting_id, "person": number, "by": "cluster", "score": 1.0}
            connection.execute(insert(belongs), [row])
            bump_generation(connection)
            note_changed(connection, {number, *former})
        return number


def _is(wanted: Space) -> ColumnElement[bool]:
    return and_(
        space.c.model == wanted.model,
        space.c.weights == wanted.weights,
        space.c.size == wanted.size,
    )


def _camera(*columns: object) -> Select[tuple[object, ...]]:
    """What belongs to somebody and was seen by a camera."""
    chosen: Select[tuple[object, ...]] = select(*columns)  # type: ignore[call-overload]
    return (
        chosen.select_from(belongs)
        .join(sighting, sighting.c.id == belongs.c.sighting)
        .join(run, run.c.id == sighting.c.run)
        .join(media, and_(media.c.id == run.c.media, media.c.kind == "camera"))
        .where(run.c.state == "shown", sighting.c.kind == "face")
    )


def _marks(connection: Connection) -> Marks:
    undone = select(func.count()).where(act.c.undone_at.is_not(None))
    return (
        connection.scalar(select(func.max(constraint.c.id))) or 0,
        connection.scalar(select(func.max(act.c.id))) or 0,
        connection.scalar(undone) or 0,
    )


def _profiles(connection: Connection) -> list[int]:
    elsewhere = (
        select(belongs.c.person)
        .join(sighting, sighting.c.id == belongs.c.sighting)
        .join(run, run.c.id == sighting.c.run)
        .join(media, media.c.id == run.c.media)
        .where((media.c.kind != "camera") | (belongs.c.by == "hand"))
    )
    cameras = _camera(belongs.c.person)
    query = (
        select(person)
        .where(person.c.kind == "auto", person.c.name.is_(None), person.c.gender == UNKNOWN)
        .where(person.c.id.in_(cameras), person.c.id.not_in(elsewhere))
        .where(person.c.id.not_in(select(pin.c.person)))
        .where(person.c.id.not_in(select(template.c.person)))
        .order_by(person.c.id)
    )
    return [row.id for row in connection.execute(query) if not row.tags]


def _still_plain(connection: Connection, persons: Sequence[int]) -> bool:
    return set(persons) <= set(_profiles(connection))


def _lengths(connection: Connection) -> dict[int, tuple[int, float, int]]:
    """How often, for how many seconds and when at last cameras saw everybody."""
    columns = (
        func.count().label("times"),
        func.sum(sighting.c.last - sighting.c.first).label("length"),
        func.max(func.coalesce(media.c.captured_at, 0) + sighting.c.last).label("latest"),
    )
    query = _camera(belongs.c.person, *columns).group_by(belongs.c.person)
    return {
        row["person"]: (row["times"], row["length"] / 1000, row["latest"])
        for row in connection.execute(query).mappings()
    }


def _seen(connection: Connection, persons: Sequence[int]) -> dict[int, list[Seen]]:
    columns = (belongs.c.person, media.c.id, media.c.captured_at, sighting.c.first, sighting.c.last)
    found: dict[int, list[Seen]] = defaultdict(list)
    for start in range(0, len(persons), AT_ONCE):
        mine = belongs.c.person.in_(persons[start : start + AT_ONCE])
        query = _camera(*columns).where(mine).order_by(sighting.c.first)
        for row in connection.execute(query).mappings():
            begin = row["captured_at"] or 0
            one = Seen(row["id"], begin + row["first"], begin + row["last"])
            found[row["person"]].append(one)
    return found


def _views(
    connection: Connection, wanted: Space, persons: Sequence[int], spoken: set[int]
) -> dict[int, list[View]]:
    columns = (
        belongs.c.person,
        belongs.c.by,
        sighting.c.id,
        sighting.c.quality,
        embedding.c.vector,
        embedding.c.shots,
    )
    found: dict[int, list[View]] = defaultdict(list)
    for start in range(0, len(persons), AT_ONCE):
        query = (
            _camera(*columns)
            .join(embedding, embedding.c.sighting == sighting.c.id)
            .join(space, space.c.id == embedding.c.space)
            .where(_is(wanted), belongs.c.person.in_(persons[start : start + AT_ONCE]))
            .order_by(sighting.c.id)
        )
        rows = connection.execute(query).mappings().all()
        vectors = unpack_vectors([row["vector"] for row in rows], wanted.size)
        for row, vector in zip(rows, vectors, strict=True):
            fixed = row["by"] == "hand" or row["id"] in spoken
            view = View(row["id"], vector, row["quality"], row["shots"], fixed)
            found[row["person"]].append(view)
    return found


def _parts_of_best(connection: Connection, persons: Sequence[int]) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for start in range(0, len(persons), AT_ONCE):
        query = (
            _camera(belongs.c.person, shot.c.parts)
            .join(shot, shot.c.sighting == sighting.c.id)
            .join(crop, crop.c.shot == shot.c.id)
            .where(belongs.c.person.in_(persons[start : start + AT_ONCE]))
            .order_by(shot.c.quality)
        )
        found |= {row["person"]: row["parts"] for row in connection.execute(query).mappings()}
    return found


def _words(connection: Connection) -> list[tuple[bool, int, int]]:
    """What was said of faces, in its order, for the sightings that are shown now."""
    resolver = Resolver(connection)
    found = []
    for row in connection.execute(select(constraint).order_by(constraint.c.id)).all():
        a = resolver.find(Anchor.from_json(row.a))
        b = resolver.find(Anchor.from_json(row.b))
        if a is not None and b is not None:
            found.append((bool(row.same), a, b))
    return found


def _spoken_of(connection: Connection) -> set[int]:
    return {face for _, a, b in _words(connection) for face in (a, b)}


def _told_apart(connection: Connection) -> set[frozenset[int]]:
    words = [(a, b) for same, a, b in _words(connection) if not same]
    faces = sorted({face for pair in words for face in pair})
    owner: dict[int, int] = {}
    for start in range(0, len(faces), AT_ONCE):
        mine = belongs.c.sighting.in_(faces[start : start + AT_ONCE])
        rows = connection.execute(select(belongs.c.sighting, belongs.c.person).where(mine))
        owner |= {row.sighting: row.person for row in rows}
    return {frozenset((owner[a], owner[b])) for a, b in words if a in owner and b in owner}


def _touched(connection: Connection) -> set[int]:
    """Everybody about whom a person did something: acts of theirs, and acts they undid."""
    query = select(
        act.c.before["ids"], act.c.before["created"], act.c.before["by"], act.c.undone_at
    )
    found: set[int] = set()
    for ids, created, by, undone in connection.execute(query):
        if by != WATCH or undone is not None:
            found.update(ids or (), created or ())
    return found


def _record(connection: Connection, what: tuple[str, str, int], before: dict[str, object]) -> None:
    verb, summary, at = what
    inverse = {**before, "created": [], "by": WATCH}
    values = {"at": at, "verb": verb, "summary": summary, "before": inverse}
    connection.execute(insert(act), [values])
    bump_generation(connection)
