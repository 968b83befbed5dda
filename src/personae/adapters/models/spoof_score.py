"""How much a face looks like a living one to a network of the user's own; none ships."""

from __future__ import annotations

import cv2
import numpy as np

from personae.adapters.models.cards import Card
from personae.adapters.models.feed import feed
from personae.adapters.models.onnx import Session
from personae.core.arrays import Boxes, Crop, Crops, Numbers, RgbImage, Scores
from personae.core.errors import ModelError

SUMS_TO_ONE = 1e-3
"""Answers that add up to one but for so much are probabilities; others go through a softmax."""


class SpoofScore:
    """Fits the Analyser socket: single pictures of faces in, how alive they look out.

    Args:
        session: the network.
        card: what it expects, with its ``context`` and which class is ``live``.

    Raises:
        ModelError: the card is of another task or names no size or no threshold.
    """

    def __init__(self, session: Session, card: Card) -> None:
        if card.task != "spoof" or not (card.input.height and card.input.width):
            raise ModelError(
                f"the card of {card.name} does not describe a spoof network",
                'It needs task = "spoof" and the height and width of its input.',
            )
        self._session = session
        self._card = card
        self.threshold = card.threshold("live")

    @property
    def name(self) -> str:
        """The model's versioned name."""
        return self._card.name

    def cut(self, picture: RgbImage, box: Boxes) -> Crop:
        """(h, w, 3) uint8 RGB: the box widened to both sides, moved into the picture, stretched.

        As Silent-Face's networks are shown faces: what does not fit into the picture is moved, not
        filled, and the widening ends where the picture does.

        Args:
            picture: (H, W, 3) uint8 RGB.
            box: (4,) pixels of the picture.
        """
        rows, columns = picture.shape[:2]
        wide, high = (max(float(box[k + 2] - box[k]), 1.0) for k in (0, 1))
        scale = min(self._card.context, (columns - 1) / wide, (rows - 1) / high)
        size = np.array([wide, high]) * scale
        middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2
        most = np.maximum(np.array([columns - 1, rows - 1]) - size, 0)
        left, top = np.clip(middle - size / 2, 0, most).astype(int).tolist()
        right, bottom = int(left + size[0]) + 1, int(top + size[1]) + 1
        wanted = (self._card.input.width, self._card.input.height)
        return np.asarray(cv2.resize(picture[top:bottom, left:right], wanted), np.uint8)

    def read(self, crops: Crops) -> Scores:
        """(N,) float32 0..1, the share that the network gives to living faces.

        Raises:
            ModelError: its answer has no such class.
        """
        answer = feed(self._session, self._card, crops)[self._card.outputs[0]]
        if answer.ndim != 2 or answer.shape[1] <= max(self._card.live, 1):
            raise ModelError(f"{self.name} answers {answer.shape}: no class {self._card.live}")
        shares = answer if _probabilities(answer) else _softmax(answer)
        return np.asarray(shares[:, self._card.live], np.float32)


def _probabilities(rows: Numbers) -> bool:
    sums = np.abs(rows.sum(1) - 1)
    return bool((rows >= 0).all() and (sums <= SUMS_TO_ONE).all())


def _softmax(rows: Numbers) -> Numbers:
    powers = np.exp(rows - rows.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)
