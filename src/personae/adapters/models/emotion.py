"""Emotion: which of seven expressions a face seems to show. Opt-in.

mini-XCEPTION of Arriaga et al., "Real-time Convolutional Neural Networks for Emotion and Gender
Classification" (2017), MIT. Right about half the time over its seven classes: fit to tell happy
faces from others, not to say what somebody feels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from personae.adapters.models.cards import Card
from personae.adapters.models.chips import chips
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.core.align import CROP
from personae.core.arrays import Crops, Scores

EXPRESSIONS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
EYES: Final = (0.29, 0.69, 0.37)
"""Where the eyes lie in FER-2013, on which it was trained, drawn a tenth wider (measured)."""


@dataclass(frozen=True, slots=True)
class Emotions:
    """(N, 7) float32 shares in the order of EXPRESSIONS, each row summing to 1."""

    shares: Scores

    @property
    def happiness(self) -> Scores:
        """(N,) the one share that can be relied on."""
        return self.shares[:, EXPRESSIONS.index("happiness")]


class Emotion:
    """Reads expressions off aligned crops."""

    crop_size = CROP

    def __init__(self, session: Session, card: Card) -> None:
        self._session = session
        self._card = card

    @property
    def name(self) -> str:
        """The model's versioned name."""
        return self._card.name

    def read(self, crops: Crops) -> Emotions:
        """(N, 112, 112, 3) uint8 RGB aligned crops in, seven shares a crop out."""
        faces = chips(crops, EYES, self._card.input.height)
        return Emotions(feed(self._session, self._card, faces)[self._card.outputs[0]])
