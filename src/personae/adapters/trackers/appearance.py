"""What a box looks like, cheaply: a colour histogram that hardly minds turning or moving."""

from __future__ import annotations

import cv2
import numpy as np

from personae.core.arrays import Boxes, Numbers, RgbImage

SIDE = 24
"""Pixels sampled along each side of a box, whatever its size: 576 describe a face well enough."""
HUES, DEPTHS, LIGHTS = 12, 6, 8
LIGHT_SHARE = 1 / 3
"""Weight of the brightness histogram; a passing shadow must not make another person."""
LENGTH = HUES * DEPTHS + LIGHTS


def looks(picture: RgbImage, boxes: Boxes, frame: float) -> Numbers:
    """(N, 80) unit rows: square roots of a hue x saturation and a brightness histogram.

    The dot product of two rows is their Bhattacharyya coefficient (0 nothing in common, 1 the
    same). Measured on 13 people filmed apart, faces a fifth of a second apart, ``frame`` 1.4: 0.978
    at the 2nd percentile for one person, 0.94 at the 95th for two.

    Args:
        picture: (H, W, 3) the whole frame, RGB.
        boxes: (N, 4) in pixels of the frame; they may reach beyond it.
        frame: each box is made this many times as wide and high first.
    """
    if not len(boxes):
        return np.zeros((0, LENGTH), np.float32)
    hue, depth, light = np.moveaxis(_sampled(picture, boxes, frame), 2, 0).astype(np.int64)
    row = np.arange(len(boxes))[:, None] * LENGTH
    # OpenCV keeps 8-bit hues as half degrees, 0..179
    colour = (hue * HUES // 180) * DEPTHS + depth * DEPTHS // 256
    shade = HUES * DEPTHS + light * LIGHTS // 256
    length = len(boxes) * LENGTH
    counts = np.bincount((row + colour).ravel(), minlength=length).astype(np.float32)
    shades = np.bincount((row + shade).ravel(), minlength=length).astype(np.float32)
    whole = (counts * (1 - LIGHT_SHARE) + shades * LIGHT_SHARE).reshape(len(boxes), LENGTH)
    return np.asarray(np.sqrt(whole / SIDE**2), np.float32)


def _sampled(picture: RgbImage, boxes: Boxes, frame: float) -> RgbImage:
    """(N, SIDE * SIDE, 3) uint8 hue, saturation, value on an even grid over each box."""
    height, width = picture.shape[:2]
    steps = ((np.arange(SIDE) + 0.5) / SIDE - 0.5) * frame
    centre, size = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    x = np.clip(centre[:, :1] + size[:, :1] * steps, 0, width - 1).astype(np.int64)
    y = np.clip(centre[:, 1:] + size[:, 1:] * steps, 0, height - 1).astype(np.int64)
    pixels = picture[y[:, :, None], x[:, None, :]].reshape(len(boxes), SIDE * SIDE, 3)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV), np.uint8)
