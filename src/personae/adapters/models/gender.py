"""Presented gender: whether a face is read as a woman's or a man's.

Four-layer network by Cydral Technology (dlib-models), CC0, after Antipov et al. 2016. It says how
a face is read by such a network, not who somebody is; what a person says always wins over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.adapters.models.cards import Card
from personae.adapters.models.chips import DLIB_EYES, chips
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.core.align import CROP
from personae.core.arrays import Crops, Scores


@dataclass(frozen=True, slots=True)
class PresentedGenders:
    """How N faces are read.

    Attributes:
        female: (N,) float32 0..1.
        male: (N,) float32 0..1, the rest.
    """

    female: Scores
    male: Scores


class PresentedGender:
    """Reads presented gender off aligned crops."""

    crop_size = CROP

    def __init__(self, session: Session, card: Card) -> None:
        self._session = session
        self._card = card

    @property
    def name(self) -> str:
        """The model's versioned name."""
        return self._card.name

    def read(self, crops: Crops) -> PresentedGenders:
        """(N, 112, 112, 3) uint8 RGB aligned crops in, one reading a crop out."""
        faces = chips(crops, DLIB_EYES, self._card.input.height)
        shares = feed(self._session, self._card, faces)[self._card.outputs[0]]
        return PresentedGenders(shares[:, 0].astype(np.float32), shares[:, 1].astype(np.float32))
