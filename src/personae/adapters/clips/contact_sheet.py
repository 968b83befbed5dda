"""A sheet of small pictures, each with where and when it is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

from PIL import Image, ImageDraw

from personae.adapters.clips.card import fitted, one_line
from personae.adapters.clips.placing import placed
from personae.core.arrays import RgbImage
from personae.core.errors import UsageError

TILE = (320, 200)
"""Pixels of a picture's place; larger ones are made smaller, whole."""
CAPTION, HEADER, GAP = 46, 64, 16
TITLE_SIZE, NAME_SIZE, TIME_SIZE, LEAST_SIZE = 26, 15, 14, 11
GROUND, PLACE, INK, FAINT = (255, 255, 255), (232, 232, 230), (24, 24, 24), (88, 88, 88)
MARK, MARK_EDGE = (255, 200, 0), (24, 24, 24)
"""The frame around a face: yellow within a dark one, to be seen on any picture."""
MOST_COLUMNS = 12
FORMS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
LARGEST_SIDE = 16_000
"""Pixels; JPEG and WebP have no more than 65,535 and 16,383."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of the sheet.

    Attributes:
        picture: the picture; None where it could not be had.
        name: where it is from.
        when: when, or what is wrong with it.
        box: whom it is about: x1 y1 x2 y2 as shares of width and height.
    """

    picture: RgbImage | None
    name: str
    when: str
    box: tuple[float, float, float, float] | None = None


def write_sheet(tiles: Sequence[Tile], title: str, target: Path, columns: int | None = None) -> int:
    """Writes the sheet; ``target`` is replaced when it is complete.

    Args:
        tiles: in reading order.
        title: what stands at the top.
        target: a JPEG, PNG or WebP, by its name.
        columns: tiles in a row; None makes the sheet about as wide as high.

    Returns:
        How many columns it has.

    Raises:
        UsageError: there is nothing to show, it would be too large, or it cannot be written.
    """
    form = FORMS.get(target.suffix.lower())
    if form is None:
        raise UsageError(f"{target.name} is no kind of picture", f"Use one of {', '.join(FORMS)}.")
    if target.is_dir() or not target.parent.is_dir():
        raise UsageError(f"{target} cannot be written", "Name a file in a folder that is there.")
    if not tiles:
        raise UsageError("There is nothing to show on a sheet.")
    columns = min(len(tiles), columns or min(MOST_COLUMNS, max(3, ceil(sqrt(len(tiles))))))
    sheet = _drawn(tiles, title, columns)
    try:
        with placed(target) as path, open(path, "wb") as file:
            sheet.save(file, format=form, quality=90)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error}") from error
    return columns


def _drawn(tiles: Sequence[Tile], title: str, columns: int) -> Image.Image:
    across, down = TILE[0] + GAP, TILE[1] + CAPTION + GAP
    size = (columns * across + GAP, HEADER + ceil(len(tiles) / columns) * down + GAP)
    if max(size) > LARGEST_SIDE:
        raise UsageError(f"The sheet would have {size[0]} x {size[1]} pixels", "Use --limit.")
    sheet = Image.new("RGB", size, GROUND)
    draw = ImageDraw.Draw(sheet)
    text, letters = fitted(one_line(title), size[0] - 2 * GAP, TITLE_SIZE, LEAST_SIZE)
    draw.text((GAP, HEADER / 2 + 4), text, fill=INK, font=letters, anchor="lm")
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        _put(sheet, tile, GAP + column * across, HEADER + row * down)
    return sheet


def _put(sheet: Image.Image, tile: Tile, left: int, top: int) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((left, top, left + TILE[0] - 1, top + TILE[1] - 1), fill=PLACE)
    if tile.picture is not None:
        picture = Image.fromarray(tile.picture)
        picture = picture.resize(_inside(picture.size), Image.Resampling.LANCZOS)
        if tile.box is not None:
            _mark(picture, tile.box)
        x, y = (TILE[0] - picture.width) // 2, (TILE[1] - picture.height) // 2
        sheet.paste(picture, (left + x, top + y))
    below = top + TILE[1]
    for text, size, ink, at in (
        (tile.name, NAME_SIZE, INK, below + 13),
        (tile.when, TIME_SIZE, FAINT, below + 33),
    ):
        shown, letters = fitted(one_line(text), TILE[0], size, LEAST_SIZE)
        draw.text((left, at), shown, fill=ink, font=letters, anchor="lm")


def _inside(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(TILE[0] / size[0], TILE[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _mark(picture: Image.Image, box: tuple[float, float, float, float]) -> None:
    draw = ImageDraw.Draw(picture)
    x1, x2 = (round(share * picture.width) for share in (box[0], box[2]))
    y1, y2 = (round(share * picture.height) for share in (box[1], box[3]))
    if x2 - x1 < 2 or y2 - y1 < 2:
        return
    draw.rectangle((x1 - 2, y1 - 2, x2 + 2, y2 + 2), outline=MARK_EDGE, width=4)
    draw.rectangle((x1 - 1, y1 - 1, x2 + 1, y2 + 1), outline=MARK, width=2)
