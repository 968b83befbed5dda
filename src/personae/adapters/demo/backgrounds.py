"""Generated backgrounds in which nobody can be found: gradients, moving shapes, a woven texture."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from personae.adapters.demo.scenes import Background, Pattern
from personae.core.arrays import RgbImage

_INK = (232, 234, 238)


@lru_cache(maxsize=8)
def _gradient(background: Background, width: int, height: int) -> RgbImage:
    """From the top colour to the bottom colour, (height, width, 3) uint8 RGB."""
    ramp = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None, None]
    top, bottom = (np.array(c, np.float32) for c in (background.top, background.bottom))
    column = np.rint(top + (bottom - top) * ramp).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)))


@lru_cache(maxsize=8)
def _texture(background: Background, width: int, height: int) -> RgbImage:
    """A woven cloth, a tenth larger than the picture so that it can drift."""
    w, h = width + width // 10, height + height // 10
    unit = min(width, height) / 45.0
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    weave = np.sin(x / unit) * np.cos(y / unit) + 0.5 * np.sin((x + 2.0 * y) / (3.1 * unit))
    base = _gradient(background, w, h).astype(np.float32)
    cloth: RgbImage = np.clip(base + 16.0 * weave[..., None], 0, 255).astype(np.uint8)
    return cloth


def _draw_shapes(image: RgbImage, background: Background, progress: float) -> None:
    """Bars and rings that wander from left to right; plain enough never to look like a face."""
    height, width = image.shape[:2]
    side = min(width, height)
    for k, share in enumerate((0.18, 0.42, 0.70)):
        x = round(width * ((share + 0.35 * progress * (1 + 0.4 * k)) % 1.0))
        y = round(height * (0.22 + 0.27 * k))
        tint = tuple(min(255, c + 30 + 25 * k) for c in background.top)
        half = round(side * (0.05 + 0.02 * k))
        if k == 1:
            cv2.circle(image, (x, y), half, tint, max(2, side // 60), cv2.LINE_AA)
        else:
            cv2.rectangle(image, (x - 2 * half, y - half // 2), (x + half, y + half // 2), tint, -1)


def _draw_title(image: RgbImage, title: str) -> None:
    height, width = image.shape[:2]
    scale = min(width, height) / 360.0
    thick = max(1, round(1.6 * scale))
    (w, h), _ = cv2.getTextSize(title, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)
    fit = min(1.0, 0.9 * width / max(1, w))
    at = (round((width - w * fit) / 2), round((height + h * fit) / 2))
    cv2.putText(image, title, at, cv2.FONT_HERSHEY_SIMPLEX, scale * fit, _INK, thick, cv2.LINE_AA)


def paint(background: Background, width: int, height: int, progress: float) -> RgbImage:
    """A fresh picture of a background.

    Args:
        background: what to paint.
        width: pixels.
        height: pixels.
        progress: 0 at the scene's start, 1 at its end.

    Returns:
        (height, width, 3) uint8 RGB, the caller's to draw upon.
    """
    if background.pattern is Pattern.TEXTURE:
        cloth = _texture(background, width, height)
        x, y = round(progress * (width // 10)), round(progress * (height // 10))
        image = cloth[y : y + height, x : x + width].copy()
    else:
        image = _gradient(background, width, height).copy()
    if background.pattern is Pattern.SHAPES:
        _draw_shapes(image, background, progress)
    if background.title:
        _draw_title(image, background.title)
    return image
