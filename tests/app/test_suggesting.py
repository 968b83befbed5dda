"""Pairs who may be one: who is asked about, who never is, and what the figures are of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from personae.adapters.models.calibrated import load_calibration
from personae.adapters.stores.library import SqliteStore
from personae.app.suggesting import Suggestion, suggestions
from personae.core.records import Person
from tests.adapters.stores.library import BASE, SPACE, film, index, opened, track, verbs, who

CALIBRATION = load_calibration(SPACE)
ANN, BOB = 1, 2


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A film of Ann, Ann again and Bob, one after the other, each a person of their own."""
    one = opened(tmp_path / "library")
    views = [who(ANN, 0), who(ANN, 1), who(BOB, 0)]
    spans = [(0, 4000), (5000, 9000), (10_000, 14_000)]
    tracks = [
        track(n, span, 100.0, view) for n, (span, view) in enumerate(zip(spans, views, strict=True))
    ]
    index(one, film(one, tmp_path, "film.mp4"), tracks)
    one.people.found([{sighting.id: 1.0} for sighting in one.sightings.all()])
    yield one
    one.close()


def asked(store: SqliteStore, shown: list[Person] | None = None) -> list[Suggestion]:
    """What is suggested, to whom everybody is shown unless said otherwise."""
    units = {media.id: float(BASE) for media in store.media.shown()}
    people = store.people.all() if shown is None else shown
    return suggestions(store.sightings, store.people, CALIBRATION, units, people, 100)


def numbers(found: list[Suggestion]) -> list[set[int]]:
    return [{one.a.id, one.b.id} for one in found]


def test_two_views_of_one_person_are_asked_about_and_nobody_else(store: SqliteStore) -> None:
    assert numbers(asked(store)) == [{1, 2}]


def test_the_figures_are_those_of_the_pair(store: SqliteStore) -> None:
    [one] = asked(store)
    score = float(who(ANN, 0) @ who(ANN, 1))
    assert one.score == pytest.approx(score, abs=2e-3)
    assert one.fmr == max(CALIBRATION.fmr(one.score), CALIBRATION.supported)
    assert one.probability == CALIBRATION.probability(one.score)
    assert one.uncalibrated is CALIBRATION.uncalibrated


def test_whoever_has_a_name_comes_first_and_two_names_are_two_people(store: SqliteStore) -> None:
    verbs(store).name("#2", "Ann")
    [one] = asked(store)
    assert (one.a.name, one.b.id) == ("Ann", 1)
    verbs(store).name("#1", "Anna")
    assert asked(store) == []


def test_what_was_called_two_people_is_never_asked_again_until_undone(store: SqliteStore) -> None:
    verbs(store).not_same("#1", "#2")
    assert asked(store) == []
    verbs(store).undo()
    assert numbers(asked(store)) == [{1, 2}]


def test_people_in_one_picture_at_one_time_are_two(store: SqliteStore, tmp_path: Path) -> None:
    tracks = [track(n, (0, 4000), 100.0 + 300 * n, who(ANN, 10 + n)) for n in range(2)]
    index(store, film(store, tmp_path, "mirror.mp4"), tracks)
    for sighting in store.sightings.all():
        if sighting.person is None:
            person = 1 if sighting.id % 2 else 2
            store.people.assign([sighting.id], person, "cluster", {sighting.id: 1.0})
    assert asked(store) == []


def test_who_is_not_shown_is_not_asked_about(store: SqliteStore) -> None:
    assert asked(store, [p for p in store.people.all() if p.id != 2]) == []
    assert asked(store, []) == []
