"""Exact times to frame numbers: constant and variable rates, coarse clocks, films' own timecode."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.numbering import Numbering

NTSC = Fraction(30000, 1001)
RATES = ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "10", "25/2")
BASES = (Fraction(1, 1000), Fraction(1, 90000), Fraction(1, 30000), Fraction(1, 15360))


@given(st.sampled_from(RATES), st.sampled_from(BASES), st.integers(2, 400), st.booleans())
def test_a_constant_rate_is_found_and_every_frame_is_exact(
    said: str, base: Fraction, count: int, floor: bool
) -> None:
    """Also where the container rounds its times to milliseconds, and states a rounded rate."""
    rate = Fraction(said)
    times = [int(n / rate / base) if floor else round(n / rate / base) for n in range(count)]
    made = Numbering.of(base, float(f"{float(rate):.4f}"), np.array(times, np.int64))
    assert made.constant and made.rate == rate
    assert [made.frame(time) for time in times] == list(range(count))
    assert [made.picture(time) for time in times] == list(range(count))


def test_dropped_frames_leave_a_constant_rate_constant() -> None:
    times = [n * 1001 for n in range(100) if n not in (10, 11, 57)]
    made = Numbering.of(Fraction(1, 30000), NTSC, np.array(times, np.int64))
    assert made.constant and made.rate == NTSC
    assert made.frame(12 * 1001) == 12
    assert made.picture(12 * 1001) == 10


def test_a_variable_rate_is_said_to_be_one() -> None:
    """A phone: mostly 30 a second, some frames later, some half as often."""
    steps = [3000] * 40 + [3011, 6007, 2990, 3000, 6100] + [3000] * 40
    times = np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
    made = Numbering.of(Fraction(1, 90000), 28.9, times)
    assert made.constant is False and made.rate == 30
    assert "Variable" in made.method and "30/1" in made.method
    for number, time in enumerate(times):
        assert made.picture(int(time)) == number
        assert abs(made.frame(int(time)) / made.rate - int(time) * made.base) <= Fraction(1, 60)


def test_without_the_film_the_stated_rate_serves() -> None:
    made = Numbering.of(Fraction(1, 30000), 29.97002997)
    assert made.rate == NTSC and made.constant is None
    assert "could not be read" in made.method
    assert made.picture(1800 * 1001) == made.frame(1800 * 1001) == 1800
    assert Numbering.of(Fraction(1, 1000), None).rate == 25


def test_the_exclusive_end_is_the_first_frame_outside() -> None:
    made = Numbering.of(Fraction(1, 25), 25, np.arange(10, dtype=np.int64))
    assert made.picture(10) == 10


@pytest.mark.parametrize(
    ("carried", "rate", "first", "later"),
    [
        (None, NTSC, "00:00:00;00", "00:01:00;02"),
        ("01:00:00;00", NTSC, "01:00:00;00", "01:01:00;02"),
        ("01:00:00:00", NTSC, "01:00:00:00", "01:01:00:00"),
        ("10:00:00:00", Fraction(25), "10:00:00:00", "10:01:12:00"),
        ("00:00:00:99", Fraction(25), "00:00:00:00", "00:01:12:00"),
        ("nonsense", Fraction(25), "00:00:00:00", "00:01:12:00"),
        ("23:59:59:24", Fraction(25), "23:59:59:24", "00:01:11:24"),
    ],
)
def test_the_films_own_timecode_is_kept(
    carried: str | None, rate: Fraction, first: str, later: str
) -> None:
    made = Numbering.of(1 / rate, rate, np.arange(3, dtype=np.int64), carried)
    assert (made.timecode(0), made.timecode(1800)) == (first, later)
