"""Who is with whom: overlaps counted by hand, chance in closed form and by shifting, symmetry."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import personae.flows.together
from personae.core.intervals import Span, intersect, length, union
from personae.flows.chance import (
    crowded_seconds,
    drawn_between,
    expected_between,
    expected_within,
    p_value,
    shared_seconds,
    shifted,
    shifted_overlaps,
)
from personae.flows.report import screen_time
from personae.flows.together import Together, together
from tests.flows.test_report import PEOPLE, film, seen

TOTAL = 60.0
SPANS = st.lists(
    st.tuples(st.integers(0, 55), st.integers(1, 20)).map(
        lambda s: (float(s[0]), min(float(sum(s)), TOTAL))
    ),
    max_size=5,
).map(union)
EVERY_SECOND = np.arange(0.0, TOTAL, 1.0)


def chance(a: list[Span], b: list[Span], total: float = TOTAL) -> float:
    """Seconds together by chance, in one film."""
    return expected_between({1: length(a)}, {1: length(b)}, {1: total})


def probability(a: list[Span], b: list[Span], total: float = 1000.0) -> float:
    """That of so much together, or so little, in one film."""
    drawn = drawn_between({1: a}, {1: b}, {1: total}, 999, np.random.default_rng(1))
    return p_value(length(intersect(a, b)), drawn)


def told(*, by: str = "person") -> Together:
    """Ada 0-10 and 20-30, Eve 5-25, Bob 50-60 of 100 s; in a second film Ada and Bob all along."""
    records = [seen(1, 0, 10), seen(1, 20, 30), seen(2, 5, 25), seen(3, 50, 60)]
    records += [seen(1, 0, 8, media=2), seen(3, 0, 8, media=2)]
    report = screen_time(records, PEOPLE, [film(1, 100), film(2, 8)], by="person", gap=0)
    return together(report, by=by)  # type: ignore[arg-type]


def test_seconds_and_chance_are_those_counted_by_hand() -> None:
    found = {(pair.a, pair.b): pair for pair in told().pairs}
    assert [unit.seconds for unit in told().units] == [28, 20, 18]
    both = found["Ada", "Eve"]
    assert (both.seconds, both.films) == (10, 1)
    assert (both.share_a, both.share_b) == (10 / 28, 10 / 20)
    assert both.expected == pytest.approx(20 * 20 / 100)
    assert both.lift == pytest.approx(2.5)
    # All of the second film, which could not be otherwise, and nothing of the first
    there = found["Ada", "Bob"]
    assert there.seconds == 8
    assert there.expected == pytest.approx(20 * 10 / 100 + 8)
    apart = found["Eve", "Bob"]
    assert (apart.seconds, apart.lift, apart.films) == (0, 0, 0)
    assert apart.expected == pytest.approx(20 * 10 / 100)


def test_by_gender_a_gender_is_with_itself_where_two_of_it_are() -> None:
    found = {(pair.a, pair.b): pair for pair in told(by="gender").pairs}
    women = found["Female", "Female"]
    assert women.seconds == 10
    # 100 s x 20 % x 20 %; with two people this is the pair's own chance
    assert women.expected == pytest.approx(4)
    mixed = found["Female", "Male"]
    assert mixed.seconds == 8
    # The union of the women is 30 s of the first film
    assert mixed.expected == pytest.approx(30 * 10 / 100 + 8)
    # One man is never two, whatever the rounding
    assert ("Male", "Male") not in found
    assert any("never guessed" in said for said in told(by="gender").method)


def test_those_who_share_no_film_are_no_pair() -> None:
    records = [seen(1, 0, 5), seen(2, 0, 5, media=2)]
    report = screen_time(records, PEOPLE, [film(1, 10), film(2, 10)], by="person")
    assert together(report, by="person").pairs == ()
    assert len(together(report, by="person").units) == 2


def test_the_same_report_gives_the_same_figures_as_json() -> None:
    first, second = told().as_json(), told().as_json()
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(second))
    assert {"a", "b", "seconds", "expected", "lift", "p"} <= set(first["pairs"][0])  # type: ignore[index,arg-type]


def test_who_always_come_together_are_no_chance_and_who_fill_the_film_are() -> None:
    short = [(10.0, 12.0)]
    assert probability(short, short) <= 0.01
    assert probability(short, [(0.0, 1000.0)]) == 1.0


def test_those_who_avoid_each_other_are_no_chance_either() -> None:
    assert chance([(0.0, 500.0)], [(500.0, 1000.0)], 1000.0) == 250
    assert probability([(0.0, 500.0)], [(500.0, 1000.0)]) <= 0.01


def test_of_too_many_pairs_those_with_the_most_seconds_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = {(pair.a, pair.b): pair for pair in told().pairs}
    # Eve's one appearance is all that may be shifted: of the first pair, Ada's and hers
    monkeypatch.setattr(personae.flows.together, "SPANS_SHIFTED", 1)
    some = told()
    assert [(pair.a, pair.b) for pair in some.pairs] == list(whole)
    first, *others = some.pairs
    assert first.p is not None and all(pair.p is None for pair in others)
    for pair in some.pairs:
        assert replace(pair, p=whole[pair.a, pair.b].p) == whole[pair.a, pair.b]
    assert any("Drawn for the 1 pairs" in said for said in some.method)


@settings(deadline=None)
@given(st.lists(st.tuples(SPANS, SPANS), min_size=2, max_size=4))
def test_what_all_share_is_what_each_two_share(films: list[tuple[list[Span], list[Span]]]) -> None:
    people = {f"p{n}": {1: a, 2: b} for n, (a, b) in enumerate(films)}
    found = shared_seconds(people)
    for one, other in combinations(people, 2):
        for number in (1, 2):
            plain = length(intersect(people[one][number], people[other][number]))
            assert found.get((one, other), {}).get(number, 0.0) == pytest.approx(plain)


def test_a_p_value_counts_both_tails() -> None:
    draws = np.arange(1.0, 100.0)  # 1 … 99
    assert p_value(50.0, draws) == 1.0
    assert p_value(100.0, draws) == pytest.approx(2 / 100)
    assert p_value(98.0, draws) == pytest.approx(2 * 3 / 100)
    assert p_value(0.0, draws) == pytest.approx(2 / 100)


@settings(deadline=None)
@given(SPANS, SPANS)
def test_overlap_and_chance_are_symmetric(a: list[Span], b: list[Span]) -> None:
    assert chance(a, b) == chance(b, a)
    assert crowded_seconds([a, b]) == crowded_seconds([b, a]) == length(intersect(a, b))


@settings(deadline=None)
@given(SPANS, SPANS, st.integers(0, 59))
def test_nothing_changes_when_both_are_shifted(a: list[Span], b: list[Span], by: int) -> None:
    moved = shifted(a, by, TOTAL), shifted(b, by, TOTAL)
    assert length(moved[0]) == length(a)
    assert length(intersect(*moved)) == length(intersect(a, b))
    assert chance(*moved) == chance(a, b)


@settings(deadline=None)
@given(SPANS, SPANS)
def test_a_shift_s_overlap_is_that_of_the_shifted(a: list[Span], b: list[Span]) -> None:
    plain = [length(intersect(a, shifted(b, float(by), TOTAL))) for by in EVERY_SECOND]
    assert shifted_overlaps(a, b, TOTAL, EVERY_SECOND) == pytest.approx(plain)


@settings(deadline=None)
@given(SPANS, SPANS)
def test_the_closed_form_is_the_mean_over_all_shifts(a: list[Span], b: list[Span]) -> None:
    """Whole seconds: between two of them the overlap is linear, so its mean is that of all."""
    mean = float(shifted_overlaps(a, b, TOTAL, EVERY_SECOND).mean())
    assert chance(a, b) == pytest.approx(mean)


@settings(deadline=None, max_examples=20)
@given(SPANS, SPANS)
def test_two_or_more_of_two_people_is_the_pair(a: list[Span], b: list[Span]) -> None:
    both = expected_within([{1: a}, {1: b}], {1: TOTAL})
    assert both == pytest.approx(chance(a, b))


def test_two_or_more_of_three_people_is_the_mean_of_shifting_each() -> None:
    many = [[(0.0, 3.0)], [(2.0, 8.0)], [(5.0, 6.0), (8.0, 10.0)]]
    mean = np.mean(
        [
            crowded_seconds([many[0], shifted(many[1], i, 10.0), shifted(many[2], j, 10.0)])
            for i in range(10)
            for j in range(10)
        ]
    )
    # .3 .6 .3: 1 - .7 .4 .7 - (.3 .4 .7 + .7 .6 .7 + .7 .4 .3) = .342
    assert expected_within([{1: one} for one in many], {1: 10.0}) == pytest.approx(3.42)
    assert math.isclose(float(mean), 3.42)
