"""Large pictures and small faces: one search at several scales, each face from the best of them."""

from __future__ import annotations

import numpy as np

from personae.core.detections import Detections
from personae.core.frame import Picture
from personae.core.geometry import clip, thin
from personae.ports import Detector

LADDER = (640, 1280, 2560)
"""Longest sides at which a picture is searched, as far as it is that large itself."""
IDEAL = 80.0
"""Height in pixels at which YuNet places landmarks best; large ones it places poorly."""
SAME = 0.4
"""Boxes of two scales that overlap this much are one face."""


def sizes(width: int, height: int, ladder: tuple[int, ...] = LADDER) -> list[tuple[int, int]]:
    """Sizes to search a picture at: no rung above its own size, its own if it is below the first.

    A rung that is less than a third larger than the one before it adds nothing and is left out.
    """
    longest = max(width, height)
    rungs = [min(rung, longest) for rung in ladder]
    chosen = [rungs[0]]
    for rung in rungs[1:]:
        if rung > 1.33 * chosen[-1]:
            chosen.append(rung)
    return [
        (max(round(width * rung / longest), 16), max(round(height * rung / longest), 16))
        for rung in chosen
    ]


def closely(detector: Detector, picture: Picture) -> Detections:
    """Everything found at any scale, in pixels of the picture, each thing once."""
    found: list[Detections] = []
    fits = []
    for width, height in sizes(picture.width, picture.height):
        here = detector.detect([picture.rgb_at(width, height)])[0]
        tall = np.maximum(here.boxes[:, 3] - here.boxes[:, 1], 1.0)
        fits.append(here.scores - 0.15 * np.abs(np.log2(tall / IDEAL)))
        found.append(scaled(here, (width, height), (picture.width, picture.height)))
    boxes = np.concatenate([f.boxes for f in found])
    if not len(boxes):
        return Detections.none(detector.kind)
    marks = [f.landmarks for f in found if f.landmarks is not None]
    joined = Detections(
        detector.kind,
        boxes,
        np.concatenate([f.scores for f in found]),
        np.concatenate(marks) if len(marks) == len(found) else None,
    )
    return joined.take(thin(boxes, np.concatenate(fits).astype(np.float32), SAME))


def shrunk(width: int, height: int, longest: int) -> tuple[int, int]:
    """(width, height) of a picture made small enough for its longest side, never larger."""
    share = min(1.0, longest / max(width, height))
    return max(round(width * share), 32), max(round(height * share), 32)


def scaled(found: Detections, seen: tuple[int, int], whole: tuple[int, int]) -> Detections:
    """Detections of a picture shrunk to ``seen`` in pixels of the ``whole`` (width, height)."""
    factor = np.array(whole, np.float32) / np.array(seen, np.float32)
    boxes = clip((found.boxes * np.tile(factor, 2)).astype(np.float32), *whole)
    marks = None if found.landmarks is None else (found.landmarks * factor).astype(np.float32)
    return Detections(found.kind, boxes, found.scores, marks)
