"""Times and shares are rounded once and rightly, also at the edges."""

from __future__ import annotations

import pytest

from personae.adapters.render.words import clock, percent, plain, short_names, spoken, ticks


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00:00.000"), (59.9996, "0:01:00.000"), (3723.456, "1:02:03.456")],
)
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (3599.6, "1 h 00 min")],
)
def test_spoken(seconds: float, shown: str) -> None:
    assert spoken(seconds) == shown


def test_percent() -> None:
    assert [percent(x) for x in (0, 0.0001, 0.1234, 1)] == ["0.0 %", "<0.1 %", "12.3 %", "100.0 %"]


@pytest.mark.parametrize("duration", [0.0, 0.3, 22.4, 90, 612.5, 3600, 86400, 9e5])
def test_ticks_are_few_and_inside(duration: float) -> None:
    marks, step = ticks(duration)
    assert 1 <= len(marks) <= 9
    assert marks[0] == 0
    assert marks[-1] <= duration + 1e-6 * step


def test_files_of_one_name_are_told_apart() -> None:
    assert list(short_names(["x/a.mp4", "y/b.mp4"]).values()) == ["a.mp4", "b.mp4"]
    assert list(short_names(["x/a.mp4", "y/a.mp4"]).values()) == ["x/a.mp4", "y/a.mp4"]
    same = ["1/x/a.mp4", "2/x/a.mp4"]
    assert list(short_names(same).values()) == same


def test_text_from_outside_becomes_one_line_that_can_be_written() -> None:
    assert plain("a\n\tb\udcff\x1b[31m") == "a b? [31m"
