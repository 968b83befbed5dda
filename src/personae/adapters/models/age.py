"""Age: how old a face looks.

ResNet-10 over 81 classes by Cydral Technology (dlib-models), CC0. An estimate of appearance, off
by eight years on average; never a proof of age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.adapters.models.cards import Card
from personae.adapters.models.chips import DLIB_EYES, chips
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.core.align import CROP
from personae.core.arrays import Crops, Numbers

YEARS: Numbers = np.array([0.25, *range(1, 81)], np.float32)
"""(81,) the age each class stands for; the first is the first year of life."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Apparent ages of N faces: expectation and standard deviation (N,) float32, in years."""

    years: Numbers
    spread: Numbers


class Age:
    """Reads apparent age off aligned crops."""

    crop_size = CROP

    def __init__(self, session: Session, card: Card) -> None:
        self._session = session
        self._card = card

    @property
    def name(self) -> str:
        """The model's versioned name."""
        return self._card.name

    def read(self, crops: Crops) -> Ages:
        """(N, 112, 112, 3) uint8 RGB aligned crops in, one age a crop out."""
        faces = chips(crops, DLIB_EYES, self._card.input.height)
        shares = feed(self._session, self._card, faces)[self._card.outputs[0]]
        years = shares @ YEARS
        variance = np.maximum(shares @ YEARS**2 - years**2, 0)
        return Ages(np.asarray(years, np.float32), np.sqrt(variance).astype(np.float32))
