"""Labelled photos and short films to the templates of a named person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from personae.core.arrays import Vectors
from personae.core.errors import NoFaceFound
from personae.core.frame import Frame, SourceInfo
from personae.core.track import Shot, Track
from personae.flows.observe import Observer, Parts
from personae.flows.portraits import MARGIN
from personae.flows.search import ProbeFace
from personae.flows.settings import ObserveSettings
from personae.ports import FrameSource

BEST = 5
"""Views kept of an enrolment film."""
GOOD = 0.35
"""Views worse than this share of 1 enrol nobody."""


def main_face(faces: Sequence[ProbeFace]) -> ProbeFace:
    """The largest face: on a photo given for one person the others are bystanders."""
    return max(faces, key=lambda f: (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]))


def film_views(
    source: FrameSource, parts: Parts, settings: ObserveSettings
) -> tuple[list[Shot], Vectors]:
    """The most different good views of the face that an enrolment film shows longest.

    Nothing is written to disk. Returns up to five views, the best first, with a vector each.

    Raises:
        NoFaceFound: the film shows no face well enough.
    """
    tracks = _face_tracks(source, parts, settings)
    if parts.embedder is None or not tracks:
        raise NoFaceFound(f"{source.info.name} shows no face")
    longest = max(tracks, key=lambda t: (len(t.times), t.quality))
    views = [s for s in longest.shots if s.crop is not None and s.quality.total >= GOOD]
    if not views:
        raise NoFaceFound(f"{source.info.name} shows no face well enough")
    crops = np.stack([s.crop[MARGIN:-MARGIN, MARGIN:-MARGIN] for s in views if s.crop is not None])
    vectors = parts.embedder.embed(crops)
    chosen = most_different(vectors, BEST)
    return [views[i] for i in chosen], vectors[chosen]


def most_different(vectors: Vectors, count: int) -> list[int]:
    """Rows, the first one first, then each time the one least like those already chosen."""
    chosen = [0]
    while len(chosen) < min(count, len(vectors)):
        likeness = (vectors @ vectors[chosen].T).max(1)
        likeness[chosen] = 2.0
        chosen.append(int(likeness.argmin()))
    return chosen


def _face_tracks(source: FrameSource, parts: Parts, settings: ObserveSettings) -> list[Track]:
    info: SourceInfo = source.info
    observer = Observer(info, parts, settings)
    last: Frame | None = None
    for frame in source.frames():
        observer.feed(frame)
        last = frame
    if last is None:
        return []
    return [t for t in observer.end(last.time.pts + 1).tracks if t.kind == "face"]
