"""Small made-up films: coloured boxes on a textured ground, with their detections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import cv2
import numpy as np

from personae.adapters.sources.pictures import ArrayPicture
from personae.core.arrays import Boxes, Ids, RgbImage
from personae.core.detections import Detections, Kind
from personae.core.frame import Frame, FrameTime
from personae.ports import Tracker

WIDTH, HEIGHT = 640, 360
BASE = Fraction(1, 1000)
RED, GREEN, BLUE, YELLOW = (200, 40, 40), (40, 180, 60), (50, 60, 210), (220, 210, 40)
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in one frame: centre, height (width is half of it), score, colour."""

    x: float
    y: float
    height: float = 100.0
    score: float = 0.9
    colour: Colour = RED

    @property
    def box(self) -> list[float]:
        half = self.height / 4
        top, bottom = self.y - self.height / 2, self.y + self.height / 2
        return [self.x - half, top, self.x + half, bottom]


@lru_cache(maxsize=32)
def ground(seed: int = 0, *, pan: float = 0.0, light: int = 90) -> RgbImage:
    """A soft random texture, seen by a camera that has turned by ``pan`` pixels."""
    coarse = np.random.default_rng(seed).integers(0, 120, (18, 64)).astype(np.uint8)
    wide = cv2.resize(coarse, (WIDTH * 2, HEIGHT), interpolation=cv2.INTER_CUBIC)
    start = WIDTH // 2 + round(pan)
    grey = np.clip(wide[:, start : start + WIDTH].astype(int) // 2 + light, 0, 255)
    return np.repeat(grey[..., None], 3, 2).astype(np.uint8)


def frame(seconds: float, actors: Sequence[Actor] = (), back: RgbImage | None = None) -> Frame:
    """The painted picture at a time."""
    image = (ground() if back is None else back).copy()
    for actor in actors:
        x1, y1, x2, y2 = (max(0, round(v)) for v in actor.box)
        image[y1:y2, x1:x2] = actor.colour
    pts = round(seconds / BASE)
    return Frame(ArrayPicture(image), pts, FrameTime(pts, BASE))


def detections(actors: Sequence[Actor], kind: Kind = "body") -> Detections:
    """What a perfect detector says."""
    boxes: Boxes = np.array([a.box for a in actors], np.float32).reshape(-1, 4)
    scores = np.array([a.score for a in actors], np.float32)
    return Detections(kind, boxes, scores)


def show(
    tracker: Tracker, seconds: float, actors: Sequence[Actor], back: RgbImage | None = None
) -> list[int]:
    """Feeds one frame; the ids of the actors in their order."""
    answer = tracker.update(frame(seconds, actors, back), detections(actors))
    found: Ids = answer.ids
    return [int(i) for i in found]
