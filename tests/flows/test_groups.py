"""Groups of films: by path, collection, month, year; two of them side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from personae.core.errors import UnknownOption
from personae.core.records import Media
from personae.flows.accuracy import with_error_bars
from personae.flows.figures import Accuracy, By, ScreenTime
from personae.flows.groups import NO_COLLECTION, NO_DATE, Group, compare, grouped, per_group
from personae.flows.report import screen_time
from tests.flows.test_report import PEOPLE, film, seen


def taken(media: Media, year: int, month: int, collection: str | None) -> Media:
    at = int(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)
    return replace(media, captured_at=at, collection=collection)


A = taken(film(1, 1800), 2025, 2, "News")
B = taken(film(2, 3600), 2025, 1, "Films")
C = taken(film(3, 1800), 2024, 12, "News")
D = film(4, 60)
ALL = [A, B, C, D]
RECORDS = [seen(1, 0, 600), seen(3, 100, 400), seen(1, 0, 900, media=3), seen(2, 0, 36, media=2)]
KNOWN = Accuracy(0.9, 0.9, 0.0, "by hand")


def report(media: Sequence[Media], by: By = "gender") -> ScreenTime:
    return with_error_bars(screen_time(RECORDS, PEOPLE, media, by=by), KNOWN)


def keys(per: str) -> dict[str, list[int]]:
    return {key: [m.id for m in these] for key, these in grouped(ALL, per).items()}  # type: ignore[arg-type]


def test_groups_are_in_order_and_what_has_none_is_last() -> None:
    assert keys("collection") == {"Films": [2], "News": [1, 3], NO_COLLECTION: [4]}
    assert keys("month") == {"2024-12": [3], "2025-01": [2], "2025-02": [1], NO_DATE: [4]}
    assert keys("year") == {"2024": [3], "2025": [1, 2], NO_DATE: [4]}
    assert list(keys("media").values()) == [[1], [2], [3], [4]]
    assert list(keys("month")) == ["2024-12", "2025-01", "2025-02", NO_DATE]
    with pytest.raises(UnknownOption):
        grouped(ALL, "week")  # type: ignore[arg-type]


def test_each_group_is_a_report_of_its_films() -> None:
    told = per_group(ALL, "collection", "gender", report)
    news = told.groups[1].report
    assert (told.groups[1].key, news.total_seconds) == ("News", 3600)
    assert [(row.key, row.seconds) for row in news.rows] == [("Female", 1500), ("Male", 300)]
    assert told.groups[2].report.rows == ()
    listed = json.loads(json.dumps(told.as_json(), allow_nan=False))
    assert [one["group"] for one in listed["groups"]] == ["Films", "News", NO_COLLECTION]
    assert listed["groups"][1]["rows"][0]["seconds"] == 1500
    assert "per hour" in listed["method"]


def test_two_collections_are_compared_per_hour_with_error_bars() -> None:
    told = compare(Group("News", report([A, C])), Group("Films", report([B])))
    female, male = told.rows
    assert (female.a.per_hour, female.b.per_hour) == (1500, 36)
    assert female.more == -1464
    # 36 / 0.9 - 1500 x 0.9, and 36 x 0.9 - 1500 / 0.9
    assert (female.low, female.high) == (
        pytest.approx(36 * 0.9 - 1500 / 0.9),
        pytest.approx(36 / 0.9 - 1500 * 0.9),
    )
    assert female.sure
    assert (male.key, male.b.seconds, male.more) == ("Male", 0, -300)
    assert json.loads(json.dumps(told.as_json(), allow_nan=False))["rows"][0]["sure"] is True


def test_a_small_difference_is_not_sure() -> None:
    told = compare(Group("News", report([A, C])), Group("again", report([A, C])))
    assert [(row.more, row.sure) for row in told.rows] == [(0, False), (0, False)]


def test_halves_of_an_hour_weigh_the_same_per_hour() -> None:
    told = compare(Group("a", report([A])), Group("c", report([C])))
    assert (told.rows[0].a.per_hour, told.rows[0].b.per_hour) == (1200, 1800)


def test_a_person_is_the_same_whatever_the_label() -> None:
    first, second = report([A], "person"), report([C], "person")
    other = replace(second, rows=tuple(replace(row, key=f"{row.key} (1)") for row in second.rows))
    told = compare(Group("a", first), Group("c", other))
    assert [(row.key, row.a.seconds, row.b.seconds) for row in told.rows] == [
        ("Ada", 600, 900),
        ("Bob", 300, 0),
    ]
    with pytest.raises(UnknownOption):
        compare(Group("a", first), Group("c", report([C], "gender")))
