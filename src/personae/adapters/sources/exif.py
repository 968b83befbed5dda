"""What a photo's EXIF says: which way is up and when it was taken."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, tzinfo

from PIL import ExifTags, Image

from personae.adapters.sources.upright import Turn

BROKEN_EXIF = (SyntaxError, ValueError, TypeError, LookupError, OSError, EOFError, struct.error)
"""What Pillow raises on EXIF that is not: the picture itself may be sound."""
TURNS = {
    2: Turn(flip_x=True),
    3: Turn(flip_x=True, flip_y=True),
    4: Turn(flip_y=True),
    5: Turn(transpose=True),
    6: Turn(transpose=True, flip_x=True),
    7: Turn(transpose=True, flip_x=True, flip_y=True),
    8: Turn(transpose=True, flip_y=True),
}
"""EXIF orientation (CIPA DC-008, tag 274) to the turn that sets the picture upright."""


def turn_of(image: Image.Image) -> Turn:
    """The turn that sets the picture upright, as its orientation tag says."""
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1), Turn())
    except BROKEN_EXIF:
        return Turn()


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
