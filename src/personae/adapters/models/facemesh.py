"""Face mesh: 468 points on a face.

Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs" (2019),
weights of MediaPipe, Apache-2.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from personae.adapters.models.cards import Card
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.adapters.models.regions import square
from personae.core.arrays import Boxes, Crops, Doubles, Landmarks, Numbers, Scores

POINTS = 468
RIM: Final = 1.5
"""The square is this many times the longer side of the face's box, as MediaPipe cuts it."""
LEFT_EYE: Final = (33, 133)
"""Outer and inner corner of the eye at the picture's left, by their number in the mesh."""
RIGHT_EYE: Final = (362, 263)
"""Inner and outer corner of the eye at the picture's right."""


@dataclass(frozen=True, slots=True)
class Meshes:
    """N meshes.

    Attributes:
        points: (N, 468, 3) float32, x and y in pixels of the crop, z in the same unit, growing
            away from the camera.
        presence: (N,) float32 0..1, whether there is a face in the crop at all.
    """

    points: Numbers
    presence: Scores


class FaceMesh:
    """Reads meshes off regions that ``face_map`` describes."""

    crop_size = 192

    def __init__(self, session: Session, card: Card) -> None:
        self._session = session
        self._card = card

    @property
    def name(self) -> str:
        """The model's versioned name."""
        return self._card.name

    def read(self, crops: Crops) -> Meshes:
        """(N, 192, 192, 3) uint8 RGB regions in, one mesh a region out."""
        found = feed(self._session, self._card, crops)
        points, flags = (found[name] for name in self._card.outputs)
        sure = 1 / (1 + np.exp(-flags.reshape(-1)))
        return Meshes(points.reshape(-1, POINTS, 3), sure.astype(np.float32))


def face_map(box: Boxes, landmarks: Landmarks, size: int = FaceMesh.crop_size) -> Doubles:
    """(2, 3) map from picture to crop for one face.

    Args:
        box: (4,) pixels of the picture.
        landmarks: (5, 2) pixels of the picture; the eyes say how far the head is tilted.
        size: the crop's side in pixels.
    """
    eyes = landmarks[1].astype(np.float64) - landmarks[0]
    side = RIM * float(max(box[2] - box[0], box[3] - box[1]))
    return square((box[:2] + box[2:]) / 2, side, float(np.arctan2(eyes[1], eyes[0])), size)
