"""Blinks: made dips, properties, and two long series with labels."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.app.evaluating_blink import blink
from personae.app.settings import Settings
from personae.core.blinks import Blink, Blinks
from tests.shared import shared_file


def found(series: list[float], fps: float = 30.0, right: list[float] | None = None) -> list[Blink]:
    eyes = Blinks()
    pairs = zip(series, series if right is None else right, strict=True)
    seen = [eyes.see(n / fps, left, other) for n, (left, other) in enumerate(pairs)]
    return [one for one in seen if one is not None]


def eyes(dips: list[tuple[int, int]], length: int, low: float = 0.08) -> list[float]:
    """Open at 0.3, at ``low`` from the first frame of each dip to its last."""
    return [low if any(a <= n <= b for a, b in dips) else 0.3 for n in range(length)]


def test_each_dip_is_one_blink_at_its_own_frames() -> None:
    blinks = found(eyes([(30, 35), (90, 93)], 150))
    assert [(round(b.start * 30), round(b.end * 30)) for b in blinks] == [(30, 35), (90, 93)]
    assert blinks[0].depth == pytest.approx(0.08 / 0.3)


def test_closed_for_long_or_hardly_closing_is_none() -> None:
    assert not found(eyes([(30, 30 + 27)], 150))
    assert not found(eyes([(30, 35)], 150, low=0.2))
    assert found(eyes([(30, 30 + 20)], 150))


def test_a_wink_is_no_blink_unless_the_other_eye_is_not_seen() -> None:
    dips = eyes([(30, 35)], 90)
    assert not found(dips, right=[0.3] * 90)
    assert len(found(dips, right=[math.nan] * 90)) == 1


def test_one_shallow_look_is_no_blink_where_looks_are_rare() -> None:
    assert not found(eyes([(20, 20)], 40, low=0.17), fps=5)
    assert len(found(eyes([(20, 20)], 40, low=0.17), fps=30)) == 1
    assert len(found(eyes([(20, 20)], 40, low=0.1), fps=5)) == 1
    assert not found(eyes([(20, 20)], 40, low=0.1), fps=2)


def test_a_dip_that_was_broken_off_is_none() -> None:
    finder = Blinks()
    for n, value in enumerate(eyes([(30, 33)], 60)):
        if n == 32:
            assert finder.closing
        finder.break_off() if n in (31, 32, 33, 34) else None
        assert finder.see(n / 30, value, value) is None


def test_time_must_grow() -> None:
    finder = Blinks()
    finder.see(1.0, 0.3, 0.3)
    with pytest.raises(ValueError, match="grow"):
        finder.see(1.0, 0.3, 0.3)


levels = st.lists(st.floats(0.05, 1.0), min_size=1, max_size=150)


@given(levels, st.integers(-8, 8))
def test_the_unit_does_not_matter(series: list[float], power: int) -> None:
    assert found([value * 2.0**power for value in series]) == found(series)


@given(st.floats(0.01, 10), st.integers(1, 200), st.sampled_from([5.0, 12.5, 30.0, 60.0]))
def test_a_constant_series_has_none(value: float, length: int, fps: float) -> None:
    assert not found([value] * length, fps)


@given(levels, st.sampled_from([5.0, 25.0, 60.0]))
def test_blinks_follow_each_other_and_are_short_and_deep(series: list[float], fps: float) -> None:
    blinks = found(series, fps)
    ends = [moment for one in blinks for moment in (one.start, one.end)]
    assert ends == sorted(ends)
    assert all(one.end - one.start <= 0.8 and one.depth <= 0.6 for one in blinks)


@pytest.mark.parametrize(("number", "least"), [(3, 0.87), (5, 0.87)])
def test_labelled_series(number: int, least: float) -> None:
    series = shared_file(f"data/blink/eyeblink8_ear_series_{number}.csv")
    score = blink(series, Settings()).score
    assert score.right + score.missed == {3: 65, 5: 30}[number]
    assert score.precision >= 0.8
    assert score.recall >= 0.78
    assert score.f1 >= least
