"""From sightings to intervals: when a person is there, also while the head is turned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from personae.core.intervals import Span, overlap, subtract, union
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
            alone = _turned_away(person, mine, bodies, riders)
            found += _of_one(person, medium, (mine, alone), confidence, gap)
    return sorted(found, key=lambda i: (i.person, i.media, i.first, i.last))


def _of_one(
    person: int,
    medium: Media,
    shown: tuple[Sequence[Sighting], Sequence[Span]],
    confidence: Confidence,
    gap: float,
) -> list[Interval]:
    """One person in one film: where the face is seen, and where only the body is."""
    mine, alone = shown
    unit = medium.base_num / medium.base_den
    seen = [(float(s.first), float(s.last)) for s in mine]
    bridges = [s for s in alone if (s[1] - s[0]) * unit < BODY_S and _between(s, seen)]
    long = [s for s in alone if (s[1] - s[0]) * unit >= BODY_S]
    with_face = union([*seen, *bridges], gap / unit)
    found = [_made(person, medium, span, mine, confidence) for span in with_face]
    for span in subtract(long, with_face):
        by_body = _made(person, medium, span, mine, confidence)
        sure = min(by_body.confidence, BODY_SURE)
        found.append(replace(by_body, known_by="body", confidence=sure))
    return found


def _turned_away(
    person: int,
    mine: Sequence[Sighting],
    bodies: Mapping[int, Sighting],
    riders: Mapping[int, Sequence[Sighting]],
) -> list[Span]:
    """Spans (PTS) in which only the person's body is seen."""
    seen = [(float(s.first), float(s.last)) for s in mine]
    found: list[Span] = []
    for number in sorted({s.body for s in mine if s.body is not None}):
        body = bodies.get(number)
        # A body that carried two people's faces was mixed up; it vouches for nobody
        if body is None or {s.person for s in riders[number]} - {person, None}:
            continue
        found += subtract([(body.first, body.last)], seen)
    return union(found)


def _between(span: Span, seen: Sequence[Span]) -> bool:
    """Whether the person's face is seen just before and just after."""
    return any(s[1] == span[0] for s in seen) and any(s[0] == span[1] for s in seen)


def _made(
    person: int,
    medium: Media,
    span: Span,
    mine: Sequence[Sighting],
    confidence: Confidence,
) -> Interval:
    """One interval; its confidence is that of the surest sighting in it, or nearest to it."""
    inside = [s for s in mine if overlap(span, (s.first, s.last)) > 0]
    if not inside:
        inside = [min(mine, key=lambda s: max(s.first - span[1], span[0] - s.last))]
    if medium.kind == "photo":
        inside = list(mine)
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
