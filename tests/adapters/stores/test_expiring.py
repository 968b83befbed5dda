"""What cameras saw goes by age; what people said of people, and all else, stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from personae.adapters.stores.library import SqliteStore
from personae.adapters.stores.schema import (
    act,
    belongs,
    constraint,
    crop,
    embedding,
    pin,
    shot,
    sighting,
)
from personae.adapters.stores.sqlite import reading
from personae.core.records import UNKNOWN, Media
from personae.core.segment import Segment
from tests.adapters.stores.library import SPACE, cast, film, index, opened, track, verbs, who

BEGAN = 1_700_000_000_000
"""When the camera was first there."""
DAY = 86_400_000


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return opened(tmp_path / "library")


def seen(store: SqliteStore, day: int, person: int, number: int = 0) -> tuple[Media, int]:
    """Somebody before the door for some seconds of a day; the sighting."""
    door = store.presence.camera("door", (640, 360), BEGAN)
    first = day * DAY
    body = track(number, (first, first + 6000), 100, kind="body")
    face = track(number, (first, first + 5000), 100, who(person, look=day))
    (made,) = store.presence.keep(door, Segment(day, [body, face]), first + 6000)
    return door, made


def rows(store: SqliteStore) -> dict[str, int]:
    with reading(store.engine) as connection:
        return {
            t.name: connection.scalar(select(func.count()).select_from(t)) or 0
            for t in (sighting, shot, crop, embedding, belongs)
        }


def test_old_presence_goes_and_the_rest_stays(store: SqliteStore, tmp_path: Path) -> None:
    index(store, film(store, tmp_path, "a.mp4"), cast([1]))
    before = rows(store)
    for day in (0, 1, 2):
        _, made = seen(store, day, 7)
        if day == 0:
            number = store.profiles.make(made)
        else:
            store.people.assign([made], number, "match", {made: 0.9})
    generation = store.sightings.generation()
    gone = store.presence.forget_before(BEGAN + 2 * DAY)
    assert (gone.sightings, gone.profiles) == (4, ())
    assert store.sightings.generation() > generation
    (left,) = store.sightings.all(person=number)
    assert left.first == 2 * DAY
    assert rows(store) == {
        "sighting": before["sighting"] + 2,
        "shot": before["shot"] + 1,
        "crop": before["crop"] + 1,
        "embedding": before["embedding"] + 1,
        "belongs": 1,
    }
    assert store.presence.forget_before(BEGAN + 2 * DAY).sightings == 0
    gone = store.presence.forget_before(BEGAN + 3 * DAY)
    assert (gone.sightings, gone.profiles) == (2, (number,))
    assert [p.id for p in store.people.all()] == []
    assert rows(store) == {**before, "belongs": 0}
    assert [m.path for m in store.media.shown()][-1] == "camera:door", "cameras stay"


def test_it_goes_in_batches(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personae.adapters.stores.expiring.BATCH", 3)
    for day in range(5):
        seen(store, day, day)
    assert store.presence.forget_before(BEGAN + 9 * DAY).sightings == 10


def test_named_people_stay_and_are_known_by_their_best_face(store: SqliteStore) -> None:
    say = verbs(store)
    _, ana = seen(store, 0, 1)
    _, ben = seen(store, 0, 2, number=1)
    _, cem = seen(store, 0, 3, number=2)
    numbers = [store.profiles.make(made) for made in (ana, ben, cem)]
    say.name(str(numbers[0]), "Ana")
    say.tag(str(numbers[1]), None, ["staff"])
    _, again = seen(store, 5, 2)
    store.people.assign([again], numbers[1], "match", {again: 0.9})
    faces = {face.sighting: face.vector for face in store.sightings.vectors(SPACE)}
    gone = store.presence.forget_before(BEGAN + 3 * DAY)
    assert gone.profiles == (numbers[2],)
    assert {p.id: p.name for p in store.people.all()} == {numbers[0]: "Ana", numbers[1]: None}
    # Ben has a newer face; Ana would be nobody without this one
    (made,) = store.people.templates(SPACE)
    assert made.person == numbers[0] and made.path == "camera:door"
    assert made.jpeg.startswith(b"JPEG")
    assert float(made.vector @ faces[ana]) > 0.999
    store.presence.forget_before(BEGAN + 9 * DAY)
    assert {t.person for t in store.people.templates(SPACE)} == set(numbers[:2])
    assert store.presence.forget_before(BEGAN + 9 * DAY).sightings == 0


def test_words_pins_and_inverses_of_that_time_go(store: SqliteStore, tmp_path: Path) -> None:
    index(store, film(store, tmp_path, "a.mp4"), cast([4, 5]))
    say = verbs(store)
    faces = store.sightings.all()
    in_film = [store.people.create(None, "auto", UNKNOWN) for _ in faces]
    for face, number in zip(faces, in_film, strict=True):
        store.people.assign([face.id], number, "hand")
    numbers = []
    for day, who_is in ((0, 1), (0, 2), (5, 3), (5, 4)):
        _, made = seen(store, day, who_is, number=len(numbers))
        numbers.append(store.people.create(None, "auto", UNKNOWN))
        store.people.assign([made], numbers[-1], "hand")
    say.not_same(str(in_film[0]), str(in_film[1]))
    say.not_same(str(numbers[0]), str(numbers[1]))
    say.not_same(str(numbers[2]), str(numbers[3]))
    say.merge(str(numbers[2]), str(numbers[0]))
    store.presence.forget_before(BEGAN + 3 * DAY)
    with reading(store.engine) as connection:
        pins = [row.pts for row in connection.execute(select(pin).order_by(pin.c.id))]
        words = connection.execute(select(constraint)).all()
        befores = [row.before for row in connection.execute(select(act))]
    assert len(pins) == 4 and all(p >= 5 * DAY for p in pins[2:])
    assert len(words) == 2
    anchors = [row["anchor"] for before in befores for row in before.get("belongs", ())]
    camera = [a for a in anchors if a["sha256"] not in {m.sha256 for m in store.media.shown()[:1]}]
    assert camera and all(a["pts"] >= 5 * DAY for a in camera)
    undone = store.acts.undo()
    assert undone.verb == "merge"
    assert numbers[2] in {p.id for p in store.people.all()}


def test_a_person_has_the_numbers_of_those_they_took_in(store: SqliteStore) -> None:
    say = verbs(store)
    made = [store.profiles.make(seen(store, 0, n, number=n)[1]) for n in range(4)]
    say.merge(str(made[0]), str(made[1]))
    say.merge(str(made[2]), str(made[0]))
    assert store.presence.numbers_of(made[2]) == set(made[:3])
    assert store.presence.numbers_of(made[3]) == {made[3]}
    store.acts.undo()
    assert store.presence.numbers_of(made[2]) == {made[2]}
    assert store.presence.numbers_of(made[0]) == set(made[:2])
