"""MobileFaceNet: a face as 192 numbers, a second opinion beside SFace.

Chen et al., "MobileFaceNets: Efficient CNNs for Accurate Real-Time Face Verification on Mobile
Devices" (2018), weights of MobileFaceNet_TF, Apache-2.0.
"""

from __future__ import annotations

from personae.adapters.models.cards import Card
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.core.align import CROP
from personae.core.arrays import Crops, Vectors
from personae.core.embedding import Space, unit


class MobileFaceNet:
    """Face embedder; crops are aligned to the ArcFace template."""

    crop_size = CROP

    def __init__(self, session: Session, card: Card) -> None:
        self._session = session
        self._card = card

    @property
    def space(self) -> Space:
        """Where its vectors live; they never meet those of another model."""
        return self._card.space

    def embed(self, crops: Crops) -> Vectors:
        """(N, 112, 112, 3) uint8 RGB aligned crops in, (N, 192) unit rows out."""
        return unit(feed(self._session, self._card, crops)[self._card.outputs[0]])
