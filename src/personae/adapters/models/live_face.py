"""A face's mesh and lids off a picture, for signs of life: a box in, a look out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from personae.adapters.models.facemesh import LEFT_EYE, RIGHT_EYE, RIM, FaceMesh
from personae.adapters.models.iris import Iris, eye_map
from personae.adapters.models.regions import back, cut, square
from personae.core.arrays import Boxes, Numbers, RgbImage
from personae.core.face_look import FaceLook

NOSE: Final = (168, 6, 197, 195, 5, 4, 1, 19, 94, 98, 327, 48, 278, 129, 358)
CORNERS: Final = (33, 133, 362, 263)
FOREHEAD: Final = (10, 109, 338, 67, 297, 151, 9, 8, 107, 336, 55, 285, 104, 333)
CHEEKS: Final = (
    *(127, 356, 234, 454, 93, 323, 162, 389, 116),
    *(345, 117, 346, 50, 280, 205, 425, 36, 266),
)
"""Points of the mesh that neither talking nor blinking moves much, out to the ears."""
RIGID: Final = (*NOSE, *CORNERS, *FOREHEAD, *CHEEKS)
STRAIGHT: Final = 0.12
"""A face tilted by more radians than it was taken to be is read again; the mesh wants it level."""
SMALLEST_EYE: Final = 7.0
"""Pixels between the corners of an eye below which its lids cannot be told apart."""
TURNED_AWAY: Final = 0.5
"""An eye narrower than this share of the other is turned away: its lids say nothing."""


@dataclass(frozen=True, slots=True)
class LiveFace:
    """A look, and how the head was tilted, which helps the next look.

    Attributes:
        look: at the face.
        tilt: radians by which the line through the eyes falls to the right.
    """

    look: FaceLook
    tilt: float


class LiveFaces:
    """Reads looks with the mesh and the iris model.

    Args:
        mesh: finds the eyes and the fixed points.
        iris: reads the lids.
    """

    def __init__(self, mesh: FaceMesh, iris: Iris) -> None:
        self._mesh = mesh
        self._iris = iris

    def read(self, picture: RgbImage, box: Boxes, tilt: float = 0.0) -> LiveFace:
        """One face of a picture.

        Args:
            picture: (H, W, 3) uint8 RGB.
            box: (4,) pixels of the picture.
            tilt: of the head in the look before.
        """
        points, presence = self._points(picture, box, tilt)
        seen = _tilt(points)
        if abs(seen - tilt) > STRAIGHT:
            points, presence = self._points(picture, box, seen)
            seen = _tilt(points)
        left, right = self._openness(picture, points)
        look = FaceLook(points[list(RIGID)].astype(np.float64), left, right, presence)
        return LiveFace(look, seen)

    def _points(self, picture: RgbImage, box: Boxes, tilt: float) -> tuple[Numbers, float]:
        """(468, 2) pixels of the picture, and the presence."""
        side = RIM * float(max(box[2] - box[0], box[3] - box[1]))
        there = square((box[:2] + box[2:]) / 2, side, tilt, self._mesh.crop_size)
        found = self._mesh.read(cut(picture, there, self._mesh.crop_size)[None])
        return back(found.points[0, :, :2], there), float(found.presence[0])

    def _openness(self, picture: RgbImage, points: Numbers) -> tuple[float, float]:
        corners = [points[list(eye)] for eye in (LEFT_EYE, RIGHT_EYE)]
        size = self._iris.crop_size
        crops = np.stack(
            [
                cut(picture, eye_map(ends, mirror=mirror), size)
                for ends, mirror in zip(corners, (False, True), strict=True)
            ]
        )
        open_by = self._iris.read(crops).openness
        widths = [float(np.linalg.norm(ends[1] - ends[0])) for ends in corners]
        least = max(SMALLEST_EYE, TURNED_AWAY * max(widths))
        left, right = (
            float(value) if width >= least else math.nan
            for value, width in zip(open_by, widths, strict=True)
        )
        return left, right


def _tilt(points: Numbers) -> float:
    across = points[RIGHT_EYE[1]] - points[LEFT_EYE[0]]
    return float(np.arctan2(across[1], across[0]))
