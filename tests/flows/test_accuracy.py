"""Error bars: the formula by hand, what it may not leave, and that the report says its source."""

from __future__ import annotations

import math

import pytest

from personae.core.errors import UnknownOption
from personae.flows.accuracy import bounds, with_error_bars
from personae.flows.figures import Accuracy
from personae.flows.report import screen_time
from tests.flows.test_report import PEOPLE, film, seen

KNOWN = Accuracy(recall=0.8, precision=0.9, boundary_s=0.5, source="ten films of ours")


def test_the_bar_reaches_from_what_is_right_to_what_was_missed() -> None:
    low, high = bounds(100.0, 2, KNOWN)
    # Four ends, each off by half a second: together a second
    assert low == pytest.approx(90 - 1)
    assert high == pytest.approx(125 + 1)


def test_nothing_told_may_still_be_nothing() -> None:
    assert bounds(0.0, 0, KNOWN) == (0, 0)
    assert bounds(0.2, 1, KNOWN)[0] == 0


def test_a_perfect_measure_leaves_no_bar() -> None:
    assert bounds(7.0, 3, Accuracy(1, 1, 0, "")) == (7, 7)


def test_every_row_gets_one_and_none_is_longer_than_the_films() -> None:
    records = [seen(1, 0, 9), seen(2, 1, 2)]
    plain = screen_time(records, PEOPLE, [film(1, 10)], by="person")
    assert [(row.low, row.high) for row in plain.rows] == [(None, None)] * 2
    report = with_error_bars(plain, KNOWN)
    ada, eve = report.rows
    assert (ada.low, ada.high) == (pytest.approx(8.1 - math.sqrt(0.5)), 10)
    assert eve.low == pytest.approx(0.9 - math.sqrt(0.5))
    assert [row.seconds for row in report.rows] == [9, 1]
    assert "ten films of ours" in report.method[-1]
    told = report.as_json()
    assert told["accuracy"] == {
        "recall": 0.8,
        "precision": 0.9,
        "boundary_s": 0.5,
        "source": "ten films of ours",
    }


@pytest.mark.parametrize("wrong", [Accuracy(0, 1, 0, ""), Accuracy(1, 1.2, 0, "")])
def test_what_is_no_share_is_refused(wrong: Accuracy) -> None:
    with pytest.raises(UnknownOption):
        with_error_bars(screen_time([], {}, [], by="person"), wrong)
