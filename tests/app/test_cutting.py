"""Which pieces of which films a person's appearances become, and in what order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personae.app.cutting import CutOptions, cuts_of
from personae.core.errors import UsageError
from personae.core.records import Interval, Media

FILM = Media(1, "a", "b.mp4", "film", 640, 360, 1, 25, duration=10.0)
MEDIA = [
    FILM,
    replace(FILM, id=2, path="a.mp4"),
    replace(FILM, id=3, path="z.mp4", captured_at=5),
    replace(FILM, id=4, path="y.mp4", captured_at=9),
    replace(FILM, id=5, path="p.jpg", kind="photo", duration=0.0),
]


def shown(media: int, start: float, end: float) -> Interval:
    path = MEDIA[media - 1].path
    return Interval(1, media, path, start, end, "face", 1.0, round(start * 25), round(end * 25))


def pieces(found: list[Interval], **options: float) -> list[tuple[str, float, float]]:
    cuts = cuts_of(found, MEDIA, "Ann", CutOptions(**options))  # type: ignore[arg-type]
    assert {cut.label for cut in cuts} <= {"Ann"}
    return [(cut.path, cut.start, cut.end) for cut in cuts]


def test_by_when_films_were_taken_then_path_then_time_and_no_photo() -> None:
    found = [
        shown(1, 4, 5), shown(1, 1, 2), shown(2, 0, 1), shown(4, 0, 1), shown(3, 2, 3),
        shown(5, 0, 0),
    ]  # fmt: skip
    assert pieces(found) == [
        ("z.mp4", 2, 3),
        ("y.mp4", 0, 1),
        ("a.mp4", 0, 1),
        ("b.mp4", 1, 2),
        ("b.mp4", 4, 5),
    ]
    assert pieces(found, limit=2) == [("z.mp4", 2, 3), ("y.mp4", 0, 1)]


def test_handles_stay_within_the_film_and_join_what_they_make_overlap() -> None:
    found = [shown(1, 0.4, 2), shown(1, 3, 4), shown(1, 7, 9.8)]
    assert pieces(found, handles=0.5) == [("b.mp4", 0.0, 4.5), ("b.mp4", 6.5, 10.0)]
    assert pieces(found, handles=0.4) == [
        ("b.mp4", 0.0, 2.4),
        ("b.mp4", 2.6, 4.4),
        ("b.mp4", 6.6, 10.0),
    ]


def test_a_gap_joins_what_lies_near() -> None:
    found = [shown(1, 1, 2), shown(1, 3, 4), shown(1, 7, 9)]
    assert pieces(found, gap=1.0) == [("b.mp4", 1, 4), ("b.mp4", 7, 9)]
    assert len(pieces(found, gap=0.99)) == 3


def test_an_appearance_is_not_shortened_by_a_duration_that_is_not_known() -> None:
    media = [replace(FILM, duration=0.0)]
    cuts = cuts_of([shown(1, 1, 2)], media, "Ann", CutOptions(handles=1.0))
    assert [(cut.start, cut.end) for cut in cuts] == [(0.0, 2)]


@pytest.mark.parametrize("options", [{"handles": -1.0}, {"gap": -0.1}])
def test_less_than_nothing_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        pieces([shown(1, 1, 2)], **options)
