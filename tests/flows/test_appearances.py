"""From sightings to intervals: faces, turned heads, photos, hands."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from personae.core.intervals import length, overlap, subtract, union
from personae.core.records import Interval, Media, Sighting
from personae.flows.appearances import BODY_SURE, intervals

FILM = Media(1, "a" * 64, "/film.mp4", "film", 640, 360, 1, 100, 100.0)
PHOTO = Media(2, "b" * 64, "/photo.jpg", "photo", 640, 360, 1, 1000, 0.0)
MEDIA = {1: FILM, 2: PHOTO}


def face(number: int, first: int, last: int, **other: Any) -> Sighting:  # noqa: ANN401
    known = {"media": 1, "person": 7, "body": None, "by": "cluster", **other}
    return Sighting(
        id=number,
        kind="face",
        first=first,
        last=last,
        start=first / 100,
        end=last / 100,
        quality=0.8,
        score=0.9,
        **known,
    )


def body(number: int, first: int, last: int) -> Sighting:
    return Sighting(number, 1, "body", first, last, first / 100, last / 100, 0.8)


def told(*sightings: Sighting, gap: float = 0.5) -> list[Interval]:
    return intervals(sightings, MEDIA, lambda s: 0.99, gap)


def spans(found: list[Interval]) -> list[tuple[int, int, str]]:
    return [(i.first, i.last, i.known_by) for i in found]


def test_faces_that_nearly_touch_are_one_appearance() -> None:
    assert spans(told(face(1, 100, 200), face(2, 240, 300))) == [(100, 300, "face")]
    assert spans(told(face(1, 100, 200), face(2, 260, 300))) == [
        (100, 200, "face"),
        (260, 300, "face"),
    ]


def test_a_long_turn_of_the_head_is_known_by_the_body() -> None:
    found = told(body(9, 100, 900), face(1, 100, 200, body=9), face(2, 500, 600, body=9))
    assert spans(found) == [
        (100, 200, "face"),
        (200, 500, "body"),
        (500, 600, "face"),
        (600, 900, "body"),
    ]
    assert [i.confidence for i in found] == [0.99, BODY_SURE, 0.99, BODY_SURE]


def test_a_short_turn_joins_the_faces_on_both_sides() -> None:
    found = told(body(9, 80, 420), face(1, 100, 200, body=9), face(2, 280, 400, body=9))
    assert spans(found) == [(100, 400, "face")]


def test_a_body_that_carried_two_people_vouches_for_nobody() -> None:
    found = told(body(9, 100, 900), face(1, 100, 200, body=9), face(2, 500, 600, body=9, person=8))
    assert spans(found) == [(100, 200, "face"), (500, 600, "face")]


def test_faces_of_nobody_make_no_interval() -> None:
    assert told(face(1, 100, 200, person=None), body(9, 0, 500)) == []


def test_a_photo_is_one_appearance_without_length() -> None:
    (one,) = told(face(1, 0, 1, media=2), face(2, 0, 1, media=2))
    assert (one.start, one.end, one.path, one.sightings) == (0.0, 0.0, "/photo.jpg", (1, 2))


def test_what_a_hand_set_says_so() -> None:
    assert spans(told(face(1, 100, 200, by="hand"))) == [(100, 200, "hand")]


def test_seconds_are_those_of_the_film() -> None:
    (one,) = told(face(1, 150, 275))
    assert (one.start, one.end) == (1.5, 2.75)


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(1, 80)).map(lambda t: (t[0], t[0] + t[1])),
        min_size=1,
        max_size=12,
    )
)
def test_without_bodies_intervals_are_the_union_of_the_faces(pieces: list[tuple[int, int]]) -> None:
    found = told(*(face(n, a, b) for n, (a, b) in enumerate(pieces)), gap=0.0)
    assert [(i.first, i.last) for i in found] == [
        (int(a), int(b)) for a, b in union([(float(a), float(b)) for a, b in pieces])
    ]
    assert sum(i.end - i.start for i in found) * 100 - length(pieces) < 1e-6


def plainly(faces: list[Sighting], bodies: list[Sighting], gap: float) -> list[tuple[object, ...]]:
    """The same as `intervals` says of one person, by looking at every sighting for every span."""
    seen = [(float(s.first), float(s.last)) for s in faces]
    mine = {s.body for s in faces}
    alone = union(
        span for one in bodies if one.id in mine for span in subtract([(one.first, one.last)], seen)
    )
    bridges = [
        (a, b)
        for a, b in alone
        if b - a < 100 and any(s[1] == a for s in seen) and any(s[0] == b for s in seen)
    ]
    with_face = union([*seen, *bridges], gap * 100)
    long = subtract([s for s in alone if s[1] - s[0] >= 100], with_face)
    found = []
    for span, known in [(s, "face") for s in with_face] + [(s, "body") for s in long]:
        inside = [s for s in faces if overlap(span, (s.first, s.last)) > 0] or [
            min(faces, key=lambda s: max(s.first - span[1], span[0] - s.last))
        ]
        found.append((span[0], span[1], known, sorted(s.id for s in inside)))
    return sorted(found, key=lambda one: one[:2])


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30), st.sampled_from([None, 900, 901]))),
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 60)), min_size=2, max_size=2),
    st.sampled_from([0.0, 0.2, 1.0]),
)
def test_it_is_what_looking_at_everything_would_say(
    shown: list[tuple[int, int, int | None]], carried: list[tuple[int, int]], gap: float
) -> None:
    faces = [
        face(n, 10 * at, 10 * (at + long), body=on)
        for n, (at, long, on) in enumerate(sorted(shown, key=lambda s: s[0]))
    ]
    bodies = [body(900 + n, 10 * at, 10 * (at + long)) for n, (at, long) in enumerate(carried)]
    found = told(*faces, *bodies, gap=gap)
    assert [(i.first, i.last, i.known_by, sorted(i.sightings)) for i in found] == plainly(
        faces, bodies, gap
    )
