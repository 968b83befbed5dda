"""One face or body followed through a shot, with the views of it worth keeping."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from personae.core.arrays import Boxes, Crop, Ids, Landmarks, Vector
from personae.core.detections import Detections, Kind
from personae.core.embedding import Space
from personae.core.quality import Quality


@dataclass(frozen=True, slots=True)
class Tracked:
    """Detections of one frame with the track each belongs to; -1 is not yet confirmed."""

    detections: Detections
    ids: Ids


@dataclass(frozen=True, slots=True)
class Shot:
    """One view of a track: when, where, how good, and the upright crop it was judged by.

    Attributes:
        pts: time of the frame in the source's units.
        box: (4,) float32 pixels of the full frame.
        landmarks: (5, 2) float32 pixels of the full frame, None for bodies.
        quality: how good the view is and why.
        crop: (112, 112, 3) uint8 RGB aligned, or None once it was written to disk.
    """

    pts: int
    box: Boxes
    landmarks: Landmarks | None
    quality: Quality
    crop: Crop | None


@dataclass(frozen=True, slots=True)
class Track:
    """One kept appearance of one face or body.

    Attributes:
        number: counts tracks within a run's segment, from 0.
        kind: face or body.
        base: seconds of one time unit.
        first: time of the first frame on which it is shown.
        last: time at which it is gone (exclusive end of the last frame on which it is shown).
        times: (T,) int64 frame times, increasing.
        boxes: (T, 4) float32 boxes at those times.
        shots: best views, best first.
        vector: (D,) unit vector over the shots, None where nothing was good enough.
        space: the vector's space.
        quality: 0..1, that of the best shot.
        body: for a face, the number of the body it sits on.
        opened: it was already there when its segment began.
        closed: it was still there when its segment ended.
    """

    number: int
    kind: Kind
    base: Fraction
    first: int
    last: int
    times: Ids
    boxes: Boxes
    shots: tuple[Shot, ...] = ()
    vector: Vector | None = None
    space: Space | None = None
    quality: float = 0.0
    body: int | None = None
    opened: bool = False
    closed: bool = False

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float((self.last - self.first) * self.base)

    def box_at(self, pts: int) -> Boxes:
        """(4,) the box at a time, drawn straight between the two nearest known ones."""
        return np.array(
            [np.interp(pts, self.times, self.boxes[:, k]) for k in range(4)], np.float32
        )

    def numbered(self, number: int, body: int | None) -> Track:
        """The same track under another number and with another body."""
        return replace(self, number=number, body=body)
