"""The pictures that golden vectors are computed from: small PNGs kept here, and seeded noise."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from personae.core.arrays import Crops, RgbImage

FOLDER = Path(__file__).parent
FACES = ("biden", "collins", "obama")
EYES = ("left", "right")
SURE = 0.48
"""Score above which bodies are compared; the next candidates lie well below it."""


def picture(name: str) -> RgbImage:
    """(H, W, 3) uint8 RGB, a PNG of this folder."""
    found = cv2.imread(str(FOLDER / "crops" / f"{name}.png"), cv2.IMREAD_COLOR)
    assert found is not None, f"{name}.png is missing"
    return np.asarray(found[..., ::-1], np.uint8).copy()


def noise(side: int, seed: int) -> RgbImage:
    """(side, side, 3) smooth coloured noise; the three channels differ."""
    coarse = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)
    # nearest neighbour, so that no library's rounding enters
    steps = np.arange(side) * 8 // side
    return np.asarray(coarse[steps][:, steps], np.uint8)


def aligned() -> Crops:
    """(4, 112, 112, 3): three faces and noise."""
    return np.stack([*(picture(name) for name in FACES), noise(112, 7)])


def meshes() -> Crops:
    """(1, 192, 192, 3): the region of one face as the mesh wants it."""
    return picture("mesh")[None]


def eyes() -> Crops:
    """(2, 64, 64, 3): both eyes of one face, the second mirrored."""
    return np.stack([picture(f"eye_{side}") for side in EYES])


def scene() -> RgbImage:
    """(224, 560, 3): three people side by side, faces and bodies."""
    return picture("scene")


def crowd() -> RgbImage:
    """(112, 280, 3): the scene at half size, where the body detector is well above its doubts."""
    return np.ascontiguousarray(scene()[::2, ::2])
