"""Expected people: learnt from the truth, right on average, never more than one large person."""

from __future__ import annotations

import numpy as np
import pytest

from personae.flows.expected import FOR_CROWDS, Expectation, fit


def test_what_was_put_in_is_learnt() -> None:
    dice = np.random.default_rng(7)
    known = Expectation(-4.0, 8.0, 0.3, 0.8, "made up")
    scores = dice.uniform(0.1, 1.0, 40_000)
    heights = dice.uniform(20, 90, 40_000)
    true = dice.random(40_000) < known.true(scores)
    found = dice.random(40_000) < known.found(heights)
    learnt = fit(scores, true, heights, found, "dice")
    assert (learnt.offset, learnt.slope) == pytest.approx((-4.0, 8.0), rel=0.05)
    assert (learnt.small, learnt.large) == pytest.approx((0.3, 0.8), abs=0.02)


def test_the_sum_expects_the_number_of_people() -> None:
    """A crowd of 1,000, some missed, with false boxes among those found."""
    dice = np.random.default_rng(3)
    known = Expectation(-4.0, 8.0, 0.3, 0.8, "made up")
    sums = []
    for _ in range(40):
        heights = dice.uniform(20, 90, 1000)
        found = heights[dice.random(1000) < known.found(heights)]
        # Scores of true and of false boxes as the logistic says: draw scores, then what they are
        scores = dice.uniform(0.2, 1.0, 3 * len(found))
        true = dice.random(len(scores)) < known.true(scores)
        right, wrong = scores[true][: len(found)], scores[~true]
        share = len(right) / true.sum()
        wrong = wrong[: round(len(wrong) * share)]
        people = known.people(right, found[: len(right)]).sum()
        people += known.people(wrong, dice.choice(found, len(wrong))).sum()
        sums.append(people)
    assert np.mean(sums) == pytest.approx(1000, rel=0.05)


def test_one_large_person_is_never_more_than_one() -> None:
    assert float(FOR_CROWDS.people(0.9, np.array([300.0]))[0]) < 1
    assert float(FOR_CROWDS.people(0.9, np.array([300.0]))[0]) > 0.85
    assert float(FOR_CROWDS.people(0.35, np.array([300.0]))[0]) < 0.25


def test_the_smaller_the_more_are_missed() -> None:
    found = FOR_CROWDS.found(np.array([20.0, 60.0, 96.0, 150.0, 192.0, 500.0]))
    assert (np.diff(found) >= 0).all()
    assert found[-1] == found[-2] == 1


@pytest.mark.parametrize("answer", [True, False])
def test_boxes_that_are_all_alike_teach_something_finite(answer: bool) -> None:
    all_alike = np.full(10, answer)
    learnt = fit(np.full(10, 0.5), all_alike, np.full(10, 30.0), all_alike, "ten")
    assert np.isfinite([learnt.offset, learnt.slope]).all()
    assert (float(learnt.true(0.5)) > 0.5) is answer
    assert 0 < learnt.small < 1
    assert learnt.large == 0.5
