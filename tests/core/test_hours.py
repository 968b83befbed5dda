"""Hours of the week: by hand, as a property, and where summer time begins and ends."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.hours import ALL_DAYS, ALWAYS, DAY, Hours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Hours(22 * 60, 6 * 60, frozenset((4,)), BERLIN)
"""Friday 22:00 to 06:00."""


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2026-11-20T21:59:59.999", False),  # a Friday
        ("2026-11-20T22:00:00", True),
        ("2026-11-20T23:59:59.999", True),
        ("2026-11-21T00:00:00", True),
        ("2026-11-21T05:59:59.999", True),
        ("2026-11-21T06:00:00", False),
        ("2026-11-21T22:30:00", False),  # Saturday evening is not Friday's night
        ("2026-11-20T05:00:00", False),  # Friday morning is Thursday's
    ],
)
def test_a_night_belongs_to_the_day_it_begins_on(moment: str, holds: bool) -> None:
    assert NIGHT.hold(at(moment)) is holds


def test_sunday_night_ends_on_monday() -> None:
    sunday = Hours(22 * 60, 6 * 60, frozenset((6,)), BERLIN)
    assert sunday.hold(at("2026-11-23T03:00:00"))
    assert not sunday.hold(at("2026-11-22T03:00:00"))


def test_the_clock_on_the_wall_counts_where_summer_time_begins_and_ends() -> None:
    """22:00 in Berlin is 21:00 UTC in winter and 20:00 in summer; a fixed offset would be late."""
    evening = Hours(22 * 60, 23 * 60, ALL_DAYS, BERLIN)
    assert evening.hold(at("2026-01-15T21:30:00", ZoneInfo("UTC")))
    assert not evening.hold(at("2026-07-15T21:30:00", ZoneInfo("UTC")))
    assert evening.hold(at("2026-07-15T20:30:00", ZoneInfo("UTC")))
    # 2026-10-25: 02:30 happens twice, at 00:30 and at 01:30 UTC; 2026-03-29 has none at all
    twice = Hours(2 * 60, 3 * 60, ALL_DAYS, BERLIN)
    assert twice.hold(at("2026-10-25T00:30:00", ZoneInfo("UTC")))
    assert twice.hold(at("2026-10-25T01:30:00", ZoneInfo("UTC")))
    day = at("2026-03-29T00:00:00", ZoneInfo("UTC"))
    assert not any(twice.hold(day + minute * 60_000) for minute in range(-60, DAY - 120))


@given(st.integers(0, DAY - 1), st.integers(0, DAY), st.integers(0, 10**13))
def test_two_halves_of_a_day_are_a_day(start: int, end: int, moment: int) -> None:
    """Whatever lies from a to b does not lie from b to a, and one of the two always holds."""
    if start == end or end == DAY:
        assert Hours(start, start).hold(moment)
        return
    assert Hours(start, end).hold(moment) is not Hours(end, start).hold(moment)


@given(
    st.integers(0, DAY - 1), st.integers(0, DAY), st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 7 * DAY - 1),
)  # fmt: skip
def test_hours_hold_in_as_many_minutes_as_they_say(
    start: int, end: int, days: frozenset[int], minute: int
) -> None:
    """Minute by minute from each beginning on, counted without any calendar."""
    inside = {
        (day * DAY + start + passed) % (7 * DAY)
        for day in days
        for passed in range((end - start) if end > start else (end - start) % DAY or DAY)
    }
    monday = at("2026-11-16T00:00:00", ZoneInfo("UTC"))
    assert Hours(start, end, days, UTC).hold(monday + minute * 60_000) is (minute in inside)


def test_always_is_always_and_nonsense_is_refused() -> None:
    assert all(ALWAYS.hold(at("2026-11-16T00:00:00") + hour * 3_600_000) for hour in range(7 * 24))
    for start, end, days in (
        (-1, 5, {1}),
        (DAY, 5, {1}),
        (0, DAY + 1, {1}),
        (0, 5, {7}),
        (0, 5, ()),
    ):
        with pytest.raises(ValueError, match="day"):
            Hours(start, end, frozenset(days))
