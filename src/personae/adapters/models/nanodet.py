"""NanoDet-g: people.

RangiLyu: "NanoDet-Plus" (2021), Apache-2.0; box edges are read as distributions, after Li et al.,
"Generalized Focal Loss" (2020).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from personae.adapters.models.blob import padded_bgr, same_size_batches
from personae.adapters.models.onnx import Session
from personae.core.arrays import Boxes, Numbers, RgbImage
from personae.core.detections import Detections, Kind
from personae.core.geometry import thin

STRIDES = (8, 16, 32)
BINS = 11
PERSON = 0
MEAN = np.array([103.53, 116.28, 123.675], np.float32).reshape(1, 3, 1, 1)
SPREAD = np.array([57.375, 57.12, 58.395], np.float32).reshape(1, 3, 1, 1)


class NanoDet:
    """People detector.

    Args:
        session: the loaded network.
        score: detections below are dropped; trackers use weak ones too, so it is low.
        overlap: of two boxes that overlap more than this the better stays.
    """

    kind: Kind = "body"

    def __init__(self, session: Session, *, score: float = 0.4, overlap: float = 0.6) -> None:
        self._session = session
        self._score = score
        self._overlap = overlap

    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        """People of each RGB picture; boxes in its pixels."""
        found: list[Detections] = []
        for batch in same_size_batches(pictures):
            blob = padded_bgr([pictures[index] for index in batch], fill=114)
            blob -= MEAN
            blob /= SPREAD
            answers = self._session.run(blob)
            wide = blob.shape[3]
            found += [self._read(answers, row, wide) for row in range(len(batch))]
        return found

    def _read(self, answers: dict[str, Numbers], row: int, width: int) -> Detections:
        boxes: list[Boxes] = []
        scores: list[Numbers] = []
        for stride in STRIDES:
            person = answers[f"cls_{stride}"][row][:, PERSON]
            chosen = np.flatnonzero(person > self._score)
            if chosen.size:
                edges = _expected(answers[f"reg_{stride}"][row][chosen]) * stride
                columns = width // stride
                centre = np.stack([chosen % columns + 0.5, chosen // columns + 0.5], 1) * stride
                boxes.append(np.concatenate([centre - edges[:, :2], centre + edges[:, 2:]], 1))
                scores.append(person[chosen])
        if not boxes:
            return Detections.none("body")
        joined = np.concatenate(boxes).astype(np.float32)
        sure = np.concatenate(scores).astype(np.float32)
        kept = thin(joined, sure, self._overlap)
        return Detections("body", joined[kept], sure[kept])


def _expected(raw: Numbers) -> Numbers:
    """(K, 44) raw bins to the (K, 4) expected distances left, top, right, bottom in strides."""
    bins = raw.reshape(-1, 4, BINS)
    weights = np.exp(bins - bins.max(2, keepdims=True))
    weights /= weights.sum(2, keepdims=True)
    return np.asarray(weights @ np.arange(BINS, dtype=np.float32), np.float32)
