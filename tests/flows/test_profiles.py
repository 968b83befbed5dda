"""Which views stay, which profiles go, which two are one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from personae.adapters.models.calibrated import load_calibration
from personae.app.build import choose as models
from personae.core.arrays import Vector
from personae.core.calibration import Calibration
from personae.core.embedding import unit
from personae.core.profiles import Profile, Seen, View
from personae.flows.profiles import (
    DAY_MS,
    ProfileSettings,
    choose,
    same_people,
    together,
    too_brief,
)
from personae.flows.varied import best_and_different

CHANCE = np.random.default_rng(7)
SETTINGS = ProfileSettings()


def direction() -> Vector:
    return unit(CHANCE.normal(size=128).astype(np.float32))


def near(vector: Vector, cosine: float) -> Vector:
    other = CHANCE.normal(size=128).astype(np.float32)
    other = unit(other - (other @ vector) * vector)
    return unit(cosine * vector + np.float32(np.sqrt(1 - cosine**2)) * other)


ANNA, BERT = direction(), direction()


def view(sighting: int, vector: Vector, quality: float, *, fixed: bool = False) -> View:
    return View(sighting, vector, quality, 5, fixed)


Times = dict[int, list[Seen]]
"""When each profile was seen."""
NEVER = cast(Callable[[Collection[int]], Times], lambda persons: {})


def profile(person: int, vector: Vector, *seen: Seen, touched: bool = False) -> Profile:
    views = tuple(view(10 * person + n, near(vector, 0.95), 0.7) for n in range(3))
    times = seen or (Seen(1, 0, 5000),)
    seconds = sum(one.last - one.first for one in times) / 1000
    return Profile(person, len(times), seconds, max(t.last for t in times), views, touched)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return load_calibration(models().space)


def test_the_best_stays_and_twins_of_what_stays_go() -> None:
    left, right = near(ANNA, 0.8), near(ANNA, 0.8)
    views = [
        view(1, ANNA, 0.90),
        view(2, near(ANNA, 0.999), 0.89),
        view(3, left, 0.5),
        view(4, right, 0.6),
        view(5, near(left, 0.999), 0.4),
    ]
    choices = choose(views, 3)
    assert [c.sighting for c in choices if c.kept] == [1, 3, 4]
    assert "quality 0.89, 0.00 from the nearest kept view" in choices[1].why
    assert all(c.kept for c in choose(views, 5)) and choose([], 5) == []


def test_what_goes_does_not_change_what_stays() -> None:
    vectors = np.stack([near(ANNA, 0.7) for _ in range(30)])
    qualities = CHANCE.uniform(0.3, 1.0, 30)
    kept = best_and_different(vectors, qualities, 5)
    assert len(set(kept)) == 5 and kept[0] == int(qualities.argmax())
    again = best_and_different(vectors[kept], qualities[kept], 5)
    assert again == [0, 1, 2, 3, 4]


def test_a_poor_view_of_somebody_else_is_not_kept_for_being_different() -> None:
    vectors = np.stack([near(ANNA, 0.75) for _ in range(6)] + [BERT])
    qualities = np.array([0.8] * 6 + [0.3])
    assert 6 not in best_and_different(vectors, qualities, 5)


def test_what_was_said_by_hand_and_what_an_undo_needs_stay() -> None:
    views = [view(n, near(ANNA, 0.9), 0.9 - 0.1 * n) for n in range(6)]
    views[5] = replace(views[5], fixed=True)
    parts = [frozenset({3, 4}), frozenset({99})]
    choices = choose(views, 3, parts)
    assert [c.sighting for c in choices if c.kept] == [0, 3, 5]
    assert "by hand" in choices[5].why and "undo" in choices[3].why


def test_brief_profiles_go_after_some_days_unless_somebody_touched_them() -> None:
    brief = profile(1, ANNA, Seen(1, 0, 4000), Seen(2, 9000, 12000))
    long = profile(2, BERT, Seen(1, 0, 10_000))
    mine = replace(brief, person=3, touched=True)
    now = 12_000 + 7 * DAY_MS
    (gone,) = too_brief([brief, long, mine], now, SETTINGS)
    assert gone.profile is brief and "7.0 s in total and not again for 7.0 days" in gone.why
    assert too_brief([brief], now - 1, SETTINGS) == []


def test_two_profiles_of_one_person_are_found_and_the_older_one_stays(
    calibration: Calibration,
) -> None:
    three = [profile(4, ANNA), profile(2, ANNA), profile(3, BERT)]
    (found,) = same_people(three, set(), NEVER, calibration, SETTINGS)
    assert (found.keeper, found.other) == (2, 4)
    assert found.fmr <= SETTINGS.merge_fmr and found.score > 0.7


def test_a_third_waits_for_the_next_look(calibration: Calibration) -> None:
    three = [profile(n, ANNA) for n in (1, 2, 3)]
    assert len(same_people(three, set(), NEVER, calibration, SETTINGS)) == 1


def test_whoever_was_seen_together_or_told_apart_is_two(calibration: Calibration) -> None:
    pair = [profile(1, ANNA), profile(2, ANNA)]
    there, elsewhere = [Seen(1, 0, 5000)], [Seen(2, 4000, 9000)]
    met: Times = {1: there, 2: [Seen(1, 4000, 9000)]}
    assert together(met) == {frozenset((1, 2))}
    assert same_people(pair, set(), lambda _: met, calibration, SETTINGS) == []
    apart: Times = {1: there, 2: elsewhere}
    assert len(same_people(pair, set(), lambda _: apart, calibration, SETTINGS)) == 1
    said = {frozenset((1, 2))}
    assert same_people(pair, said, lambda _: apart, calibration, SETTINGS) == []
    assert together({1: there, 2: [Seen(1, 4800, 9000)]}) == set()


def test_only_who_is_alike_is_asked_about(calibration: Calibration) -> None:
    asked: list[Collection[int]] = []

    def seen(persons: Collection[int]) -> Times:
        asked.append(persons)
        return {}

    people = [profile(1, ANNA), profile(2, ANNA), profile(3, BERT)]
    same_people(people, set(), seen, calibration, SETTINGS)
    assert asked == [{1, 2}]


def test_a_long_stay_is_together_with_all_that_come_meanwhile() -> None:
    times: Times = {
        2: [Seen(1, 1000, 3000)],
        1: [Seen(1, 0, 60_000)],
        3: [Seen(1, 50_000, 53_000)],
    }
    assert together(times) == {frozenset((1, 2)), frozenset((1, 3))}


def test_who_is_alike_but_not_enough_stays_two(calibration: Calibration) -> None:
    a, b = profile(1, ANNA), profile(2, near(ANNA, 0.25))
    assert same_people([a, b], set(), NEVER, calibration, SETTINGS) == []
