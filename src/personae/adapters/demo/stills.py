"""Photographs to index beside the film: other crops, mirrorings and exposures of the cast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from personae.adapters.demo.camera import Canvas, shoot
from personae.adapters.demo.cast import portrait
from personae.adapters.demo.scenes import Background, Framing, Layer, Place, Scene
from personae.core.arrays import RgbImage

_ORIENTATION = 0x0112
_TURN_CLOCKWISE = 6
"""EXIF: the reader must turn the stored picture a quarter clockwise."""


@dataclass(frozen=True, slots=True)
class Still:
    """A written photograph.

    Attributes:
        path: the JPEG file.
        people: who is in it, from left to right.
    """

    path: Path
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shot:
    name: str
    canvas: Canvas
    scene: Scene
    turned: bool = False


def _alone(layer: Layer, brightness: float = 1.0) -> Scene:
    return Scene(1, (layer,), Background(), brightness=brightness)


def _shots() -> tuple[_Shot, ...]:
    """Five photographs; everything a photo library does to a portrait, once."""
    pair = (
        Layer("biden", Framing(0.5, 0.36, 0.30), None, Place(0.0, 0.0, 0.5, 1.0)),
        Layer("obama", Framing(0.5, 0.36, 0.30), None, Place(0.5, 0.0, 1.0, 1.0)),
    )
    collins = Layer("collins", Framing(0.48, 0.3, 0.28), mirror=True)
    tall, wide = Canvas(640, 800), Canvas(1000, 720)
    return (
        _Shot("collins-mirrored", tall, _alone(collins)),
        _Shot("obama-podium", tall, _alone(Layer("obama2", Framing(0.58, 0.4, 0.42)), 0.8)),
        _Shot("two-people", wide, Scene(1, pair)),
        _Shot("biden-phone", tall, _alone(Layer("biden", Framing(0.55, 0.3, 0.32)), 1.15), True),
        _Shot("obama-hall", tall, _alone(Layer("obama3", Framing(0.5, 0.35, 0.3), mirror=True))),
    )


def _write(path: Path, pixels: RgbImage, turned: bool) -> None:
    image = Image.fromarray(pixels)
    exif = Image.Exif()
    if turned:
        image = image.transpose(Image.Transpose.ROTATE_90)  # Pillow turns anticlockwise
        exif[_ORIENTATION] = _TURN_CLOCKWISE
    image.save(path, quality=90, exif=exif)


def photos(folder: Path) -> tuple[Still, ...]:
    """Write five photographs as JPEG files.

    One shows two people side by side, one is stored lying on its side with EXIF orientation 6.

    Args:
        folder: where to write; made when missing.

    Returns:
        The files and who is in them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stills = []
    for shot in _shots():
        path = folder / f"{shot.name}.jpg"
        _write(path, shoot(shot.scene, 0.0, shot.canvas), shot.turned)
        names = tuple(portrait(layer.portrait).person for layer in shot.scene.layers)
        stills.append(Still(path, names))
    return tuple(stills)
