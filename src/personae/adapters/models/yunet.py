"""YuNet: faces with five landmarks.

Wu, Peng, Yu: "YuNet: A Tiny Millisecond-level Face Detector" (2023), weights of OpenCV Zoo, MIT.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from personae.adapters.models.blob import padded_bgr, same_size_batches
from personae.adapters.models.onnx import Session
from personae.core.arrays import Numbers, RgbImage
from personae.core.detections import Detections, Kind
from personae.core.geometry import thin

STRIDES = (8, 16, 32)


class YuNet:
    """Face detector.

    Args:
        session: the loaded network.
        score: faces below are dropped; 0.9, which is often used, loses a fifth of the faces.
        overlap: of two boxes that overlap more than this the better stays.
    """

    kind: Kind = "face"

    def __init__(self, session: Session, *, score: float = 0.6, overlap: float = 0.3) -> None:
        self._session = session
        self._score = score
        self._overlap = overlap
        self._grids: dict[tuple[int, int], Numbers] = {}

    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        """Faces of each RGB picture; boxes and landmarks in its pixels."""
        found: list[Detections] = []
        for batch in same_size_batches(pictures):
            blob = padded_bgr([pictures[index] for index in batch], fill=0)
            answers = self._session.run(blob)
            grid = self._grid(blob.shape[2], blob.shape[3])
            found += [self._read(answers, row, grid) for row in range(len(batch))]
        return found

    def _grid(self, height: int, width: int) -> Numbers:
        """(A, 3) column and row of each anchor in pixels, and its stride."""
        key = (height, width)
        if key not in self._grids:
            levels = []
            for stride in STRIDES:
                rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
                steps = np.full(rows.size, stride)
                levels.append(np.stack([columns.ravel() * stride, rows.ravel() * stride, steps], 1))
            self._grids[key] = np.concatenate(levels).astype(np.float32)
        return self._grids[key]

    def _read(self, answers: dict[str, Numbers], row: int, grid: Numbers) -> Detections:
        def joined(name: str) -> Numbers:
            return np.concatenate([answers[f"{name}_{stride}"][row] for stride in STRIDES])

        face, here = joined("cls")[:, 0], joined("obj")[:, 0]
        # Neither is ever above 1, so a score that is high enough needs both to be; nearly none are
        both = np.minimum(face, here)
        chosen = np.flatnonzero(both > self._score**2)
        scores = np.sqrt(np.clip(face[chosen], 0, 1) * np.clip(here[chosen], 0, 1))
        chosen, scores = chosen[scores > self._score], scores[scores > self._score]
        if not chosen.size:
            return Detections.none("face")
        at, stride = grid[chosen, :2], grid[chosen, 2:]
        box = joined("bbox")[chosen]
        centre = at + box[:, :2] * stride
        half = np.exp(box[:, 2:]) * stride / 2
        boxes = np.concatenate([centre - half, centre + half], 1).astype(np.float32)
        marks = joined("kps")[chosen].reshape(-1, 5, 2) * stride[:, None] + at[:, None]
        kept = thin(boxes, scores, self._overlap)
        return Detections("face", boxes[kept], scores[kept], marks[kept].astype(np.float32))
