"""Iris: the lids and the iris of one eye, and how far it is open.

Ablavatski et al., "Real-time Pupil Tracking from Monocular Video for Digital Puppetry" (2020),
weights of MediaPipe, Apache-2.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from personae.adapters.models.cards import Card
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.adapters.models.regions import mirrored, square
from personae.core.arrays import Crops, Doubles, Numbers

CONTOUR = 71
IRIS = 5
RIM: Final = 2.3
"""The square is this many times the distance between the corners of the eye."""
LOWER: Final = slice(1, 8)
UPPER: Final = slice(9, 16)
"""Of the contour: corner 0, lower lid 1..7, corner 8, upper lid 9..15 facing the lower."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """N eyes, in pixels of their crops.

    Attributes:
        contour: (N, 71, 3) float32 x, y, z of lids and brow.
        iris: (N, 5, 3) float32 x, y, z, the middle first.
    """

    contour: Numbers
    iris: Numbers

    @property
    def openness(self) -> Numbers:
        """(N,) mean gap between the lids over the width of the eye.

        0.15 to 0.3 for open eyes; it differs from person to person and with a smile, so compare
        with the same eye's own past.
        """
        flat = self.contour[:, :, :2].astype(np.float64)
        gaps = np.linalg.norm(flat[:, UPPER] - flat[:, LOWER], axis=2).mean(1)
        widths = np.linalg.norm(flat[:, 0] - flat[:, 8], axis=1)
        return np.asarray(gaps / np.maximum(widths, 1e-6), np.float32)


class Iris:
    """Reads eyes off regions that ``eye_map`` describes."""

    crop_size = 64

    def __init__(self, session: Session, card: Card) -> None:
        self._session = session
        self._card = card

    @property
    def name(self) -> str:
        """The model's versioned name."""
        return self._card.name

    def read(self, crops: Crops) -> Eyes:
        """(N, 64, 64, 3) uint8 RGB regions in, one eye a region out."""
        found = feed(self._session, self._card, crops)
        contour, iris = (found[name] for name in self._card.outputs)
        return Eyes(contour.reshape(-1, CONTOUR, 3), iris.reshape(-1, IRIS, 3))


def eye_map(corners: Numbers, *, mirror: bool = False, size: int = Iris.crop_size) -> Doubles:
    """(2, 3) map from picture to crop for one eye.

    Args:
        corners: (2, 2) pixels of the picture, the one further left in the face first.
        mirror: the network knows only the eye at the picture's left; the other is mirrored.
        size: the crop's side in pixels.
    """
    ends = np.asarray(corners, np.float64)
    across = ends[1] - ends[0]
    angle = float(np.arctan2(across[1], across[0]))
    there = square(ends.mean(0), RIM * float(np.hypot(*across)), angle, size)
    return mirrored(there, size) if mirror else there
