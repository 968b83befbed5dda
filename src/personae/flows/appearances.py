"""From sightings to intervals: when a person is there, also while the head is turned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from personae.core.intervals import overlap, subtract, union
from personae.core.records import Interval, KnownBy, Media, Sighting

BODY_S = 1.0
"""A body without its face counts from this length on; shorter ends are the tracker's slack."""
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
    for (person, medium), mine in sorted(faces.items()):
        turned = _turned_away(person, mine, bodies, riders)
        found += _merged(person, media[medium], mine, turned, confidence, gap)
    return found


def _turned_away(
    person: int,
    mine: Sequence[Sighting],
    bodies: Mapping[int, Sighting],
    riders: Mapping[int, Sequence[Sighting]],
) -> list[tuple[int, int]]:
    """Spans (PTS) in which only the person's body is seen."""
    seen = [(float(s.first), float(s.last)) for s in mine]
    found: list[tuple[int, int]] = []
    for number in sorted({s.body for s in mine if s.body is not None}):
        body = bodies.get(number)
        # A body that carried two people's faces was mixed up; it vouches for nobody
        if body is None or {s.person for s in riders[number]} - {person, None}:
            continue
        unit = (body.end - body.start) / max(body.last - body.first, 1)
        for first, last in subtract([(body.first, body.last)], seen):
            if (last - first) * unit >= BODY_S:
                found.append((int(first), int(last)))
    return found


def _merged(
    person: int,
    medium: Media,
    mine: Sequence[Sighting],
    turned: Sequence[tuple[int, int]],
    confidence: Confidence,
    gap: float,
) -> list[Interval]:
    unit = medium.base_num / medium.base_den
    spans = [(float(s.first), float(s.last)) for s in mine] + [
        (float(a), float(b)) for a, b in turned
    ]
    if medium.kind == "photo":
        spans = [(0.0, 1.0)]
    found = []
    for first, last in union(spans, gap / unit):
        inside = [s for s in mine if overlap((first, last), (s.first, s.last)) > 0 or unit == 0]
        inside = inside or list(mine)
        known: KnownBy = "hand" if any(s.by == "hand" for s in inside) else "face"
        still = medium.kind == "photo"
        found.append(
            Interval(
                person=person,
                media=medium.id,
                path=medium.path,
                start=0.0 if still else first * unit,
                end=0.0 if still else last * unit,
                known_by=known,
                confidence=round(max(confidence(s) for s in inside), 4),
                first=0 if still else int(first),
                last=0 if still else int(last),
                sightings=tuple(s.id for s in inside),
            )
        )
    return found
