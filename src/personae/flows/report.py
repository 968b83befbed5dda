"""Screen time: who is on screen for how long and when, by person or by gender, with its method."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import get_args

from personae.core.errors import UnknownOption
from personae.core.intervals import Span, union
from personae.core.records import UNKNOWN, Gender, Interval, KnownBy, Media, Person
from personae.flows.figures import (
    Appearance,
    By,
    Coverage,
    Film,
    FilmPresence,
    Lane,
    Row,
    ScreenTime,
)

__all__ = [
    "GAP",
    "Appearance",
    "By",
    "Coverage",
    "Film",
    "FilmPresence",
    "Lane",
    "Row",
    "ScreenTime",
    "presence",
    "screen_time",
]

GAP = 0.5
"""Seconds out of sight that are closed when nothing else is asked: a blink of the detector."""


def screen_time(
    intervals: Iterable[Interval],
    people: Mapping[int, Person],
    media: Sequence[Media],
    *,
    by: By,
    gap: float = GAP,
    hidden: bool = False,
) -> ScreenTime:
    """Who is on screen for how long, in ``media`` only.

    A record reaches from 0 to the end of its film at most. The length of a film that has none
    written down (a camera still running) is the last moment anybody was seen in it.

    Args:
        intervals: the records, in any order; overlaps count once.
        people: whom to report; records of others are left out.
        media: the scope; records of other media are left out.
        by: one row a person, or one a gender as people set it.
        gap: breaks of up to so many seconds are closed.
        hidden: take in hidden people too.

    Raises:
        UnknownOption: ``by`` is no such word, or ``gap`` is negative or not a number.
    """
    if by not in get_args(By):
        raise UnknownOption(f"a report is by {' or by '.join(get_args(By))}, not by {by!r}")
    scope = _Scope.of(intervals, people, media, gap, hidden)
    rows = _rows(scope, by)
    total = math.fsum(film.duration for film in scope.films.values())
    coverage = scope.coverage()
    return ScreenTime(
        total_seconds=total,
        by=by,
        gap=gap,
        rows=_with_shares(rows, total),
        media=tuple(scope.films.values()),
        coverage=coverage,
        method=_method(by, gap, coverage),
    )


def presence(
    intervals: Iterable[Interval],
    people: Mapping[int, Person],
    media: Sequence[Media],
    *,
    gap: float = GAP,
    hidden: bool = False,
) -> tuple[FilmPresence, ...]:
    """Who is there when, film by film: one lane a person, most seconds overall first.

    Args and errors are those of `screen_time`; photos have no lanes.
    """
    scope = _Scope.of(intervals, people, media, gap, hidden)
    rows = _rows(scope, "person")
    sure: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for record in scope.records:
        if record.known_by != "body":
            span = _span(record, scope.films[record.media])
            sure[record.media, record.person].append(span)
    lanes: dict[int, list[Lane]] = defaultdict(list)
    for row in rows:
        for number, here in groupby(row.intervals, key=lambda one: one.media):
            if row.person is not None:
                seen = union(sure.get((number, row.person), ()))
                lanes[number].append(_lane(row, row.person, tuple(here), tuple(seen)))
    return tuple(
        FilmPresence(film, tuple(lanes[film.media]))
        for film in scope.films.values()
        if film.kind != "photo"
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """The records that count, with their people and films."""

    records: tuple[Interval, ...]
    people: Mapping[int, Person]
    films: Mapping[int, Film]
    gap: float
    left_out: int

    @classmethod
    def of(
        cls,
        intervals: Iterable[Interval],
        people: Mapping[int, Person],
        media: Sequence[Media],
        gap: float,
        hidden: bool,
    ) -> _Scope:
        if not gap >= 0 or math.isinf(gap):
            raise UnknownOption(f"the gap tolerance is a number of seconds from 0 up, not {gap}")
        asked = {number: who for number, who in people.items() if hidden or who.kind != "hidden"}
        inside = {medium.id for medium in media}
        everything = tuple(record for record in intervals if record.media in inside)
        ends: dict[int, float] = defaultdict(float)
        for record in everything:
            ends[record.media] = max(ends[record.media], record.end)
        return cls(
            records=tuple(record for record in everything if record.person in asked),
            people=asked,
            films={
                medium.id: Film(medium.id, medium.path, medium.kind, _length(medium, ends))
                for medium in media
            },
            gap=gap,
            left_out=len({record.person for record in everything} & (people.keys() - asked)),
        )

    def labels(self) -> dict[int, str]:
        """What to call each; with the number where two have one name."""
        seen = {record.person for record in self.records}
        names = Counter(self.people[number].label for number in seen)
        return {
            number: f"{who.label} ({number})" if names[who.label] > 1 else who.label
            for number, who in ((number, self.people[number]) for number in seen)
        }

    def coverage(self) -> Coverage:
        """How much the figures rest on."""
        photos = sum(film.kind == "photo" for film in self.films.values())
        seen = {record.person for record in self.records}
        ways: Counter[KnownBy] = Counter(record.known_by for record in self.records)
        return Coverage(
            films=len(self.films) - photos,
            photos=photos,
            people=len(seen),
            unnamed=sum(self.people[number].name is None for number in seen),
            hidden=self.left_out,
            face=ways["face"],
            body=ways["body"],
            hand=ways["hand"],
        )


def _length(medium: Media, ends: Mapping[int, float]) -> float:
    if medium.kind == "photo":
        return 0.0
    return medium.duration if medium.duration > 0 else ends.get(medium.id, 0.0)


def _rows(scope: _Scope, by: By) -> list[Row]:
    """Rows without shares, most seconds first."""
    labels = scope.labels()
    groups: dict[tuple[str, int | None, Gender], list[Interval]] = defaultdict(list)
    for record in scope.records:
        gender = scope.people[record.person].gender or UNKNOWN
        if by == "person":
            groups[labels[record.person], record.person, gender].append(record)
        else:
            groups[gender, None, gender].append(record)
    rows = [_row(scope, group, records) for group, records in groups.items()]
    return sorted(rows, key=lambda row: (-row.seconds, -row.photos, row.key))


def _row(scope: _Scope, group: tuple[str, int | None, Gender], records: Sequence[Interval]) -> Row:
    by_film: dict[int, list[Interval]] = defaultdict(list)
    for record in records:
        by_film[record.media].append(record)
    spent = [
        one
        for film in scope.films.values()
        for one in _appearances(film, by_film.get(film.media, ()), scope.gap)
    ]
    lengths = [one.end - one.start for one in spent]
    return Row(
        key=group[0],
        person=group[1],
        gender=group[2],
        people=len({record.person for record in records}),
        seconds=math.fsum(lengths),
        share=0.0,
        face_share=0.0,
        appearances=len(spent),
        longest=max(lengths, default=0.0),
        first=spent[0].start if spent else None,
        photos=sum(scope.films[media].kind == "photo" for media in by_film),
        intervals=tuple(spent),
    )


def _with_shares(rows: Sequence[Row], total: float) -> tuple[Row, ...]:
    faces = math.fsum(row.seconds for row in rows)
    return tuple(
        replace(
            row,
            share=min(row.seconds / total, 1.0) if total > 0 else 0.0,
            face_share=min(row.seconds / faces, 1.0) if faces > 0 else 0.0,
        )
        for row in rows
    )


def _span(record: Interval, film: Film) -> Span:
    return max(record.start, 0.0), min(record.end, film.duration)


def _appearances(film: Film, records: Iterable[Interval], gap: float) -> list[Appearance]:
    """The records of one film joined; a photo, which has no length, gives none."""
    spans = [(_span(record, film), record.known_by) for record in records]
    joined = union((span for span, _ in spans), gap)
    starts = [start for start, _ in joined]
    ways: dict[int, set[KnownBy]] = defaultdict(set)
    for (start, end), known_by in spans:
        if start < end:
            ways[bisect_right(starts, start) - 1].add(known_by)
    return [
        Appearance(
            media=film.media,
            path=film.path,
            start=start,
            end=end,
            known_by="+".join(way for way in get_args(KnownBy) if way in ways[number]),
        )
        for number, (start, end) in enumerate(joined)
    ]


def _lane(row: Row, person: int, here: tuple[Appearance, ...], seen: tuple[Span, ...]) -> Lane:
    seconds = math.fsum(one.end - one.start for one in here)
    return Lane(row.key, person, row.gender, seconds, here, seen)


def _method(by: By, gap: float, coverage: Coverage) -> tuple[str, ...]:
    """What was counted and how, in sentences that can be printed under the figures."""
    joined = f"breaks of up to {gap:g} s are closed" if gap else "no break is closed"
    said = [
        "Within each film, the records of a person are joined where they touch or overlap, and "
        f"{joined}; seconds are what the joined intervals cover."
    ]
    if by == "gender":
        said.append(
            "A gender's seconds are the union over its people, film by film: two women on screen "
            "at once count once. Gender is as a person tagged it, never guessed from a picture; "
            "whoever is not tagged is Unknown."
        )
    said.append(
        "Share of run time is seconds divided by the length of all films in scope; photos last "
        "no time. Share of face time is seconds divided by the sum of all rows, so people who "
        "are on screen together each count."
        if by == "person"
        else "Share of run time is seconds divided by the length of all films in scope; photos "
        "last no time. Share of face time is seconds divided by the sum of all rows."
    )
    if coverage.body:
        said.append(
            "A person counts as present while their body is followed and its face is known, also "
            "with the head turned away."
        )
    if coverage.hidden:
        said.append("People who are hidden in the library are left out.")
    return tuple(said)
