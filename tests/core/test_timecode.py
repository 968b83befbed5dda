"""Timecode: known values, drop-frame, and every frame back again."""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.timecode import (
    STANDARD_RATES,
    counted,
    frames_a_day,
    from_timecode,
    may_drop,
    nearest_rate,
    to_timecode,
)

NTSC_30 = Fraction(30000, 1001)
NTSC_60 = Fraction(60000, 1001)
FILM = Fraction(24000, 1001)
ALL = st.sampled_from([*STANDARD_RATES, Fraction(10), Fraction(25, 2), Fraction(120)])


@pytest.mark.parametrize(
    ("frame", "rate", "drop", "written"),
    [
        (0, NTSC_30, True, "00:00:00;00"),
        (1799, NTSC_30, True, "00:00:59;29"),
        (1800, NTSC_30, True, "00:01:00;02"),
        (17981, NTSC_30, True, "00:09:59;29"),
        (17982, NTSC_30, True, "00:10:00;00"),
        (19781, NTSC_30, True, "00:10:59;29"),
        (19782, NTSC_30, True, "00:11:00;02"),
        (107892, NTSC_30, True, "01:00:00;00"),
        (1800, NTSC_30, False, "00:01:00:00"),
        (3600, NTSC_60, True, "00:01:00;04"),
        (35964, NTSC_60, True, "00:10:00;00"),
        (215784, NTSC_60, True, "01:00:00;00"),
        (86400, FILM, False, "01:00:00:00"),
        (90000, Fraction(25), False, "01:00:00:00"),
        (1499, Fraction(25), False, "00:00:59:24"),
    ],
)
def test_known_values(frame: int, rate: Fraction, drop: bool, written: str) -> None:
    assert to_timecode(frame, rate, drop=drop) == written
    assert from_timecode(written, rate) == frame


@given(ALL, st.data())
def test_every_frame_comes_back(rate: Fraction, data: st.DataObject) -> None:
    drop = data.draw(st.booleans()) if may_drop(rate) else False
    frame = data.draw(st.integers(0, frames_a_day(rate, drop=drop) - 1))
    assert from_timecode(to_timecode(frame, rate, drop=drop), rate) == frame


@given(st.sampled_from([NTSC_30, NTSC_60]), st.integers(0, 2_000_000))
def test_drop_frame_keeps_up_with_the_clock(rate: Fraction, frame: int) -> None:
    """Within 0.15 s of real time, over many hours (3.6 ms an hour); and numbers only go up."""
    written = to_timecode(frame, rate, drop=True)
    hour, minute, second, frames = (int(part) for part in written.replace(";", ":").split(":"))
    shown = (hour * 60 + minute) * 60 + second + Fraction(frames, counted(rate))
    assert abs(shown - frame / rate) < Fraction(15, 100)
    assert to_timecode(frame + 1, rate, drop=True) > written or hour == 23


@given(st.sampled_from(STANDARD_RATES), st.integers(0, 2_000_000))
def test_it_agrees_with_opentimelineio(rate: Fraction, frame: int) -> None:
    theirs = otio.opentime.to_timecode(
        otio.opentime.RationalTime(frame, float(rate)), float(rate), may_drop(rate)
    )
    assert to_timecode(frame, rate, drop=may_drop(rate)) == theirs


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("00:01:00;00", NTSC_30),  # left out
        ("00:01:00;01", NTSC_30),
        ("00:01:00;03", NTSC_60),
        ("00:00:00;00", Fraction(25)),  # no drop-frame at 25
        ("00:00:00;00", FILM),
        ("00:00:00:25", Fraction(25)),
        ("00:60:00:00", Fraction(25)),
        ("0:0:0:0", Fraction(25)),
        ("", Fraction(25)),
    ],
)
def test_what_is_no_timecode_is_refused(text: str, rate: Fraction) -> None:
    with pytest.raises(ValueError, match="timecode"):
        from_timecode(text, rate)


def test_drop_frame_is_refused_where_there_is_none() -> None:
    with pytest.raises(ValueError, match="drop-frame"):
        to_timecode(0, Fraction(25), drop=True)
    with pytest.raises(ValueError, match="from 0"):
        to_timecode(-1, Fraction(25))


def test_it_wraps_after_a_day() -> None:
    assert to_timecode(24 * 3600 * 25 + 1, Fraction(25)) == "00:00:00:01"
    assert to_timecode(frames_a_day(NTSC_30, drop=True), NTSC_30, drop=True) == "00:00:00;00"


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        (29.97, NTSC_30),
        (29.97002997, NTSC_30),
        (30.0, Fraction(30)),
        (23.976, FILM),
        (23.98, FILM),
        (24.0, Fraction(24)),
        (25.0, Fraction(25)),
        (59.94, NTSC_60),
        (12.5, Fraction(25, 2)),
        (10.0, Fraction(10)),
    ],
)
def test_a_stated_rate_is_the_standard_one_it_means(stated: float, meant: Fraction) -> None:
    assert nearest_rate(stated) == meant
