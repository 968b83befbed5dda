"""What a report of screen time leaves open: heads turned away, nobody's faces, tiny faces."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from personae.core.intervals import Span, length, subtract
from personae.core.records import Interval, Media, Person, Sighting
from personae.flows.figures import ScreenTime, Unseen

Counts = Mapping[str, int]
"""What an analysis counted: ``analysed``, ``unchanged``, ``too_small`` …"""


def unseen(
    intervals: Iterable[Interval],
    faces: Iterable[Sighting],
    people: Mapping[int, Person],
    media: Sequence[Media],
    counts: Mapping[int, Counts],
) -> Unseen:
    """Measures it, in the films of ``media``; photos last no time.

    Args:
        intervals: of everybody; hidden people are left out, as in the report.
        faces: all face sightings, to find those that belong to nobody.
        people: by number.
        media: the scope.
        counts: of each medium's analysis; films without are taken to have no tiny faces.
    """
    films = {medium.id: medium for medium in media if medium.kind != "photo"}
    seen: dict[tuple[int, int], list[Span]] = defaultdict(list)
    by_body: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for one in intervals:
        who = people.get(one.person)
        if one.media in films and who is not None and who.kind != "hidden":
            kept = by_body if one.known_by == "body" else seen
            kept[one.person, one.media].append((one.start, one.end))
    turned = [length(subtract(spans, seen[key])) for key, spans in by_body.items()]
    unnamed = [
        length([*seen[key], *by_body[key]])
        for key in {*seen, *by_body}
        if people[key[0]].name is None
    ]
    nobody = [
        one.end - one.start
        for one in faces
        if one.kind == "face" and one.person is None and one.media in films
    ]
    return Unseen(
        turned_s=math.fsum(turned),
        unnamed_s=math.fsum(unnamed),
        unassigned_s=math.fsum(nobody),
        too_small_s=math.fsum(
            tiny_seconds(counts.get(m.id, {}), m.duration) for m in films.values()
        ),
        too_small=sum(counts.get(medium.id, {}).get("too_small", 0) for medium in media),
    )


def tiny_seconds(counts: Counts, duration: float) -> float:
    """Face-seconds of the faces too small to keep: how many a look found, times the film's length.

    A look is a frame that was searched; those that had not changed were not searched again.
    """
    looks = counts.get("analysed", 0) - counts.get("unchanged", 0)
    return counts.get("too_small", 0) / looks * duration if looks > 0 else 0.0


def with_unseen(report: ScreenTime, left: Unseen) -> ScreenTime:
    """The report with what it leaves open, said in its method too."""
    said = (
        f"Left open, in person-seconds: {left.turned_s:.1f} with the head turned away or hidden "
        f"(known by the body, counted), {left.unnamed_s:.1f} of people without a name (counted), "
        f"{left.unassigned_s:.1f} of faces that were given to nobody (not counted), about "
        f"{left.too_small_s:.1f} of faces too small to keep ({left.too_small} detections; not "
        "counted). Masked faces are not told apart: nothing measures them."
    )
    return replace(report, unseen=left, method=(*report.method, said))
