"""Events matched one to one."""

from __future__ import annotations

import pytest

from personae.flows.evaluation.blinks import BlinkScore, score_blinks


def test_each_true_blink_is_found_once() -> None:
    score = score_blinks([(10, 12), (13, 14), (50, 52)], [(11, 14), (80, 83)])
    assert score == BlinkScore(right=1, wrong=2, missed=1)
    assert score.precision == pytest.approx(1 / 3)
    assert score.recall == pytest.approx(1 / 2)
    assert score.f1 == pytest.approx(2 / 5)


def test_a_blink_may_lie_two_frames_beside() -> None:
    assert score_blinks([(17, 18)], [(11, 15)]).right == 1
    assert score_blinks([(18, 19)], [(11, 15)]).right == 0
    assert score_blinks([(8, 9)], [(11, 15)]).right == 1


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    score = score_blinks([], [])
    assert (score.precision, score.recall, score.f1) == (1.0, 1.0, 1.0)
    assert score_blinks([], [(1, 2)]).f1 == 0.0
    assert score_blinks([(1, 2)], []).f1 == 0.0


def test_recordings_add_up() -> None:
    assert BlinkScore(1, 2, 3) + BlinkScore(10, 20, 30) == BlinkScore(11, 22, 33)
