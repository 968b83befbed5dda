"""Cards between the pieces of a supercut: which film comes, and from when on."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from personae.adapters.clips.picture import BT709, VIDEO_RANGE, Canvas
from personae.core.errors import UsageError

GROUND, INK, FAINT = (18, 18, 20), (240, 240, 238), (168, 168, 166)
TITLE, CLOCK, LEAST = 1 / 12, 1 / 16, 1 / 22
"""Heights of the two lines at most, and of any at least, by that of the picture."""
SMALLEST = 9
"""Pixels that letters have at least, however small the picture."""
MARGIN = 0.08


def card(canvas: Canvas, title: str, seconds: float) -> av.VideoFrame:
    """A frame (yuv420p, BT.709) with a film's name and a time in it."""
    image = Image.new("RGB", (canvas.width, canvas.height), GROUND)
    draw = ImageDraw.Draw(image)
    across = canvas.width * (1 - 2 * MARGIN)
    middle, rows = canvas.width / 2, canvas.height
    least, largest = (max(SMALLEST, round(rows * share)) for share in (LEAST, TITLE))
    name, letters = fitted(one_line(title), across, largest, least)
    draw.text((middle, rows * 0.42), name, fill=INK, font=letters, anchor="mm")
    size = min(max(least, round(rows * CLOCK)), int(letters.size))
    time, small = fitted(clock(seconds), across, size, SMALLEST)
    draw.text((middle, rows * 0.55), time, fill=FAINT, font=small, anchor="mm")
    frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    return frame.reformat(format="yuv420p", dst_colorspace=BT709, dst_color_range=VIDEO_RANGE)


def fitted(text: str, across: float, size: int, least: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """The text in letters of ``size`` pixels, or less down to ``least``; cut where that is not
    enough to stay within ``across`` pixels."""
    while size > least and font(size).getlength(text) > across:
        size -= 1
    letters = font(size)
    if letters.getlength(text) <= across:
        return text, letters
    kept = len(text)
    while kept and letters.getlength(text[:kept] + "…") > across:
        kept -= 1
    return text[:kept] + "…", letters


def one_line(text: str) -> str:
    """Text from outside without anything that is not a letter or sign on a line."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    shown = (char for char in spaced if not unicodedata.category(char).startswith("C"))
    return " ".join("".join(shown).split())


def clock(seconds: float) -> str:
    """``0:01:23.480``."""
    whole, thousandths = divmod(round(max(0.0, seconds) * 1000), 1000)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """A typeface with Latin, Greek and Cyrillic letters, which comes with the charts' library."""
    found = find_spec("matplotlib")
    if found is not None and found.origin is not None:
        path = Path(found.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"
        if path.is_file():
            return ImageFont.truetype(str(path), size)
    built_in = ImageFont.load_default(size)
    if not isinstance(built_in, ImageFont.FreeTypeFont):
        raise UsageError("This Pillow cannot draw text (it was built without FreeType)")
    return built_in
