"""What a photo's EXIF says: which way is up and when it was taken."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, tzinfo

from PIL import ExifTags, Image

BROKEN_EXIF = (SyntaxError, ValueError, TypeError, LookupError, OSError, EOFError, struct.error)
"""What Pillow raises on EXIF that is not: the picture itself may be sound."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, tag 274) to the turn that sets the picture upright."""


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its orientation tag says; itself where there is none."""
    try:
        turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except BROKEN_EXIF:
        return image
    return image if turn is None else image.transpose(turn)


def captured_at(image: Image.Image) -> int | None:
    """UTC milliseconds of DateTimeOriginal; without an offset its clock counts as UTC."""
    try:
        tags = image.getexif().get_ifd(ExifTags.IFD.Exif)
        text = _text(tags.get(ExifTags.Base.DateTimeOriginal))
        taken = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
        zone = _text(tags.get(ExifTags.Base.OffsetTimeOriginal)) or _text(
            tags.get(ExifTags.Base.OffsetTime)
        )
        fraction = _text(tags.get(ExifTags.Base.SubsecTimeOriginal))
    except BROKEN_EXIF:
        return None
    seconds = taken.replace(tzinfo=_zone(zone)).timestamp()
    return round(seconds) * 1000 + _milliseconds(fraction)


def _text(value: object) -> str:
    return value.strip("\0 ") if isinstance(value, str) else ""


def _zone(text: str) -> tzinfo | None:
    try:
        return datetime.strptime(text, "%z").tzinfo
    except ValueError:
        return UTC


def _milliseconds(digits: str) -> int:
    return int(digits[:3].ljust(3, "0")) if digits.isascii() and digits.isdigit() else 0
