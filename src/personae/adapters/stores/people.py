"""Rows about people: who they are, what belongs to them, what a person said for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Engine, and_, delete, func, insert, select, update

from personae.adapters.stores.among import among
from personae.adapters.stores.anchors import Anchor, Resolver, anchors_of
from personae.adapters.stores.generation import bump_generation
from personae.adapters.stores.packing import pack_vector, unpack_vectors
from personae.adapters.stores.person_changes import changes_since, note_changed
from personae.adapters.stores.runs import space_id
from personae.adapters.stores.schema import (
    belongs,
    constraint,
    media,
    person,
    pin,
    run,
    sighting,
    space,
    template,
)
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.core.embedding import Space
from personae.core.errors import StoreError, UnknownPerson
from personae.core.records import (
    UNKNOWN,
    AssignedBy,
    Constraint,
    PeopleChanges,
    Person,
    PersonKind,
    Template,
)


class PeopleRows:
    """Fits the PeopleStore socket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[Person]:
        """Everybody with their counts, the longest on screen first."""
        with reading(self._engine) as connection:
            return _counted(connection, None)

    def one(self, person_id: int) -> Person | None:
        """The person of this number with their counts."""
        with reading(self._engine) as connection:
            return next(iter(_counted(connection, person_id)), None)

    def create(self, name: str | None, kind: PersonKind, gender: str) -> int:
        """A new person; their number."""
        values: dict[str, object] = {
            "name": name,
            "kind": kind,
            "gender": gender,
            "tags": [],
            "created_at": now_ms(),
        }
        with writing(self._engine) as connection:
            made = connection.execute(insert(person).returning(person.c.id), [values])
            number = int(made.scalar_one())
            note_changed(connection, [number])
        return number

    def found(self, groups: Sequence[Mapping[int, float]]) -> int:
        """A new unnamed person for each group of sightings with their scores; how many."""
        made = 0
        blank: dict[str, object] = {"name": None, "kind": "auto", "gender": UNKNOWN, "tags": []}
        with writing(self._engine) as connection:
            there = set(_still_there(connection, sorted({s for group in groups for s in group})))
            rows: list[dict[str, object]] = []
            for group in groups:
                mine = [s for s in sorted(group) if s in there]
                if not mine:
                    continue
                new = connection.execute(
                    insert(person).returning(person.c.id), [{**blank, "created_at": now_ms()}]
                ).scalar_one()
                rows += [
                    {"sighting": s, "person": new, "by": "cluster", "score": group[s]} for s in mine
                ]
                made += 1
            if rows:
                _release(connection, [int(str(row["sighting"])) for row in rows])
                connection.execute(insert(belongs), rows)
                bump_generation(connection)
                note_changed(connection, None)
        return made

    def change(self, person_id: int, values: Mapping[str, object]) -> None:
        """Sets columns of a person; UnknownPerson if there is none."""
        with writing(self._engine) as connection:
            done = connection.execute(
                update(person).where(person.c.id == person_id).values(**values)
            )
            if not done.rowcount:
                raise UnknownPerson(f"there is no person {person_id}")
            note_changed(connection, [person_id])

    def remove(self, persons: Iterable[int]) -> None:
        """Deletes people; their sightings belong to nobody."""
        gone = sorted(set(persons))
        if not gone:
            return
        with writing(self._engine) as connection:
            for start in range(0, len(gone), 500):
                part = gone[start : start + 500]
                connection.execute(delete(person).where(person.c.id.in_(part)))
            bump_generation(connection)
            note_changed(connection, gone)

    def assign(
        self,
        sightings: Iterable[int],
        person_id: int,
        by: AssignedBy,
        scores: Mapping[int, float] | None = None,
    ) -> None:
        """Gives sightings to a person, whomever they belonged to before.

        By hand, a pin is left as well, which later runs find again. Sightings that a new analysis
        has replaced meanwhile are left out: the next clustering sees those that took their place.

        Raises:
            UnknownPerson: there is no such person (any more).
        """
        known = scores or {}
        with writing(self._engine) as connection:
            if connection.scalar(select(person.c.id).where(person.c.id == person_id)) is None:
                raise UnknownPerson(f"there is no person {person_id}")
            wanted = _still_there(connection, sorted(set(sightings)))
            if not wanted:
                return
            former = _release(connection, wanted)
            rows = [
                {"sighting": s, "person": person_id, "by": by, "score": known.get(s)}
                for s in wanted
            ]
            connection.execute(insert(belongs), rows)
            bump_generation(connection)
            note_changed(connection, {person_id, *former})
            if by == "hand":
                anchors = anchors_of(connection, wanted)
                connection.execute(
                    insert(pin),
                    [
                        {**anchors[s].as_json(), "person": person_id, "by": by, "at": now_ms()}
                        for s in wanted
                    ],
                )

    def release(self, sightings: Sequence[int]) -> None:
        """Takes sightings away from whomever they belong to."""
        with writing(self._engine) as connection:
            note_changed(connection, _release(connection, sightings))
            bump_generation(connection)

    def take_over(self, target: int, source: int) -> None:
        """All that belongs to ``source`` belongs to ``target`` from now on; source is deleted."""
        if target == source:
            return
        with writing(self._engine) as connection:
            if connection.scalar(select(person.c.id).where(person.c.id == target)) is None:
                raise UnknownPerson(f"there is no person {target}")
            for table in (belongs, pin, template):
                connection.execute(
                    update(table).where(table.c.person == source).values(person=target)
                )
            connection.execute(delete(person).where(person.c.id == source))
            bump_generation(connection)
            note_changed(connection, [target, source])

    def constrain(self, same: bool, a: int, b: int) -> None:
        """Notes for ever that two sightings are, or are not, of one person."""
        with writing(self._engine) as connection:
            anchors = anchors_of(connection, [a, b])
            if len(anchors) < 2:
                raise StoreError(
                    f"sighting {a} or {b} is gone: the file was analysed anew meanwhile",
                    "Nothing was changed; look the numbers up again.",
                )
            values = {
                "same": same,
                "a": anchors[a].as_json(),
                "b": anchors[b].as_json(),
                "at": now_ms(),
            }
            connection.execute(insert(constraint), [values])

    def constraints(self) -> list[Constraint]:
        """What was said, for the sightings that are shown now."""
        found = []
        with reading(self._engine) as connection:
            resolver = Resolver(connection)
            for row in connection.execute(select(constraint).order_by(constraint.c.id)):
                a = resolver.find(Anchor.from_json(row.a))
                b = resolver.find(Anchor.from_json(row.b))
                if a is not None and b is not None and a != b:
                    found.append(Constraint(row.same, a, b))
        return found

    def add_template(self, person_id: int, made: Template) -> bool:
        """Keeps an enrolled view; False if this very picture is there already."""
        with writing(self._engine) as connection:
            mine = and_(
                template.c.person == person_id,
                template.c.sha256 == made.sha256,
                template.c.space == space_id(connection, made.space),
            )
            if connection.execute(select(template.c.id).where(mine)).first() is not None:
                return False
            values = {
                "person": person_id,
                "space": space_id(connection, made.space),
                "sha256": made.sha256,
                "path": made.path,
                "vector": pack_vector(made.vector),
                "shots": made.shots,
                "quality": made.quality,
                "jpeg": made.jpeg,
            }
            connection.execute(insert(template), [values])
            bump_generation(connection)
            note_changed(connection, [person_id])
        return True

    def changes(self, since: int) -> PeopleChanges:
        """Who changed after the change of this number (of an earlier answer; 0 for none)."""
        with reading(self._engine) as connection:
            return changes_since(connection, since)

    def some(self, persons: Collection[int] | None) -> list[Person]:
        """These people, or everybody, without their counts, which take long to count."""
        query = select(person).order_by(person.c.id)
        with reading(self._engine) as connection:
            rows = among(connection, query, person.c.id, persons)
        return [Person(r.id, r.name, r.kind, r.gender, tags=tuple(r.tags)) for r in rows]

    def templates(self, wanted: Space, persons: Collection[int] | None = None) -> list[Template]:
        """All enrolled views of a space; of these people only if given."""
        query = (
            select(template, space.c.model, space.c.weights, space.c.size)
            .join(space, space.c.id == template.c.space)
            .order_by(template.c.id)
        )
        with reading(self._engine) as connection:
            rows = among(connection, query, template.c.person, persons)
        rows = [r for r in rows if Space(r.model, r.weights, r.size) == wanted]
        vectors = unpack_vectors([row.vector for row in rows], wanted.size)
        return [
            Template(
                row.person, wanted, row.sha256, row.path, vector, row.shots, row.quality, row.jpeg
            )
            for row, vector in zip(rows, vectors, strict=True)
        ]


