"""What cameras saw goes when it is old: sightings, and all that means nothing without them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    Text,
    cast,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from personae.adapters.stores.generation import bump_generation
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
    template,
)
from personae.adapters.stores.sqlite import reading, writing
from personae.core.records import UNKNOWN

BATCH = 500
"""Sightings of one transaction: others write in between."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What went.

    Attributes:
        sightings: faces and bodies.
        profiles: people whom nobody named and of whom nothing is left.
    """

    sightings: int = 0
    profiles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Camera:
    """A camera; what ended before ``until`` in its own time goes."""

    id: int
    sha256: str
    path: str
    until: int


def forget_seen(engine: Engine, moment: int) -> Expired:
    """Deletes what cameras saw before a moment, in milliseconds since 1970.

    Of people with a name, a tag or a gender who would be left without a face to be known by, the
    best one becomes an enrolled one. Unnamed people of whom nothing is left go. So do pins and
    words about faces of that time, and what old changes say of it for their undoing.
    """
    with reading(engine) as connection:
        cameras = [
            _Camera(row.id, row.sha256, row.path, moment - (row.captured_at or 0))
            for row in connection.execute(select(media).where(media.c.kind == "camera"))
        ]
    gone, profiles = 0, []
    for camera in cameras:
        while True:
            with writing(engine) as connection:
                batch = list(connection.execute(_old(camera).limit(BATCH)).scalars())
                if not batch:
                    break
                profiles += _delete(connection, batch, moment, camera.path)
                gone += len(batch)
        _forget_words(engine, camera)
        _forget_inverses(engine, camera)
    return Expired(gone, tuple(sorted(profiles)))


def _old(camera: _Camera) -> Select[Any]:
    query: Select[Any] = (
        select(sighting.c.id)
        .join(run, run.c.id == sighting.c.run)
        .where(run.c.media == camera.id, sighting.c.last <= camera.until)
    )
    return query.order_by(sighting.c.last, sighting.c.id)


def _delete(connection: Connection, batch: Sequence[int], moment: int, path: str) -> list[int]:
    """Deletes sightings; the unnamed people of whom nothing is left then, who go as well."""
    owners = connection.execute(
        select(person)
        .join(belongs, belongs.c.person == person.c.id)
        .where(belongs.c.sighting.in_(batch))
        .distinct()
    ).all()
    for owner in owners:
        if not _plain(owner):
            _enrol(connection, owner.id, moment, path)
    connection.execute(delete(sighting).where(sighting.c.id.in_(batch)))
    empty = [o.id for o in owners if _plain(o) and not _held(connection, o.id)]
    connection.execute(delete(person).where(person.c.id.in_(empty)))
    bump_generation(connection)
    note_changed(connection, [owner.id for owner in owners])
    return empty


def _plain(row: Row[Any]) -> bool:
    """Whether nobody ever said anything of a person."""
    return row.kind == "auto" and row.name is None and row.gender == UNKNOWN and not row.tags


def _held(connection: Connection, number: int) -> bool:
    return any(
        connection.execute(select(t.c.id).where(t.c.person == number).limit(1)).first()
        for t in (belongs, template)
    )


def _enrol(connection: Connection, number: int, moment: int, path: str) -> None:
    """Makes the best face of a person an enrolled one if they have none that stays."""
    mine = (
        select(embedding, sighting.c.quality, sighting.c.last, media.c.kind, media.c.captured_at)
        .join(sighting, sighting.c.id == embedding.c.sighting)
        .join(belongs, belongs.c.sighting == sighting.c.id)
        .join(run, run.c.id == sighting.c.run)
        .join(media, media.c.id == run.c.media)
        .where(belongs.c.person == number)
        .order_by(sighting.c.quality.desc(), embedding.c.id)
    )
    faces = connection.execute(mine).all()
    stays = [f for f in faces if f.kind != "camera" or (f.captured_at or 0) + f.last > moment]
    enrolled = exists().where(template.c.person == number)
    if stays or not faces or connection.scalar(select(enrolled)):
        return
    jpegs = (
        select(crop.c.jpeg)
        .join(shot, shot.c.id == crop.c.shot)
        .where(shot.c.sighting == faces[0].sighting)
        .order_by(shot.c.quality.desc())
    )
    jpeg = connection.scalar(jpegs.limit(1)) or b""
    rows = [
        {
            "person": number,
            "space": face.space,
            "sha256": hashlib.sha256(jpeg or face.vector).hexdigest(),
            "path": path,
            "vector": face.vector,
            "shots": face.shots,
            "quality": face.quality,
            "jpeg": jpeg,
        }
        for face in faces
        if face.sighting == faces[0].sighting
    ]
    connection.execute(insert(template), rows)


def _forget_words(engine: Engine, camera: _Camera) -> None:
    """Pins and words about faces that are gone."""
    sides = (constraint.c.a, constraint.c.b)
    about = [
        (side["sha256"].as_string() == camera.sha256) & (side["pts"].as_integer() < camera.until)
        for side in sides
    ]
    old = (pin.c.sha256 == camera.sha256) & (pin.c.pts < camera.until)
    with writing(engine) as connection:
        connection.execute(delete(pin).where(old))
        connection.execute(delete(constraint).where(or_(*about)))


def _forget_inverses(engine: Engine, camera: _Camera) -> None:
    """What acts hold of that time to be undone: an undo could not find those faces again."""
    query = select(act.c.id, act.c.before).where(cast(act.c.before, Text).contains(camera.sha256))
    with reading(engine) as connection:
        changed = [
            (row.id, kept)
            for row in connection.execute(query)
            if (kept := _without(row.before, camera)) is not None
        ]
    for number, kept in changed:
        with writing(engine) as connection:
            connection.execute(update(act).where(act.c.id == number).values(before=kept))


def _without(before: dict[str, Any], camera: _Camera) -> dict[str, Any] | None:
    """An inverse without what is old; None where nothing of it is."""
    mine = [row for row in before.get("belongs", ()) if not _is_old(row.get("anchor"), camera)]
    pins = [row for row in before.get("pin", ()) if not _is_old(row, camera)]
    same = len(mine) == len(before.get("belongs", ())) and len(pins) == len(before.get("pin", ()))
    return None if same else {**before, "belongs": mine, "pin": pins}


def _is_old(place: dict[str, Any] | None, camera: _Camera) -> bool:
    if not place:
        return False
    return bool(place["sha256"] == camera.sha256 and place["pts"] < camera.until)


def numbers_of(engine: Engine, number: int) -> frozenset[int]:
    """The numbers that a person had and has: their own, and those of all merged into them."""
    merges = (
        select(act.c.before["ids"])
        .where(act.c.verb == "merge", act.c.undone_at.is_(None))
        .order_by(act.c.id)
    )
    with reading(engine) as connection:
        there = set(connection.execute(select(person.c.id)).scalars())
        groups: list[Iterable[int]] = list(connection.execute(merges).scalars())
    found = {number}
    # A merge that came later may have taken in people of an earlier one
    for ids in reversed(groups):
        if found & set(ids or ()):
            found |= set(ids or ()) - there
    return frozenset(found)
