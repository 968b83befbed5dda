"""What people said about people outlives new analyses, clusterings and its own undoing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personae.adapters.stores.library import SqliteStore
from personae.core.errors import NothingToUndo, UsageError
from personae.core.records import Media
from personae.flows.people import Verbs
from tests.adapters.stores.library import cast, film, index, opened, template, verbs

State = dict[str, object]
CAST = [1, 1, 2, 2, 3, 3]
"""Whose face is the n-th track of each film."""


class Scene:
    """Two films with three people, a number each as a clustering would give."""

    def __init__(self, folder: Path) -> None:
        self.store: SqliteStore = opened(folder / "library")
        self.say: Verbs = verbs(self.store)
        self.films: list[Media] = [film(self.store, folder, name) for name in ("a.mp4", "b.mp4")]
        for medium in self.films:
            index(self.store, medium, cast(CAST))
        self.ids = [self.store.people.create(None, "auto", "Unknown") for _ in range(3)]
        rows = self.store.sightings.all()
        for n, person in enumerate(self.ids):
            mine = [s.id for s in rows if CAST[s.first // 10_000] == n + 1]
            self.store.people.assign(mine, person, "cluster")
        self.looks = 0

    def reindex(self) -> None:
        """The first film is analysed with other settings: boxes and times move a little."""
        self.looks += 1
        moved = cast(CAST, shift=6.0 * (self.looks % 2), late=80 * (self.looks % 3))
        index(self.store, self.films[0], moved, f"settings {self.looks}")

    def members(self) -> dict[int, list[tuple[int, int]]]:
        """(film, place in it) of each person's faces, whatever their row numbers."""
        found: dict[int, list[tuple[int, int]]] = {p.id: [] for p in self.store.people.all()}
        for s in self.store.sightings.all():
            if s.person is not None:
                found[s.person].append((s.media, s.first // 10_000))
        return found

    def state(self) -> State:
        """All that undo has to bring back, with content in place of row numbers."""
        people = sorted(self.store.people.all(), key=lambda p: p.id)
        place = {s.id: (s.media, s.first // 10_000) for s in self.store.sightings.all()}
        with self.store.engine.connect() as connection:
            pins = connection.exec_driver_sql("select person, pts, sha256 from pin order by id")
            pins_found = [tuple(row) for row in pins]
            owners = connection.exec_driver_sql("select id, person from template order by id")
            templates = [tuple(row) for row in owners]
        return {
            "people": [(p.id, p.name, p.kind, p.gender, p.tags) for p in people],
            "members": self.members(),
            "words": [(c.same, place[c.a], place[c.b]) for c in self.store.people.constraints()],
            "pins": pins_found,
            "templates": templates,
            "by": {place[s.id]: s.by for s in self.store.sightings.all()},
        }

    def faces(self, person: int) -> list[int]:
        return [s.id for s in self.store.sightings.all(person=person)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.store.close()


def name(scene: Scene) -> None:
    scene.say.name(str(scene.ids[0]), "Ann")


def tag(scene: Scene) -> None:
    scene.say.tag(str(scene.ids[0]), "Female", ["guest", "band"])


def only_tags(scene: Scene) -> None:
    scene.say.tag(str(scene.ids[0]), None, ["guest"])


def hide(scene: Scene) -> None:
    scene.say.hide(str(scene.ids[0]))


def merge(scene: Scene) -> None:
    scene.store.people.add_template(scene.ids[1], template(scene.ids[1], 2))
    scene.say.merge(str(scene.ids[0]), [f"#{scene.ids[1]}", str(scene.ids[2])])


def split(scene: Scene) -> None:
    first = [s for s in scene.store.sightings.all(person=scene.ids[0]) if s.first < 10_000]
    scene.say.split(str(scene.ids[0]), [s.id for s in first])


def not_same(scene: Scene) -> None:
    scene.say.not_same(str(scene.ids[0]), str(scene.ids[1]))


VERBS: list[Callable[[Scene], None]] = [name, tag, only_tags, hide, merge, split, not_same]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
@pytest.mark.parametrize("again", [0, 1, 2])
def test_undo_restores_exactly(scene: Scene, verb: Callable[[Scene], None], again: int) -> None:
    if verb is merge:
        scene.store.people.add_template(scene.ids[1], template(scene.ids[1], 2))
    before = scene.state()
    verb(scene)
    after = scene.state()
    assert after != before
    for _ in range(again):
        scene.reindex()
    scene.say.undo()
    now = scene.state()
    if again and verb is not merge:
        # Of people that only a clustering made, those no act was about are found anew
        now, before = _about_the_first(scene, now), _about_the_first(scene, before)
    assert now == before
    with pytest.raises(NothingToUndo):
        scene.say.undo()


def _about_the_first(scene: Scene, state: State) -> State:
    """The state, and of who belongs to whom only what concerns the first person."""
    members, by = state["members"], state["by"]
    assert isinstance(members, dict) and isinstance(by, dict)
    mine = members[scene.ids[0]]
    return {**state, "members": mine, "by": {place: by[place] for place in mine}}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_a_new_analysis_changes_nothing_that_was_said(
    scene: Scene, verb: Callable[[Scene], None]
) -> None:
    verb(scene)
    before = scene.state()
    rows = {s.id for s in scene.store.sightings.all(media_ids=[scene.films[0].id])}
    for _ in range(3):
        scene.reindex()
    assert not rows & {s.id for s in scene.store.sightings.all()}
    after = scene.state()
    for key in ("people", "words", "pins", "templates"):
        assert after[key] == before[key], key
    old, new = before["members"], after["members"]
    assert isinstance(old, dict) and isinstance(new, dict)
    assert new[scene.ids[0]] == old[scene.ids[0]]
    for person in set(old) - set(scene.ids):
        assert new[person] == old[person], "a person made by a split keeps their faces"


def test_faces_that_broke_in_two_both_keep_their_name(scene: Scene) -> None:
    name(scene)
    first, *rest = cast(CAST)
    left = replace(first, last=4_000, times=first.times[:20], boxes=first.boxes[:20])
    right = replace(first, first=5_000, times=first.times[25:], boxes=first.boxes[25:])
    index(scene.store, scene.films[0], [left, right, *rest], "other")
    mine = scene.store.sightings.all(person=scene.ids[0])
    spans = [(s.first, s.last) for s in mine if s.media == scene.films[0].id]
    assert spans == [(0, 4_000), (5_000, 9_000), (10_000, 19_000)]


def test_last_said_first_undone(scene: Scene) -> None:
    start = scene.state()
    states = []
    for verb in (name, tag, not_same, hide):
        states.append(scene.state())
        verb(scene)
    assert [a.verb for a in scene.store.acts.all()] == ["hide", "not-same", "tag", "name"]
    for before in reversed(states):
        scene.say.undo()
        assert scene.state() == before
    assert scene.state() == start
    assert all(a.undone for a in scene.store.acts.all())


def test_undo_of_a_merge_leaves_people_who_came_since_alone(scene: Scene) -> None:
    """The number of the one who was merged away is nobody else's."""
    before = scene.state()
    scene.say.merge(str(scene.ids[1]), [str(scene.ids[2])])
    newcomer = scene.store.people.create("Newcomer", "named", "Unknown")
    scene.say.undo()
    scene.store.people.remove([newcomer])
    assert newcomer not in scene.ids
    assert scene.state() == before


def test_undo_of_a_split_that_a_clustering_has_joined_to_another(scene: Scene) -> None:
    before = scene.state()
    split(scene)
    made = max(p.id for p in scene.store.people.all())
    scene.store.people.take_over(scene.ids[2], made)
    scene.say.undo()
    assert scene.state() == before


def test_undo_gives_a_name_back_to_pins_that_moved(scene: Scene) -> None:
    split(scene)
    made = max(p.id for p in scene.store.people.all())
    scene.say.hide(str(made))
    before = scene.state()
    scene.say.hide(str(made), hidden=False)
    scene.store.people.take_over(scene.ids[2], made)
    scene.say.undo()
    assert scene.state() == before


def test_an_undone_act_on_a_replaced_film_leaves_no_ghosts(scene: Scene) -> None:
    """Whoever a clustering made of faces that undo gives back is not left empty."""
    merge(scene)
    people = scene.store.people
    people.release(scene.faces(scene.ids[0]))
    stand_in = people.create(None, "auto", "Unknown")
    people.assign([s.id for s in scene.store.sightings.all()], stand_in, "cluster")
    scene.say.undo()
    assert sorted(p.id for p in people.all()) == scene.ids


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.data())
def test_as_many_undos_as_acts_give_everybody_back(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        states = [scene.state()]
        for _ in range(data.draw(st.integers(1, 6), label="acts")):
            if _act(scene, data):
                states.append(scene.state())
        for before in reversed(states[:-1]):
            scene.say.undo()
            assert scene.state() == before
        with pytest.raises(NothingToUndo):
            scene.say.undo()
        scene.store.close()


def _act(scene: Scene, data: st.DataObject) -> bool:
    """One random act; False if it was refused, and then nothing changed."""
    people = [str(p.id) for p in scene.store.people.all()]
    one, other = (data.draw(st.sampled_from(people)) for _ in range(2))
    faces = scene.faces(int(one))
    some = data.draw(st.lists(st.sampled_from(faces or [0]), min_size=1, unique=True))
    acts: dict[str, Callable[[], object]] = {
        "name": lambda: scene.say.name(one, data.draw(st.sampled_from(["Ann", "Bob", "Ünï"]))),
        "tag": lambda: scene.say.tag(one, data.draw(st.sampled_from(["Female", "x"])), ["t"]),
        "merge": lambda: scene.say.merge(one, [other]),
        "split": lambda: scene.say.split(one, some, data.draw(st.sampled_from([None, "Cid"]))),
        "not_same": lambda: scene.say.not_same(one, other),
        "hide": lambda: scene.say.hide(one, data.draw(st.booleans())),
    }
    before = scene.state()
    try:
        acts[data.draw(st.sampled_from(sorted(acts)))]()
    except UsageError:
        assert scene.state() == before
        return False
    return True


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_a_change_that_cannot_be_noted_is_not_made(
    scene: Scene, verb: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is killed in between: never a change without its undo."""
    before = scene.state()
    templates = before["templates"]

    def killed(*what: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(scene.store.acts, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        verb(scene)
    assert {**scene.state(), "templates": templates} == before
    assert scene.store.acts.all() == []
