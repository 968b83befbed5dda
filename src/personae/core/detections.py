"""What a detector found in one frame, as columns that are checked when they are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from personae.core.arrays import Boxes, Flags, Ids, Landmarks, Scores
from personae.core.errors import ShapeError

Kind = Literal["face", "body"]


@dataclass(frozen=True, slots=True)
class Detections:
    """N detections of one kind in one frame.

    Attributes:
        kind: face or body.
        boxes: (N, 4) float32 pixels of the full frame.
        scores: (N,) float32 0..1.
        landmarks: (N, 5, 2) float32 pixels, or None for kinds without.
    """

    kind: Kind
    boxes: Boxes
    scores: Scores
    landmarks: Landmarks | None = None

    def __post_init__(self) -> None:
        n = len(self.boxes)
        if self.boxes.shape != (n, 4) or self.boxes.dtype != np.float32:
            raise ShapeError(
                f"boxes must be (N, 4) float32, got {self.boxes.shape} {self.boxes.dtype}"
            )
        if self.scores.shape != (n,) or self.scores.dtype != np.float32:
            raise ShapeError(
                f"scores must be ({n},) float32, got {self.scores.shape} {self.scores.dtype}"
            )
        marks = self.landmarks
        if marks is not None and (marks.shape != (n, 5, 2) or marks.dtype != np.float32):
            raise ShapeError(f"landmarks must be ({n}, 5, 2) float32, got {marks.shape}")

    def __len__(self) -> int:
        return len(self.boxes)

    @staticmethod
    def none(kind: Kind) -> Detections:
        """Nothing found."""
        marks = np.zeros((0, 5, 2), np.float32) if kind == "face" else None
        return Detections(kind, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), marks)

    def take(self, which: Flags | Ids) -> Detections:
        """The chosen rows, by index or by truth value."""
        marks = None if self.landmarks is None else self.landmarks[which]
        return Detections(self.kind, self.boxes[which], self.scores[which], marks)

    def __iter__(self) -> Iterator[tuple[Boxes, float]]:
        """Each row's box (4,) and score."""
        return ((self.boxes[i], float(self.scores[i])) for i in range(len(self)))
