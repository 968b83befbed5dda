"""How good is this view of a face? Six parts, each explained, and one number made of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from personae.core.align import off_axis
from personae.core.arrays import Crop, Landmarks

WEIGHTS = (1.0, 1.0, 0.5, 0.5, 1.5, 1.0)
"""Of the parts in the total, in their order."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Parts of a view's quality, each 0 (useless) to 1 (as good as it helps to be).

    Attributes:
        size: distance between the eyes against 50 pixels.
        sharpness: energy of fine detail in the crop.
        contrast: spread of brightness.
        light: neither too dark nor too bright.
        pose: frontal 1, profile 0.
        score: the detector's.
    """

    size: float
    sharpness: float
    contrast: float
    light: float
    pose: float
    score: float

    @property
    def total(self) -> float:
        """Geometric mean: one useless part spoils the view."""
        parts = (self.size, self.sharpness, self.contrast, self.light, self.pose, self.score)
        logs = (w * math.log(max(part, 0.01)) for w, part in zip(WEIGHTS, parts, strict=True))
        return math.exp(sum(logs) / sum(WEIGHTS))

    def parts(self) -> dict[str, float]:
        """Each part by its name, rounded for keeping."""
        names = ("size", "sharpness", "contrast", "light", "pose", "score")
        return {name: round(float(getattr(self, name)), 4) for name in names}


def promise(landmarks: Landmarks, score: float) -> Quality:
    """The most that a view can be worth, known before it is cut: light and detail are perfect.

    Args:
        landmarks: (5, 2) in the frame.
        score: the detector's, 0..1.
    """
    eyes = float(np.hypot(*(landmarks[1] - landmarks[0])))
    return Quality(
        size=min(eyes / 50.0, 1.0),
        sharpness=1.0,
        contrast=1.0,
        light=1.0,
        pose=1.0 - off_axis(landmarks),
        score=float(score),
    )


def judge(crop: Crop, landmarks: Landmarks, score: float) -> Quality:
    """Quality of an aligned crop.

    Args:
        crop: (h, w, 3) uint8 RGB, aligned.
        landmarks: (5, 2) in the frame the crop was cut from.
        score: the detector's, 0..1.
    """
    inner = crop[16:-8, 16:-16].astype(np.float32)
    # BT.601 weights: what television calls brightness
    grey = inner @ np.array([0.299, 0.587, 0.114], np.float32)
    # Laplacian energy is the usual focus measure (Pech-Pacheco et al. 2000)
    laplacian = (
        4 * grey[1:-1, 1:-1] - grey[:-2, 1:-1] - grey[2:, 1:-1] - grey[1:-1, :-2] - grey[1:-1, 2:]
    )
    mean = float(grey.mean())
    return replace(
        promise(landmarks, score),
        sharpness=min(float(laplacian.std()) / 16.0, 1.0),
        contrast=min(float(grey.std()) / 40.0, 1.0),
        light=float(np.clip(min(mean / 70.0, (255.0 - mean) / 50.0), 0.0, 1.0)),
    )
