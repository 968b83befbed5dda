"""Where somebody was, without who it was: what counting people needs of a sighting."""

from __future__ import annotations

from dataclasses import dataclass

from personae.core.arrays import Boxes, Doubles
from personae.core.detections import Kind


@dataclass(frozen=True, slots=True)
class Trace:
    """A kept track as counting sees it.

    Attributes:
        id: of the sighting.
        media: that it was seen in.
        kind: face or body.
        start: seconds from the first frame.
        end: seconds, exclusive.
        times: (T,) seconds at which a box is known.
        boxes: (T, 4) those boxes, pixels.
        quality: for a body the best score of the detector, 0..1.
        body: for a face, the sighting of the body it sits on.
    """

    id: int
    media: int
    kind: Kind
    start: float
    end: float
    times: Doubles
    boxes: Boxes
    quality: float
    body: int | None = None
