"""Screen time: overlaps count once, breaks are closed, shares add up, hidden people stay hidden."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.errors import UnknownOption
from personae.core.records import Interval, KnownBy, Media, MediaKind, Person, PersonKind
from personae.flows.report import presence, screen_time


def film(number: int, duration: float, kind: MediaKind = "film") -> Media:
    return Media(number, f"{number:064}", f"films/{number}.mp4", kind, 640, 360, 1, 1000, duration)


def seen(
    person: int, start: float, end: float, media: int = 1, known_by: KnownBy = "face"
) -> Interval:
    path = f"films/{media}.mp4"
    first, last = round(start * 1000), round(end * 1000)
    return Interval(person, media, path, start, end, known_by, 0.9, first, last)


def who(number: int, name: str | None, gender: str, kind: PersonKind = "named") -> Person:
    return Person(number, name, kind, gender)


ADA, EVE, BOB = who(1, "Ada", "Female"), who(2, "Eve", "Female"), who(3, "Bob", "Male")
PEOPLE = {one.id: one for one in (ADA, EVE, BOB)}


def test_two_of_one_gender_at_once_count_once() -> None:
    records = [seen(1, 0, 10), seen(2, 5, 15), seen(3, 0, 4)]
    report = screen_time(records, PEOPLE, [film(1, 100)], by="gender")
    assert [(row.key, row.seconds, row.people) for row in report.rows] == [
        ("Female", 15, 2),
        ("Male", 4, 1),
    ]
    assert report.rows[0].person is None
    assert any("two women on screen at once count once" in said for said in report.method)


def test_by_person_each_counts_in_full() -> None:
    records = [seen(1, 0, 10), seen(2, 5, 17), seen(1, 2, 3)]
    report = screen_time(records, PEOPLE, [film(1, 100)], by="person")
    assert [(row.key, row.person, row.seconds) for row in report.rows] == [
        ("Eve", 2, 12),
        ("Ada", 1, 10),
    ]
    assert [row.share for row in report.rows] == [0.12, 0.10]
    assert [row.face_share for row in report.rows] == [12 / 22, 10 / 22]


@pytest.mark.parametrize(("gap", "spans"), [(0.5, [[1, 4.5]]), (0.4, [[1, 2], [2.5, 4.5]])])
def test_breaks_up_to_the_tolerance_are_closed(gap: float, spans: list[list[float]]) -> None:
    records = [seen(1, 2.5, 4.5), seen(1, 1, 2)]
    report = screen_time(records, PEOPLE, [film(1, 10)], by="person", gap=gap)
    (row,) = report.rows
    assert [[one.start, one.end] for one in row.intervals] == spans
    assert row.appearances == len(spans)
    assert row.seconds == sum(end - start for start, end in spans)
    assert row.longest == max(end - start for start, end in spans)
    assert row.first == 1
    assert any(f"up to {gap:g} s" in said for said in report.method)


def test_films_are_kept_apart_and_photos_last_no_time() -> None:
    media = [film(1, 10), film(2, 20), film(3, 0, "photo")]
    records = [seen(1, 9.8, 10), seen(1, 0, 2, media=2), seen(1, 0, 0, media=3), seen(2, 0, 0, 3)]
    report = screen_time(records, PEOPLE, media, by="person")
    assert report.total_seconds == 30
    ada, eve = report.rows
    assert [(one.media, one.path) for one in ada.intervals] == [
        (1, "films/1.mp4"),
        (2, "films/2.mp4"),
    ]
    assert (ada.seconds, ada.photos) == (pytest.approx(2.2), 1)
    assert (eve.seconds, eve.photos, eve.first, eve.appearances) == (0, 1, None, 0)
    assert (report.coverage.films, report.coverage.photos) == (2, 1)


def test_hidden_people_are_left_out_unless_asked_for() -> None:
    people = {1: ADA, 4: who(4, "Ghost", "Female", "hidden")}
    records = [seen(1, 0, 3), seen(4, 2, 8)]
    report = screen_time(records, people, [film(1, 10)], by="person")
    assert [row.key for row in report.rows] == ["Ada"]
    assert report.coverage.hidden == 1
    assert screen_time(records, people, [film(1, 10)], by="gender").rows[0].seconds == 3
    assert [one.key for one in presence(records, people, [film(1, 10)])[0].lanes] == ["Ada"]
    full = screen_time(records, people, [film(1, 10)], by="gender", hidden=True)
    assert (full.rows[0].seconds, full.coverage.hidden) == (8, 0)


def test_records_of_other_media_and_other_people_do_not_count() -> None:
    records = [seen(1, 0, 3), seen(1, 0, 3, media=9), seen(77, 0, 3)]
    (row,) = screen_time(records, PEOPLE, [film(1, 10)], by="person").rows
    assert (row.key, row.seconds) == ("Ada", 3)


def test_two_people_of_one_name_are_told_apart() -> None:
    people = {1: ADA, 5: who(5, "Ada", "Female"), 6: who(6, None, "Unknown", "auto")}
    records = [seen(1, 0, 3), seen(5, 0, 2), seen(6, 0, 1)]
    report = screen_time(records, people, [film(1, 10)], by="person")
    assert [row.key for row in report.rows] == ["Ada (1)", "Ada (5)", "person 6"]
    assert report.coverage.unnamed == 1


def test_how_an_appearance_is_known_is_kept() -> None:
    records = [seen(1, 3, 6, known_by="body"), seen(1, 0, 3), seen(1, 8, 9, known_by="hand")]
    (row,) = screen_time(records, PEOPLE, [film(1, 10)], by="person").rows
    assert [one.known_by for one in row.intervals] == ["face+body", "hand"]
    ((film_presence),) = presence(records, PEOPLE, [film(1, 10)])
    (lane,) = film_presence.lanes
    assert [(one.start, one.end) for one in lane.intervals] == [(0, 6), (8, 9)]
    assert lane.seen == ((0, 3), (8, 9))


def test_lanes_come_in_the_order_of_the_whole_report() -> None:
    records = [seen(1, 0, 3), seen(2, 0, 1), seen(2, 0, 9, media=2)]
    media = [film(1, 10), film(2, 10), film(3, 10), film(4, 0, "photo")]
    films = presence(records, PEOPLE, media)
    assert [(one.film.media, [lane.key for lane in one.lanes]) for one in films] == [
        (1, ["Eve", "Ada"]),
        (2, ["Eve"]),
        (3, []),
    ]


def test_a_film_of_unknown_length_lasts_until_somebody_was_last_seen() -> None:
    report = screen_time([seen(1, 1, 7)], PEOPLE, [film(1, 0, "camera")], by="person")
    assert (report.total_seconds, report.rows[0].seconds) == (7, 6)


def test_nobody_in_scope_is_an_empty_report() -> None:
    report = screen_time([], PEOPLE, [film(1, 10)], by="gender")
    assert (report.rows, report.total_seconds) == ((), 10)
    assert screen_time([], {}, [], by="person").total_seconds == 0


@pytest.mark.parametrize("gap", [-0.1, math.nan, math.inf])
def test_a_tolerance_that_makes_no_sense_is_refused(gap: float) -> None:
    with pytest.raises(UnknownOption, match="tolerance"):
        screen_time([], PEOPLE, [], by="person", gap=gap)


def test_another_grouping_is_refused() -> None:
    with pytest.raises(UnknownOption, match="person or by gender"):
        screen_time([], PEOPLE, [], by="age")  # type: ignore[arg-type]


def test_json_follows_the_contract() -> None:
    records = [seen(1, 0, 2), seen(1, 1, 4, media=2, known_by="body"), seen(3, 0, 1)]
    report = screen_time(records, PEOPLE, [film(1, 10), film(2, 10)], by="person")
    told = json.loads(json.dumps(report.as_json()))
    assert (told["total_seconds"], told["by"], told["gap"]) == (20, "person", 0.5)
    assert told["method"].startswith("Within each film")
    ada = told["rows"][0]
    assert (ada["key"], ada["seconds"], ada["share"]) == ("Ada", 5, 0.25)
    assert ada["intervals"] == [[0, 2], [1, 4]]
    assert ada["appearances_list"][1] == {
        "media": 2,
        "path": "films/2.mp4",
        "start": 1,
        "end": 4,
        "known_by": "body",
    }
    assert (ada["person"], ada["gender"], ada["appearances"]) == (1, "Female", 2)
    assert (ada["longest"], ada["first"]) == (3, 0)
    assert [one["duration"] for one in told["media"]] == [10, 10]


SPANS = st.tuples(st.floats(-5, 40), st.floats(0, 30)).map(lambda s: (s[0], s[0] + s[1]))
RECORDS = st.lists(
    st.builds(
        lambda span, person, media, way: seen(person, *span, media=media, known_by=way),
        SPANS,
        st.sampled_from(sorted(PEOPLE)),
        st.sampled_from([1, 2]),
        st.sampled_from(["face", "body", "hand"]),
    ),
    max_size=25,
)
FILMS = [film(1, 30), film(2, 12.5)]


@given(RECORDS, st.sampled_from(["person", "gender"]), st.floats(0, 5))
def test_nobody_is_on_screen_longer_than_the_films_last(
    records: list[Interval], by: str, gap: float
) -> None:
    report = screen_time(records, PEOPLE, FILMS, by=by, gap=gap)  # type: ignore[arg-type]
    assert len(report.rows) == len(
        {PEOPLE[one.person].gender if by == "gender" else one.person for one in records}
    )
    for row in report.rows:
        assert 0 <= row.seconds <= report.total_seconds + 1e-9
        assert 0 <= row.share <= 1
        for one in row.intervals:
            assert 0 <= one.start < one.end <= FILMS[one.media - 1].duration
    if any(row.seconds for row in report.rows):
        assert sum(row.face_share for row in report.rows) == pytest.approx(1)


@given(RECORDS, st.lists(st.floats(0.01, 0.99), min_size=25, max_size=25), st.floats(0, 2))
def test_records_cut_in_two_give_the_same_report(
    records: list[Interval], cuts: list[float], gap: float
) -> None:
    halves = []
    for one, cut in zip(records, cuts, strict=False):
        middle = one.start + cut * (one.end - one.start)
        halves += [
            seen(one.person, one.start, middle, one.media, one.known_by),
            seen(one.person, middle, one.end, one.media, one.known_by),
        ]
    for by in ("person", "gender"):
        whole = screen_time(records, PEOPLE, FILMS, by=by, gap=gap)
        assert screen_time(halves[::-1], PEOPLE, FILMS, by=by, gap=gap).rows == whole.rows
    assert presence(halves, PEOPLE, FILMS, gap=gap) == presence(records, PEOPLE, FILMS, gap=gap)
