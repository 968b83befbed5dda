"""Grouping a real library: numbers stay, names stay, what was said holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from personae.adapters.stores.library import SqliteStore
from personae.core.calibration import Calibration, Curve
from personae.core.records import Media
from personae.core.track import Track
from personae.flows.cluster import Grouping, cluster
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

RATES = np.array([0.1, 1e-3, 1e-5, 1e-7])
CALIBRATION = Calibration(
    SPACE,
    Curve(RATES, np.tile([0.3, 0.5, 0.6, 0.7], (3, 1))),
    Curve(RATES[::-1], np.tile([0.2, 0.4, 0.6, 0.9], (3, 1))),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = opened(tmp_path / "library")
    yield made
    made.close()


def group(store: SqliteStore) -> Grouping:
    units = {m.id: 0.0 if m.kind == "photo" else 0.001 for m in store.media.shown()}
    return cluster(store.sightings, store.people, CALIBRATION, units)


def add(store: SqliteStore, folder: Path, name: str, tracks: list[Track]) -> Media:
    media = film(store, folder, name)
    index(store, media, tracks)
    return media


def people(store: SqliteStore) -> dict[int, list[tuple[int, int]]]:
    """(film, place in it) of each person's faces."""
    found: dict[int, list[tuple[int, int]]] = {p.id: [] for p in store.people.all()}
    for s in store.sightings.all():
        if s.person is not None:
            found[s.person].append((s.media, s.first // 10_000))
    return found


def test_an_empty_library_has_nobody(store: SqliteStore) -> None:
    done = group(store)
    assert (done.faces, done.people, done.created, store.people.all()) == (0, 0, 0, [])


def test_people_keep_their_numbers_when_faces_come(store: SqliteStore, tmp_path: Path) -> None:
    add(store, tmp_path, "a.mp4", cast([1, 2, 1, 2, 3]))
    done = group(store)
    assert (done.faces, done.people, done.created, done.left_alone) == (5, 3, 3, 0)
    before = people(store)
    assert sorted(before.values()) == [[(1, 0), (1, 2)], [(1, 1), (1, 3)], [(1, 4)]]
    assert group(store).created == 0 and people(store) == before
    add(store, tmp_path, "b.mp4", cast([3, 9, 1]))
    assert group(store).created == 1
    after = people(store)
    assert {
        n: [f for f in faces if f[0] == 1] for n, faces in after.items() if n in before
    } == before
    assert sorted(len(faces) for faces in after.values()) == [1, 2, 2, 3]


def test_two_faces_in_one_picture_are_two_people(store: SqliteStore, tmp_path: Path) -> None:
    twins = [track(0, (0, 5_000), 100, who(1, 0)), track(1, (1_000, 6_000), 900, who(1, 1))]
    takes_over = [
        track(2, (20_000, 25_000), 100, who(2, 0)),
        track(3, (24_900, 29_000), 900, who(2, 1)),
    ]
    add(store, tmp_path, "a.mp4", twins + takes_over)
    group(store)
    assert sorted(people(store).values()) == [[(1, 0)], [(1, 0)], [(1, 2), (1, 2)]]


def test_poor_faces_are_left_alone_unless_somebody_knows_them(
    store: SqliteStore, tmp_path: Path
) -> None:
    poor = [replace(t, quality=0.1) for t in cast([1, 2])]
    add(store, tmp_path, "a.mp4", poor)
    assert group(store).left_alone == 2 and store.people.all() == []
    ann = store.people.create("Ann", "named", "Unknown")
    store.people.add_template(ann, template(ann, 1))
    group(store)
    assert people(store) == {ann: [(1, 0)]}
    assert {s.by for s in store.sightings.all(person=ann)} == {"match"}


def test_names_are_never_lost_and_never_joined(store: SqliteStore, tmp_path: Path) -> None:
    add(store, tmp_path, "a.mp4", cast([1, 1, 1, 1]))
    rows = [s.id for s in store.sightings.all()]
    ids = [store.people.create(name, "named" if name else "auto", "Unknown")
           for name in (None, "Ann", None, "Bob")]  # fmt: skip
    for row, person in zip(rows, ids, strict=True):
        store.people.assign([row], person, "cluster")
    group(store)
    left = people(store)
    assert set(left) == {ids[1], ids[3]}
    assert sorted(face for faces in left.values() for face in faces) == [(1, n) for n in range(4)]
    assert (1, 1) in left[ids[1]] and (1, 3) in left[ids[3]]
    assert {p.name for p in store.people.all()} == {"Ann", "Bob"}


@pytest.mark.parametrize("keep", ["gender", "tags", "template"])
def test_whoever_somebody_touched_is_kept_without_faces(store: SqliteStore, keep: str) -> None:
    person = store.people.create(None, "auto", "Female" if keep == "gender" else "Unknown")
    if keep == "tags":
        store.people.change(person, {"tags": ["guest"]})
    if keep == "template":
        store.people.add_template(person, template(person, 1))
    nobody = store.people.create(None, "auto", "Unknown")
    group(store)
    assert [p.id for p in store.people.all()] == [person] and nobody != person


def test_what_was_said_holds_in_clusterings_and_new_analyses(
    store: SqliteStore, tmp_path: Path
) -> None:
    """Split what was merged: the last word counts, whatever the faces look like."""
    media = add(store, tmp_path, "a.mp4", cast([1, 1, 2, 2]))
    group(store)
    say = verbs(store)
    first, second = sorted(people(store))
    say.merge(str(first), [str(second)])
    group(store)
    assert list(people(store)) == [first]
    rows = [s.id for s in store.sightings.all()]
    made = say.split(str(first), rows[1:3]).id
    for n in range(3):
        group(store)
        assert people(store) == {first: [(1, 0), (1, 3)], made: [(1, 1), (1, 2)]}
        index(store, media, cast([1, 1, 2, 2], shift=5.0 * (n % 2)), f"other {n}")
    say.undo()
    group(store)
    assert people(store) == {first: [(1, 0), (1, 1), (1, 2), (1, 3)]}
    say.undo()
    group(store)
    assert people(store) == {first: [(1, 0), (1, 1)], second: [(1, 2), (1, 3)]}


def test_people_said_to_be_two_stay_two(store: SqliteStore, tmp_path: Path) -> None:
    add(store, tmp_path, "a.mp4", cast([1, 1]))
    rows = [s.id for s in store.sightings.all()]
    a, b = (store.people.create(None, "auto", "Unknown") for _ in rows)
    store.people.assign(rows[:1], a, "cluster")
    store.people.assign(rows[1:], b, "cluster")
    verbs(store).not_same(str(a), str(b))
    group(store)
    assert sorted(people(store)) == [a, b]
    verbs(store).undo()
    done = group(store)
    assert done.joined == 1 and list(people(store)) == [a]


def test_faces_without_a_vector_belong_to_nobody(store: SqliteStore, tmp_path: Path) -> None:
    add(store, tmp_path, "a.mp4", [replace(cast([1])[0], vector=None, space=None)])
    assert group(store).faces == 0 and store.people.all() == []
