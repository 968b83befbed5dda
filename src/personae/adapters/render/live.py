"""A camera's picture with boxes and names drawn on it, as JPEG or pixels."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from personae.core.arrays import RgbImage
from personae.core.live import LivePerson, LiveType

COLOURS: dict[LiveType, tuple[int, int, int]] = {
    "known": (0, 158, 115),
    "unknown": (230, 159, 0),
    "undecided": (140, 140, 140),
    "spoof": (213, 94, 0),
}
"""Okabe and Ito's colours, which colour-blind people can tell apart."""
WORDS = {"undecided": "…", "spoof": "spoof?", "unknown": "unknown"}
QUALITY = 80


def live_picture(rgb: RgbImage, persons: Sequence[LivePerson], width: int = 640) -> bytes:
    """JPEG of a camera's picture, at most ``width`` wide.

    Args:
        rgb: (H, W, 3) uint8 RGB.
        persons: their boxes are in pixels of this picture.
        width: largest width of the JPEG.
    """
    out = io.BytesIO()
    _marked(rgb, persons, width, rgb.shape[0]).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def live_pixels(rgb: RgbImage, persons: Sequence[LivePerson], width: int, height: int) -> RgbImage:
    """The same as pixels, (h, w, 3) uint8 RGB, at most ``width`` x ``height``, never enlarged."""
    return np.asarray(_marked(rgb, persons, width, height), dtype=np.uint8)


def _marked(rgb: RgbImage, persons: Sequence[LivePerson], width: int, height: int) -> Image.Image:
    image = Image.fromarray(rgb)
    scale = min(1.0, width / image.width, height / image.height)
    if scale < 1.0:
        image = image.resize((round(image.width * scale), round(image.height * scale)))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(13, image.height // 28))
    for person in persons:
        _mark(draw, font, person, scale)
    return image


def _mark(
    draw: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    person: LivePerson,
    scale: float,
) -> None:
    colour = COLOURS[person.type]
    x1, y1, x2, y2 = (round(v * scale) for v in person.box)
    draw.rectangle((x1, y1, max(x2, x1 + 1), max(y2, y1 + 1)), outline=colour, width=2)
    words = person.name or WORDS.get(person.type, "")
    if person.type == "spoof":
        words = f"{words} spoof?" if person.name else "spoof?"
    if person.confidence and person.type != "undecided":
        # No comparison of faces is ever certain
        words += f" {min(99, int(100 * person.confidence))} %"
    left, top, right, bottom = draw.textbbox((0, 0), words, font=font)
    height = bottom - top + 6
    above = y1 - height if y1 >= height else y1
    draw.rectangle((x1, above, x1 + right - left + 8, above + height), fill=colour)
    draw.text((x1 + 4 - left, above + 3 - top), words, fill=(255, 255, 255), font=font)
