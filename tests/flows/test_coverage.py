"""What a report leaves open: turned heads, people without a name, nobody's faces, tiny faces."""

from __future__ import annotations

import pytest

from personae.core.records import Person, Sighting
from personae.flows.coverage import tiny_seconds, unseen, with_unseen
from personae.flows.report import screen_time
from tests.flows.test_report import ADA, film, seen

PEOPLE = {1: ADA, 2: Person(2, None, "auto", "Unknown"), 3: Person(3, "X", "hidden", "Unknown")}


def face(number: int, start: float, end: float, person: int | None, media: int = 1) -> Sighting:
    first, last = round(start * 1000), round(end * 1000)
    return Sighting(number, media, "face", first, last, start, end, 0.9, person=person)


def test_each_is_counted_apart() -> None:
    records = [
        seen(1, 0, 10),
        seen(1, 8, 13, known_by="body"),
        seen(2, 5, 9),
        seen(2, 9, 10, known_by="body"),
        seen(3, 0, 20, known_by="body"),
        seen(1, 0, 5, media=9, known_by="body"),
    ]
    faces = [
        face(1, 0, 10, 1),
        face(2, 30, 34, None),
        face(3, 32, 35, None),
        face(4, 0, 9, None, 9),
    ]
    counts = {1: {"analysed": 300, "unchanged": 100, "too_small": 50}}
    left = unseen(records, faces, PEOPLE, [film(1, 60), film(2, 0, "photo")], counts)
    # Of Ada's five seconds known by the body two show her face as well
    assert left.turned_s == pytest.approx(3 + 1)
    assert left.unnamed_s == pytest.approx(5)
    assert left.unassigned_s == pytest.approx(4 + 3)
    # A quarter of a tiny face on each of 200 looks: a quarter of the minute
    assert left.too_small_s == pytest.approx(15)
    assert left.too_small == 50


def test_a_film_that_was_never_searched_has_no_tiny_faces() -> None:
    assert tiny_seconds({}, 60) == 0
    assert tiny_seconds({"analysed": 5, "unchanged": 5, "too_small": 0}, 60) == 0


def test_the_report_says_it_and_that_masks_are_not_told_apart() -> None:
    plain = screen_time([seen(1, 0, 10)], PEOPLE, [film(1, 60)], by="person")
    assert plain.as_json()["unseen"] is None
    report = with_unseen(plain, unseen([seen(1, 0, 10)], [], PEOPLE, [film(1, 60)], {}))
    assert report.as_json()["unseen"] == {
        "turned_s": 0,
        "unnamed_s": 0,
        "unassigned_s": 0,
        "too_small_s": 0,
        "too_small": 0,
    }
    assert "Masked faces are not told apart" in report.method[-1]
