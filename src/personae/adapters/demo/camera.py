"""The camera: puts portraits where a scene wants them, and knows where each face then lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from personae.adapters.demo.backgrounds import paint
from personae.adapters.demo.cast import picture, portrait
from personae.adapters.demo.scenes import Layer, Pattern, Scene
from personae.adapters.demo.timeline import Part
from personae.core.arrays import RgbImage


@dataclass(frozen=True, slots=True)
class Canvas:
    """Size of the upright picture in pixels."""

    width: int
    height: int

    @property
    def side(self) -> int:
        """The shorter side."""
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright picture."""

    x1: float
    y1: float
    x2: float
    y2: float

    def share_of(self, other: Box) -> float:
        """How much of the other rectangle's area lies inside this one, 0..1."""
        across = min(self.x2, other.x2) - max(self.x1, other.x1)
        down = min(self.y2, other.y2) - max(self.y1, other.y1)
        whole = (other.x2 - other.x1) * (other.y2 - other.y1)
        return max(across, 0.0) * max(down, 0.0) / whole


def window(layer: Layer, canvas: Canvas) -> Box:
    """The layer's place in whole pixels, cut at the edges of the picture."""
    p = layer.place
    return Box(
        max(0, round(p.left * canvas.width)),
        max(0, round(p.top * canvas.height)),
        min(canvas.width, round(p.right * canvas.width)),
        min(canvas.height, round(p.bottom * canvas.height)),
    )


def _mapping(layer: Layer, progress: float, canvas: Canvas) -> tuple[float, float, float]:
    """Scale and shift that take (mirrored) portrait pixels to picture pixels."""
    x, y, w, h = _face(layer)
    place, want = layer.place, layer.framing(progress)
    scale = want.size * canvas.side / h
    centre_x = (place.left + want.x * (place.right - place.left)) * canvas.width
    centre_y = (place.top + want.y * (place.bottom - place.top)) * canvas.height
    return scale, centre_x - scale * (x + w / 2), centre_y - scale * (y + h / 2)


def _face(layer: Layer) -> tuple[float, float, float, float]:
    """The face in the portrait, mirrored with it."""
    x, y, w, h = portrait(layer.portrait).face
    if layer.mirror:
        x = picture(layer.portrait).shape[1] - x - w
    return x, y, w, h


def face_box(layer: Layer, progress: float, canvas: Canvas) -> Box:
    """Where the layer's face lies in the picture, whether or not it is inside."""
    scale, dx, dy = _mapping(layer, progress, canvas)
    x, y, w, h = _face(layer)
    return Box(x * scale + dx, y * scale + dy, (x + w) * scale + dx, (y + h) * scale + dy)


def face_is_shown(layer: Layer, progress: float, canvas: Canvas) -> bool:
    """Whether at least half of the face lies inside its window and the picture."""
    return window(layer, canvas).share_of(face_box(layer, progress, canvas)) >= 0.5


@cache
def _four_channels(name: str) -> NDArray[np.uint8]:
    """A portrait as (H, W, 4) RGBA: OpenCV warps four channels thrice as fast as three."""
    return _u8(cv2.cvtColor(picture(name), cv2.COLOR_RGB2RGBA))


def _draw(image: RgbImage, layer: Layer, progress: float, canvas: Canvas) -> None:
    """Warp the portrait into its window, only where the portrait has pixels."""
    height, width = picture(layer.portrait).shape[:2]
    scale, dx, dy = _mapping(layer, progress, canvas)
    hole = window(layer, canvas)
    x1, y1 = max(int(hole.x1), round(dx)), max(int(hole.y1), round(dy))
    x2 = min(int(hole.x2), round(dx + scale * width))
    y2 = min(int(hole.y2), round(dy + scale * height))
    if x2 <= x1 or y2 <= y1:
        return
    forward = np.array([[scale, 0.0, dx - x1], [0.0, scale, dy - y1]])
    if layer.mirror:
        forward[0] = (-scale, 0.0, dx - x1 + scale * (width - 1))
    patch = cv2.warpAffine(
        _four_channels(layer.portrait),
        forward,
        (x2 - x1, y2 - y1),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    cv2.cvtColor(patch, cv2.COLOR_RGBA2RGB, dst=image[y1:y2, x1:x2])
    if layer.is_away(progress):
        _turn_away(image[y1:y2, x1:x2], face_box(layer, progress, canvas), (x1, y1))


def _turn_away(image: RgbImage, face: Box, corner: tuple[int, int]) -> None:
    """Paint hair over a face, from above the forehead to below the chin and over the ears."""
    centre = ((face.x1 + face.x2) / 2 - corner[0], (face.y1 + face.y2) / 2 - corner[1])
    half = ((face.x2 - face.x1) * 0.72, (face.y2 - face.y1) * 0.66)
    for share, colour in ((1.0, (38, 30, 26)), (0.8, (48, 38, 32)), (0.45, (58, 47, 40))):
        cv2.ellipse(
            image,
            (round(centre[0]), round(centre[1])),
            (round(half[0] * share), round(half[1] * share)),
            0.0,
            0.0,
            360.0,
            colour,
            cv2.FILLED,
            cv2.LINE_AA,
        )


def _is_still(scene: Scene) -> bool:
    """Whether all frames of a scene are the same."""
    moving = scene.background.pattern is not Pattern.GRADIENT
    return not moving and all(layer.end is None and not layer.away for layer in scene.layers)


def shoot(scene: Scene, progress: float, canvas: Canvas) -> RgbImage:
    """One scene alone, without its noise.

    Args:
        scene: what to show.
        progress: 0 in its first frame, 1 in its last.
        canvas: size of the picture.

    Returns:
        (height, width, 3) uint8 RGB, read-only.
    """
    return _shoot(scene, 0.0 if _is_still(scene) else progress, canvas)


@lru_cache(maxsize=2)
def _shoot(scene: Scene, progress: float, canvas: Canvas) -> RgbImage:
    image = paint(scene.background, canvas.width, canvas.height, progress)
    for layer in scene.layers:
        _draw(image, layer, progress, canvas)
    if scene.blur > 0:
        image = _u8(cv2.GaussianBlur(image, (0, 0), scene.blur * canvas.side / 720.0))
    if scene.brightness != 1.0:
        image = _u8(cv2.convertScaleAbs(image, alpha=scene.brightness))
    image.setflags(write=False)
    return image


def mix(parts: Sequence[Part], canvas: Canvas) -> RgbImage:
    """The picture of a frame: its scene, or two scenes that dissolve; (H, W, 3) uint8 RGB."""
    shots = [shoot(part.scene, part.progress, canvas) for part in parts]
    if len(shots) == 1:
        return shots[0]
    first, second = (float(part.opacity) for part in parts)
    return _u8(cv2.addWeighted(shots[0], first, shots[1], second, 0.0))


def _u8(image: object) -> RgbImage:
    """OpenCV keeps the type of what it is given; its type hints do not say so."""
    return np.asarray(image, dtype=np.uint8)
