"""Where everybody is in the picture, moment by moment: what a player draws over a film."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.adapters.stores.library import SqliteStore
from personae.core.detections import Kind
from personae.core.intervals import Span
from personae.core.records import Media, Path, Sighting

EVERYTHING: Span = (0.0, math.inf)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One face or body followed through the film, as far as it lies in the part asked for.

    Attributes:
        person: whose it is; a body is that of the face it carries longest. None if nobody's yet.
        times: T seconds from the first frame, rising.
        boxes: T times x1, y1, x2, y2 in pixels of the full, upright frame.
    """

    sighting: int
    kind: Kind
    person: int | None
    times: tuple[float, ...]
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """All that is drawn over one medium between two moments; sizes in pixels."""

    media: int
    kind: str
    width: int
    height: int
    seconds: float
    start: float
    end: float
    tracks: tuple[Drawn, ...]


def overlay_of(store: SqliteStore, medium: Media, within: Span = EVERYTHING) -> Overlay:
    """The boxes of a medium in a span of seconds; those of hidden people are nobody's.

    A track that reaches over an edge keeps one box beyond it, so that what is drawn between two
    boxes is drawn up to the edge.
    """
    seen = store.sightings.all(media_ids=[medium.id])
    hidden = {p.id for p in store.people.all() if p.kind == "hidden"}
    owners = _owners(seen)
    drawn = []
    for one in seen:
        if one.end < within[0] or one.start > within[1]:
            continue
        path = store.sightings.path(one.id)
        if path is not None and len(path.times):
            person = owners.get(one.id)
            drawn.append(_drawn(one, None if person in hidden else person, path, medium, within))
    size = medium.width, medium.height
    return Overlay(medium.id, medium.kind, *size, medium.duration, *within, tuple(drawn))


def _owners(seen: Sequence[Sighting]) -> dict[int, int]:
    """Whose each sighting is; bodies take the person of the face they carry longest."""
    owners = {one.id: one.person for one in seen if one.person is not None}
    carried: dict[int, Counter[int]] = defaultdict(Counter)
    for one in seen:
        if one.kind == "face" and one.body is not None and one.person is not None:
            carried[one.body][one.person] += one.last - one.first + 1
    owners.update({body: faces.most_common(1)[0][0] for body, faces in carried.items()})
    return owners


def _drawn(one: Sighting, person: int | None, path: Path, medium: Media, within: Span) -> Drawn:
    unit = medium.base_num / medium.base_den
    seconds = np.zeros(len(path.times)) if medium.kind == "photo" else path.times * unit
    first = max(int(np.searchsorted(seconds, within[0])) - 1, 0)
    last = int(np.searchsorted(seconds, within[1], side="right")) + 1
    boxes = [tuple(round(float(v), 1) for v in box) for box in path.boxes[first:last]]
    times = tuple(round(float(t), 4) for t in seconds[first:last])
    return Drawn(one.id, one.kind, person, times, tuple((b[0], b[1], b[2], b[3]) for b in boxes))
