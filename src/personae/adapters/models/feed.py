"""Crops through a network, a few at a time, prepared as its card says."""

from __future__ import annotations

import numpy as np

from personae.adapters.models.cards import Card
from personae.adapters.models.onnx import Session
from personae.adapters.models.pixels import prepare
from personae.core.arrays import Crops, Numbers

BATCH = 8
"""On a CPU larger batches are no faster, and they hold more memory."""


def feed(session: Session, card: Card, crops: Crops) -> dict[str, Numbers]:
    """Every output of the network by its name, rows in the order of the crops (N, h, w, 3).

    Raises:
        ShapeError: the crops are not of the size the card names.
    """
    if not len(crops):
        # one blank crop tells the shapes that the outputs have
        blank = np.zeros((1, *crops.shape[1:]), np.uint8)
        return {name: rows[:0] for name, rows in session.run(prepare(blank, card.input)).items()}
    parts = [
        session.run(prepare(crops[start : start + BATCH], card.input))
        for start in range(0, len(crops), BATCH)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in card.outputs}