def _counted(connection: Connection, only: int | None) -> list[Person]:
    unit = media.c.base_num * 1.0 / media.c.base_den
    length = (sighting.c.last - sighting.c.first) * unit
    chosen = [] if only is None else [belongs.c.person == only]
    counts = (
        select(
            belongs.c.person,
            func.count().label("sightings"),
            func.count(func.distinct(media.c.id)).label("media"),
            func.sum(length).filter(media.c.kind != "photo").label("seconds"),
        )
        .join(sighting, sighting.c.id == belongs.c.sighting)
        .join(run, and_(run.c.id == sighting.c.run, run.c.state == "shown"))
        .join(media, media.c.id == run.c.media)
        .where(sighting.c.kind == "face", *chosen)
        .group_by(belongs.c.person)
        .subquery()
    )
    query = (
        select(person, counts.c.sightings, counts.c.media, counts.c.seconds)
        .outerjoin(counts, counts.c.person == person.c.id)
        .order_by(func.coalesce(counts.c.seconds, 0).desc(), person.c.id)
    )
    if only is not None:
        query = query.where(person.c.id == only)
    return [
        Person(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            gender=row["gender"],
            sightings=row["sightings"] or 0,
            media=row["media"] or 0,
            seconds=float(row["seconds"] or 0.0),
            tags=tuple(row["tags"]),
        )
        for row in connection.execute(query).mappings()
    ]


def _still_there(connection: Connection, sightings: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(sightings), 500):
        part = sighting.c.id.in_(sightings[start : start + 500])
        query = select(sighting.c.id).where(part).order_by(sighting.c.id)
        found += connection.execute(query).scalars()
    return found


def _release(connection: Connection, sightings: Sequence[int]) -> set[int]:
    """Takes sightings away from whomever they belong to; those they belonged to."""
    losers: set[int] = set()
    for start in range(0, len(sightings), 500):
        mine = belongs.c.sighting.in_(sightings[start : start + 500])
        losers.update(connection.execute(select(belongs.c.person).where(mine)).scalars())
        connection.execute(delete(belongs).where(mine))
    return losers
