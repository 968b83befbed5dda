"""SFace: a face as 128 numbers.

Zhong et al., "SFace: Sigmoid-Constrained Hypersphere Loss for Robust Face Recognition" (2021),
weights of OpenCV Zoo, Apache-2.0.
"""

from __future__ import annotations

import numpy as np

from personae.adapters.models.onnx import Session
from personae.core.arrays import Crops, Numbers, Vectors
from personae.core.embedding import Space, unit

BATCH = 8


class SFace:
    """Face embedder; crops are aligned to the ArcFace template, RGB 0..255."""

    crop_size = 112

    def __init__(self, session: Session, space: Space) -> None:
        self._session = session
        self._space = space

    @property
    def space(self) -> Space:
        """Where its vectors live."""
        return self._space

    def embed(self, crops: Crops) -> Vectors:
        """(N, 112, 112, 3) RGB in, (N, 128) unit rows out."""
        rows: list[Numbers] = []
        for start in range(0, len(crops), BATCH):
            blob = crops[start : start + BATCH].transpose(0, 3, 1, 2).astype(np.float32)
            rows.append(self._session.run(np.ascontiguousarray(blob))["fc1"])
        if not rows:
            return np.zeros((0, self._space.size), np.float32)
        return unit(np.concatenate(rows))
