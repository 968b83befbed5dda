"""Makes small photos whose corners tell which way is up, for tests of photo readers."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

CORNERS = {(0, 0): (255, 0, 0), (0, -1): (0, 255, 0), (-1, 0): (0, 0, 255), (-1, -1): (255, 255, 0)}
"""Row and column of each corner and its colour: red, green / blue, yellow."""


def cornered(width: int = 48, height: int = 32) -> NDArray[np.uint8]:
    """(height, width, 3) RGB, grey with a coloured quarter-size corner each."""
    picture = np.full((height, width, 3), 128, np.uint8)
    down, across = height // 4, width // 4
    for (row, column), colour in CORNERS.items():
        rows = slice(0, down) if row == 0 else slice(height - down, height)
        columns = slice(0, across) if column == 0 else slice(width - across, width)
        picture[rows, columns] = colour
    return picture


def corners_of(rgb: NDArray[np.uint8]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """The corner colours rounded to 0, 128 or 255, in the form of `CORNERS`."""
    height, width = rgb.shape[:2]
    found = {}
    for row, column in CORNERS:
        at = rgb[3 if row == 0 else height - 4, 3 if column == 0 else width - 4]
        red, green, blue = (255 if v > 191 else 0 if v < 64 else 128 for v in at)
        found[row, column] = (red, green, blue)
    return found


def stored_for(orientation: int, upright: Image.Image) -> Image.Image:
    """The picture as a camera stores it that tags it with this EXIF orientation."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return upright.transpose(turns[orientation]) if orientation in turns else upright


def exif(orientation: int = 1, taken: str = "", zone: str = "") -> Image.Exif:
    """EXIF with an orientation and, where given, a time and its offset."""
    made = Image.Exif()
    made[ExifTags.Base.Orientation] = orientation
    tags = made.get_ifd(ExifTags.IFD.Exif)
    if taken:
        tags[ExifTags.Base.DateTimeOriginal] = taken
    if zone:
        tags[ExifTags.Base.OffsetTimeOriginal] = zone
    return made


def photo(path: Path, image: Image.Image, **options: object) -> Path:
    """Writes the picture in the format that the name says."""
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def png_of_size(path: Path, width: int, height: int) -> Path:
    """A PNG of a few bytes that claims any size and holds one line of pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(width + 1))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )
    return path


def png16_grey(path: Path, values: NDArray[np.uint16]) -> Path:
    """A 16-bit grey PNG of (H, W) values."""
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    path.write_bytes(buffer.getvalue())
    return path
