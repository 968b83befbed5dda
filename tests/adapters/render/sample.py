"""A small report with awkward names, for the renderers' tests."""

from __future__ import annotations

from personae.core.records import Interval, KnownBy, Media, Person
from personae.flows.report import By, FilmPresence, ScreenTime, presence, screen_time

HOSTILE = "<script>alert('x')</script>\"&"
PEOPLE = {
    1: Person(1, HOSTILE, "named", "Female"),
    2: Person(2, "=cmd|' /C calc'!A0", "named", "Male"),
    3: Person(3, r"$\frac{1$ 李", "named", "Nonbinary"),
    4: Person(4, None, "auto", "Unknown"),
}
MEDIA = [
    Media(1, "0" * 64, "a/<b>one</b>.mp4", "film", 640, 360, 1, 1000, 90.5),
    Media(2, "1" * 64, "b/two.mp4", "film", 640, 360, 1, 1000, 4000.0),
    Media(3, "2" * 64, "b/\udcffthree.jpg", "photo", 640, 360, 1, 1, 0.0),
]


def _seen(person: int, media: int, start: float, end: float, way: KnownBy = "face") -> Interval:
    path = MEDIA[media - 1].path
    return Interval(person, media, path, start, end, way, 0.9, 0, 1)


RECORDS = [
    _seen(1, 1, 1 / 3, 20.1234567),
    _seen(1, 1, 20.1234567, 25, "body"),
    _seen(1, 2, 3600.0016, 3723.456),
    _seen(2, 1, 5, 50),
    _seen(3, 2, 10, 12),
    _seen(4, 1, 80, 90.5, "hand"),
    _seen(4, 3, 0, 0),
]


def report(by: By = "person") -> ScreenTime:
    return screen_time(RECORDS, PEOPLE, MEDIA, by=by)


def lanes() -> tuple[FilmPresence, ...]:
    return presence(RECORDS, PEOPLE, MEDIA)
