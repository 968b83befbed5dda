"""What a file is, by its content: a photo or a film; and the source that reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from personae.adapters.sources.local_file import first_bytes
from personae.adapters.sources.opening import is_film
from personae.adapters.sources.photo import MAX_PIXELS, PhotoSource
from personae.adapters.sources.pillow_door import HEAD, is_animated, photo_format
from personae.adapters.sources.video import VideoSource
from personae.core.errors import SourceUnreadable, SourceUnsupported

MediaKind: TypeAlias = Literal["film", "photo"]

PHOTO_NAMES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .bmp .webp .tif .tiff .avif .heic .heif .mpo"
    " .ppm .pgm .pnm .pbm".split()
)
FILM_NAMES = frozenset(
    ".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .m2ts .mts .vob .flv .wmv .asf .3gp .3g2 .ogv"
    " .gif .h264 .264 .h265 .265 .hevc .ivf .mxf .dv .mjpeg .mjpg .y4m".split()
)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How media files are opened.

    Attributes:
        threads: decoder threads of a film.
        skip_nonref: leave out a film's frames that no other frame needs.
        quick: decode a film a tenth faster; edges of blocks show a little.
        max_pixels: the largest photo that is opened.
    """

    threads: int = 1
    skip_nonref: bool = False
    quick: bool = False
    max_pixels: int = MAX_PIXELS


def looks_like_media(path: Path) -> bool:
    """Whether the name is one of a photo or film; the file is not opened."""
    return path.suffix.lower() in PHOTO_NAMES or path.suffix.lower() in FILM_NAMES


def media_kind(path: Path) -> MediaKind:
    """Photo or film, by the first bytes alone; an animated GIF is a film.

    What is neither for sure is called a film: only its decoder can tell (sound, MPEG streams).

    Raises:
        SourceMissing: the file is not there or may not be read.
        SourceEmpty: it has no content.
        SourceUnsupported: it is no regular file.
    """
    name = photo_format(first_bytes(path, HEAD))
    if name == "GIF" and is_animated(path):
        return "film"
    return "film" if name is None else "photo"


def open_source(path: Path, options: SourceOptions) -> VideoSource | PhotoSource:
    """The source that reads ``path``, chosen by its content, never by its name.

    Raises:
        SourceError: it cannot be read; the class and code say why.
    """
    if media_kind(path) == "photo":
        return PhotoSource(path, max_pixels=options.max_pixels)
    try:
        return VideoSource(
            path, threads=options.threads, skip_nonref=options.skip_nonref, quick=options.quick
        )
    except SourceUnsupported as error:
        if looks_like_media(path) and not is_film(first_bytes(path, HEAD)):
            raise SourceUnreadable(f"{path} is not what its name says") from error
        raise
