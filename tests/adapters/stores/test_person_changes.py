"""Who changed is told of every verb, and a gallery that reads only them is that of everybody."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personae.adapters.models.calibrated import load_calibration
from personae.adapters.stores.library import SqliteStore
from personae.adapters.stores.person_changes import note_changed
from personae.adapters.stores.sqlite import writing
from personae.app.build import choose
from personae.core.errors import LibraryBusy, PersonaeError
from personae.core.records import FaceVector
from personae.core.segment import Segment
from personae.flows.living_gallery import LivingGallery
from personae.flows.recognise import Gallery
from tests.adapters.stores.library import (
    SPACE,
    cast,
    film,
    index,
    opened,
    template,
    track,
    verbs,
    who,
)

CALIBRATION = replace(load_calibration(choose().space), space=SPACE)


class World:
    """A library with two films and a camera."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store: SqliteStore = opened(folder / "library")
        self.films = [film(self.store, folder, name) for name in ("a.mp4", "b.mp4")]
        self.looks = 0
        for medium in self.films:
            index(self.store, medium, cast([1, 1, 2, 3]))
        self.door = self.store.presence.camera("door", (640, 360), 0)

    def people(self) -> list[int]:
        return sorted(person.id for person in self.store.people.all())

    def first(self) -> str:
        return f"#{self.people()[0]}"

    def last(self) -> str:
        return f"#{self.people()[-1]}"

    def faces(self) -> list[int]:
        return [one.id for one in self.store.sightings.all()]

    def gallery(self) -> Gallery:
        return Gallery.of(
            self.store.sightings.vectors(SPACE),
            self.store.people.templates(SPACE),
            {person.id: person for person in self.store.people.all()},
            CALIBRATION,
        )


def seen(world: World) -> int:
    world.looks += 1
    first = 10_000 * world.looks
    face = track(0, (first, first + 5000), 100, who(7 + world.looks % 2, look=world.looks))
    (made,) = world.store.presence.keep(world.door, Segment(world.looks, [face]), first + 5000)
    return made


def make(world: World) -> None:
    world.store.profiles.make(seen(world))


def see_again(world: World) -> None:
    world.store.people.assign([seen(world)], world.people()[0], "match")


def see_nobody(world: World) -> None:
    seen(world)


def take_from_another(world: World) -> None:
    world.store.people.assign(world.faces()[:2], world.people()[-1], "hand")


def release(world: World) -> None:
    world.store.people.release(world.faces()[:1])


def found(world: World) -> None:
    faces = world.faces()
    world.store.people.found([{faces[0]: 0.9, faces[-1]: 0.8}])


def name(world: World) -> None:
    verbs(world.store).name(world.first(), f"Ann {world.looks}")


def hide(world: World) -> None:
    verbs(world.store).hide(world.first())


def show(world: World) -> None:
    verbs(world.store).hide(world.first(), hidden=False)


def merge(world: World) -> None:
    verbs(world.store).merge(world.first(), [world.last()])


def split(world: World) -> None:
    mine = world.store.sightings.all(person=world.people()[0])
    verbs(world.store).split(world.first(), [mine[0].id])


def undo(world: World) -> None:
    verbs(world.store).undo()


def enrol(world: World) -> None:
    person = world.people()[-1]
    world.store.people.add_template(person, template(person, 5, f"{world.looks:064}"))


def remove(world: World) -> None:
    world.store.people.remove(world.people()[-1:])


def look_anew(world: World) -> None:
    world.looks += 1
    index(world.store, world.films[0], cast([1, 2, 2]), f"settings {world.looks}")


def remove_film(world: World) -> None:
    world.store.media.remove(world.films[1].id)


def thin(world: World) -> None:
    world.store.profiles.thin(world.faces()[::2], SPACE, world.store.profiles.marks())


def join_profiles(world: World) -> None:
    profiles = world.store.profiles.all(SPACE)
    a, b = (profiles[n].person for n in (0, 1))
    assert world.store.profiles.merge(a, b, "alike", world.store.profiles.marks(), 1)


