"""From sightings to intervals: when a person is there, also while the head is turned."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from personae.core.intervals import Span, subtract, union
from personae.core.records import Interval, KnownBy, Media, Sighting

BODY_S = 1.0
"""A body without its face is an appearance of its own kind from this length on. Shorter, it joins
the faces on both sides of it; at the ends of an appearance it is the tracker's slack."""
BODY_SURE = 0.95
"""No appearance that only a body vouches for is surer than this: bodies are followed, not known."""
Confidence = Callable[[Sighting], float]
"""Probability that a sighting is the person it was given to."""


def intervals(
    sightings: Iterable[Sighting],
    media: Mapping[int, Media],
    confidence: Confidence,
    gap: float,
) -> list[Interval]:
    """Every appearance of everybody, by person, medium and time.

    Args:
        sightings: faces and bodies of the media in question.
        media: by number.
        confidence: probability of a face sighting's person.
        gap: absences of at most so many seconds do not end an appearance.
    """
    faces: dict[tuple[int, int], list[Sighting]] = defaultdict(list)
    bodies: dict[int, Sighting] = {}
    riders: dict[int, list[Sighting]] = defaultdict(list)
    for one in sightings:
        if one.kind == "body":
            bodies[one.id] = one
        elif one.person is not None:
            faces[one.person, one.media].append(one)
        if one.kind == "face" and one.body is not None:
            riders[one.body].append(one)
    found: list[Interval] = []
    for (person, number), mine in faces.items():
        medium = media[number]
        if medium.kind == "photo":
            found.append(_made(person, medium, (0.0, 0.0), mine, confidence))
        else:
            seen = _Faces(mine)
            alone = _turned_away(person, seen, bodies, riders)
            found += _of_one(person, medium, (seen, alone), confidence, gap)
    return sorted(found, key=lambda i: (i.person, i.media, i.first, i.last))


class _Faces:
    """The face sightings of one person in one film, by when they were."""

    def __init__(self, mine: Sequence[Sighting]) -> None:
        self.all = sorted(mine, key=lambda s: s.first)
        self.spans: list[Span] = [(float(s.first), float(s.last)) for s in self.all]
        self._firsts = [s.first for s in self.all]
        self._starts = {start for start, _ in self.spans}
        self._ends = {end for _, end in self.spans}
        self._latest: list[Sighting] = []
        for one in self.all:
            before = self._latest[-1] if self._latest else one
            self._latest.append(one if one.last > before.last else before)

    def within(self, span: Span) -> list[Sighting]:
        """Those in a span that cuts none of them in two; where there are none, the nearest."""
        begin = bisect_left(self._firsts, span[0])
        end = bisect_left(self._firsts, span[1])
        inside = [s for s in self.all[begin:end] if s.last > s.first]
        return inside or [self._nearest(span, begin, end)]

    def between(self, span: Span) -> bool:
        """Whether the person's face is seen just before and just after."""
        return span[0] in self._ends and span[1] in self._starts

    def _nearest(self, span: Span, begin: int, end: int) -> Sighting:
        before = self._latest[begin - 1] if begin else None
        after = self.all[end] if end < len(self.all) else None
        if before is None or after is None:
            return before or after or self.all[0]
        return before if span[0] - before.last <= after.first - span[1] else after


def _of_one(
    person: int,
    medium: Media,
    shown: tuple[_Faces, Sequence[Span]],
    confidence: Confidence,
    gap: float,
) -> list[Interval]:
    """One person in one film: where the face is seen, and where only the body is."""
    faces, alone = shown
    unit = medium.base_num / medium.base_den
    bridges = [s for s in alone if (s[1] - s[0]) * unit < BODY_S and faces.between(s)]
    long = [s for s in alone if (s[1] - s[0]) * unit >= BODY_S]
    with_face = union([*faces.spans, *bridges], gap / unit)
    found = [_made(person, medium, span, faces.within(span), confidence) for span in with_face]
    for span in subtract(long, with_face):
        by_body = _made(person, medium, span, faces.within(span), confidence)
        sure = min(by_body.confidence, BODY_SURE)
        found.append(replace(by_body, known_by="body", confidence=sure))
    return found


def _turned_away(
    person: int,
    faces: _Faces,
    bodies: Mapping[int, Sighting],
    riders: Mapping[int, Sequence[Sighting]],
) -> list[Span]:
    """Spans (PTS) in which only the person's body is seen."""
    mine = [
        body
        for number in {s.body for s in faces.all if s.body is not None}
        # A body that carried two people's faces was mixed up; it vouches for nobody
        if (body := bodies.get(number)) is not None
        and not {s.person for s in riders[number]} - {person, None}
    ]
    return subtract([(body.first, body.last) for body in mine], faces.spans)


def _made(
    person: int,
    medium: Media,
    span: Span,
    inside: Sequence[Sighting],
    confidence: Confidence,
) -> Interval:
    """One interval; its confidence is that of the surest sighting in it, or nearest to it."""
    known: KnownBy = "hand" if any(s.by == "hand" for s in inside) else "face"
    return Interval(
        person=person,
        media=medium.id,
        path=medium.path,
        start=medium.seconds(int(span[0])),
        end=medium.seconds(int(span[1])),
        known_by=known,
        confidence=max(confidence(s) for s in inside),
        first=int(span[0]),
        last=int(span[1]),
        sightings=tuple(s.id for s in inside),
    )
