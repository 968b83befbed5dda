"""Photos: one upright RGB frame each, opened without trusting what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Self

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from personae.adapters.sources.pictures import ArrayPicture
from personae.core.arrays import RgbImage
from personae.core.errors import (
    SourceEmpty,
    SourceMissing,
    SourceTooLarge,
    SourceTruncated,
    SourceUnreadable,
    SourceUnsupported,
)
from personae.core.frame import Frame, FrameTime, SourceInfo

FORMATS = ["JPEG", "PNG", "BMP", "WEBP", "TIFF", "AVIF", "GIF", "MPO", "HEIF", "PPM"]
"""The only decoders ever run: exotic ones are old, fuzzed full of holes, or Ghostscript."""
BASE = Fraction(1, 1000)


class PhotoSource:
    """One picture as a film of one frame at time 0.

    Args:
        path: the file.
        max_pixels: larger pictures are refused before they are decoded.

    Raises:
        SourceError: the file is missing, empty, unreadable, too large or of an unknown kind.
    """

    def __init__(self, path: Path, *, max_pixels: int = 200_000_000) -> None:
        self._path = path
        rgb, self.captured_at = _loaded(path, max_pixels)
        self._frame = Frame(ArrayPicture(rgb), 0, FrameTime(0, BASE))
        self.info = SourceInfo(
            name=path.name,
            width=rgb.shape[1],
            height=rgb.shape[0],
            base=BASE,
            duration=0.0,
            fps=None,
            still=True,
            live=False,
        )

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """The one frame, wherever ``start`` is."""
        return iter((self._frame,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        return None


def _loaded(path: Path, max_pixels: int) -> tuple[RgbImage, int | None]:
    try:
        if path.stat().st_size == 0:
            raise SourceEmpty(f"{path} is empty")
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > max_pixels:
                raise SourceTooLarge(f"{path} is {image.width} x {image.height} pixels")
            image.load()
            taken = _captured_at(image)
            return np.asarray(_rgb(ImageOps.exif_transpose(image))), taken
    except FileNotFoundError as error:
        raise SourceMissing(f"{path} does not exist") from error
    except UnidentifiedImageError as error:
        raise SourceUnsupported(f"{path} is not a picture of a known kind") from error
    except (OSError, ValueError, SyntaxError) as error:
        if "truncated" in str(error):
            raise SourceTruncated(f"{path}: {error}") from error
        raise SourceUnreadable(f"{path}: {error}") from error


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _captured_at(image: Image.Image) -> int | None:
    exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
    text = exif.get(ExifTags.Base.DateTimeOriginal)
    if not isinstance(text, str):
        return None
    zone = exif.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        taken = datetime.strptime(text.strip("\0 "), "%Y:%m:%d %H:%M:%S")
        offset = datetime.strptime(zone, "%z").tzinfo if isinstance(zone, str) else UTC
    except ValueError:
        return None
    return int(taken.replace(tzinfo=offset).timestamp() * 1000)
