"""The one door to Pillow: a short list of decoders, chosen by content, no limits but ours."""

from __future__ import annotations

import importlib
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageFile

from personae.adapters.sources.local_file import first_bytes
from personae.core.errors import (
    SourceError,
    SourceMissing,
    SourceTruncated,
    SourceUnreadable,
    SourceUnsupported,
)

FORMATS = ("JPEG", "PNG", "BMP", "WEBP", "TIFF", "AVIF", "GIF", "HEIF", "PPM")
"""The only decoders ever run (MPO opens as its first JPEG).

All others are refused: exotic formats are old, their decoders full of holes, and EPS would start
Ghostscript.
"""
SYNTAX_FAILURES = (SyntaxError, LookupError, TypeError, struct.error, EOFError)
"""What Pillow's readers raise on a header that is not theirs or is broken."""
DECODING_FAILURES = (
    *SYNTAX_FAILURES,
    OSError,
    ValueError,
    ArithmeticError,
    RuntimeError,
    AttributeError,
    AssertionError,
    zlib.error,
)
"""What they raise on damaged content."""
SIGNS_OF_A_CUT = ("truncated", "unexpected end of file", "premature", "not enough data")
"""Words in the messages of those that tell of a file that ends too soon."""
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
PPM_MAGICS = tuple(b"P%d%c" % (kind, space) for kind in range(1, 7) for space in b" \t\n\r")
MAGICS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"BM": "BMP",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
}
HEAD = 64
"""Bytes that decide."""


def photo_format(head: bytes) -> str | None:
    """Pillow's name of the format that starts with these bytes, None when it is no photo."""
    if head[4:8] == b"ftyp":
        end = min(len(head), max(16, int.from_bytes(head[:4], "big")))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
        if brands & AVIF_BRANDS:
            return "AVIF"
        return "HEIF" if head[8:12] in HEIF_BRANDS else None
    if head[:4] == b"RIFF":
        return "WEBP" if head[8:12] == b"WEBP" else None
    if head.startswith(PPM_MAGICS):
        return "PPM"
    return next((name for magic, name in MAGICS.items() if head.startswith(magic)), None)


def opened(path: Path) -> Image.Image:
    """The picture with its header read and nothing decoded.

    Goes past ``Image.open``, whose own limit on pixels is a setting of the whole process and
    lower than ours; the caller must check the size.

    Raises:
        SourceMissing: it may not be read.
        SourceUnreadable: its header is broken.
        SourceUnsupported: it is no photo, or needs a decoder that is not installed.
    """
    name = photo_format(first_bytes(path, HEAD))
    if name is None:
        raise SourceUnsupported(f"{path} is not a picture of a kind that can be read")
    reader = _reader(name, path)
    try:
        return reader(path, str(path))
    except PermissionError as error:
        raise SourceMissing(f"{path}: {error.strerror}") from error
    except DECODING_FAILURES as error:
        raise damage(path, error) from error


def damage(path: Path, error: Exception) -> SourceError:
    """What a failure of Pillow means: the file is cut off, or broken otherwise."""
    said = str(error)
    cut = any(sign in said.lower() for sign in SIGNS_OF_A_CUT)
    return (SourceTruncated if cut else SourceUnreadable)(f"{path}: {said}")


def is_animated(path: Path) -> bool:
    """Whether a picture has a second frame; False where that cannot be told."""
    try:
        with opened(path) as image:
            return bool(getattr(image, "is_animated", False))
    except (SourceUnreadable, SourceTruncated, *DECODING_FAILURES):
        return False


def _reader(name: str, path: Path) -> type[ImageFile.ImageFile]:
    if name == "HEIF":
        _enable_heif(path)
    Image.init()
    if name not in Image.OPEN:
        raise SourceUnsupported(f"{path}: this Pillow was built without {name}")
    return Image.OPEN[name][0]  # type: ignore[return-value]


def _enable_heif(path: Path) -> None:
    try:
        heif = importlib.import_module("pillow_heif")
    except ImportError as error:
        raise SourceUnsupported(
            f"{path} is a HEIC picture", "Install the reader: pip install 'personae[heif]'"
        ) from error
    heif.register_heif_opener()