def drop_profile(world: World) -> None:
    one = world.store.profiles.all(SPACE)[0]
    assert world.store.profiles.drop(one, "brief", world.store.profiles.marks(), 1)


def expire(world: World) -> None:
    world.store.presence.forget_before(15_000)


Deed = Callable[[World], None]
DEEDS: list[Deed] = [
    make, see_again, see_nobody, take_from_another, release, found, name, hide, show, merge, split,
    undo, enrol, remove, look_anew, remove_film, thin, join_profiles, drop_profile, expire,
]  # fmt: skip
USUAL: list[Deed] = [found, make, make, make, enrol, make, see_again, see_again]


def same(living: Gallery, whole: Gallery) -> None:
    assert [(p.id, p.name, p.kind) for p in living.persons] == [
        (p.id, p.name, p.kind) for p in whole.persons
    ]
    assert living.shots == whole.shots
    np.testing.assert_array_equal(living.means, whole.means)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_each_verb_tells_whom_it_changed(deed: Deed, tmp_path: Path) -> None:
    world = World(tmp_path)
    for usual in (*USUAL, name):
        usual(world)
    living = LivingGallery(world.store.people, world.store.sightings, CALIBRATION)
    before = living.now()
    same(before, world.gallery())
    assert len(before.persons) > 2
    deed(world)
    same(living.now(), world.gallery())
    assert (living.now() is before) == (deed is see_nobody), "the deed changed something"
    world.store.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=3, max_size=14))
def test_what_is_followed_is_what_is_there(deeds: list[Deed]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        living = LivingGallery(world.store.people, world.store.sightings, CALIBRATION)
        for deed in (*USUAL, *deeds):
            try:
                deed(world)
            except (PersonaeError, IndexError, AssertionError):
                # There is nobody left it could be done to
                continue
            same(living.now(), world.gallery())
        world.store.close()


def test_only_those_who_changed_are_told(tmp_path: Path) -> None:
    store = World(tmp_path).store
    first, second = (store.people.create(None, "auto", "Unknown") for _ in range(2))
    known = store.people.changes(0)
    assert known.people == {first, second}
    assert store.people.changes(known.number).people == frozenset()
    store.people.change(second, {"name": "Ann"})
    later = store.people.changes(known.number)
    assert later.people == {second} and later.number > known.number
    with writing(store.engine) as connection:
        note_changed(connection, None)
    assert store.people.changes(later.number).people is None
    now = store.people.changes(later.number).number
    assert store.people.changes(now).people == frozenset()
    assert store.people.changes(now + 5).people is None, "of another library, or taken back"
    store.close()


def test_what_was_taken_back_is_read_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    make(world)
    living = LivingGallery(world.store.people, world.store.sightings, CALIBRATION)
    before = living.now()
    with pytest.raises(ZeroDivisionError), world.store.together():
        make(world)
        assert len(living.now().persons) == len(before.persons) + 1
        raise ZeroDivisionError
    living.forget()
    same(living.now(), world.gallery())
    assert len(living.now().persons) == len(before.persons)
    world.store.close()


def test_what_could_not_be_read_is_read_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    make(world)
    living = LivingGallery(world.store.people, world.store.sightings, CALIBRATION)
    living.now()
    make(world)

    def busy(*asked: object) -> list[FaceVector]:
        raise LibraryBusy("the library is in use")

    with monkeypatch.context() as patched:
        patched.setattr(world.store.sightings, "vectors", busy)
        with pytest.raises(LibraryBusy):
            living.now()
    same(living.now(), world.gallery())
    world.store.close()


def test_people_by_number_are_those_and_no_others(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(3):
        make(world)
    a, _, c = world.people()
    assert [p.id for p in world.store.people.some({a, c, 999})] == [a, c]
    assert {f.person for f in world.store.sightings.vectors(SPACE, {a, c})} == {a, c}
    enrol(world)
    assert {t.person for t in world.store.people.templates(SPACE, {c})} == {c}
    assert world.store.people.templates(SPACE, {a}) == []
    assert world.store.people.some(frozenset()) == []
    world.store.close()
