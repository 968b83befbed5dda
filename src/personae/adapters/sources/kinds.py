"""What a file is, by its content: a photo or a film."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from personae.adapters.sources.photo import PhotoSource
from personae.adapters.sources.video import VideoSource
from personae.core.errors import SourceEmpty, SourceMissing

MediaKind: TypeAlias = Literal["film", "photo"]
PHOTO_NAMES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .bmp .webp .tif .tiff .avif .heic .heif .mpo .ppm"
    " .pgm .pnm .pbm".split()
)
FILM_NAMES = frozenset(
    ".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .m2ts .mts .vob .flv .wmv .asf .3gp .3g2 .ogv"
    " .gif .h264 .264 .h265 .265 .hevc .ivf .mxf .dv .mjpeg .mjpg .y4m".split()
)
HEAD = 4096


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How media files are opened.

    Attributes:
        threads: decoder threads of a film.
        skip_nonref: leave out a film's frames that no other frame needs.
        max_pixels: the largest photo that is opened.
    """

    threads: int = 1
    skip_nonref: bool = False
    max_pixels: int = 200_000_000


def looks_like_media(path: Path) -> bool:
    """Whether the name is one of a photo or film, without opening the file."""
    return path.suffix.lower() in PHOTO_NAMES | FILM_NAMES


def media_kind(path: Path) -> MediaKind:
    """Photo or film, by the first bytes; what is neither is left to the film reader to judge."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise SourceMissing(f"{path}: {error.strerror}") from error
    if not head:
        raise SourceEmpty(f"{path} is empty")
    return "photo" if is_photo(head) else "film"


def is_photo(head: bytes) -> bool:
    """Whether a file that starts with these bytes is a picture that Pillow should open."""
    if head[4:8] == b"ftyp":
        return any(brand in head[8:32] for brand in (b"avif", b"heic", b"heix", b"mif1", b"heif"))
    if head[:4] == b"RIFF":
        return head[8:12] == b"WEBP"
    return head.startswith(
        (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"II*\0", b"MM\0*", b"P4", b"P5", b"P6")
    )


def open_source(path: Path, options: SourceOptions) -> VideoSource | PhotoSource:
    """The source that reads ``path``.

    Raises:
        SourceError: it cannot be read.
    """
    if media_kind(path) == "photo":
        return PhotoSource(path, max_pixels=options.max_pixels)
    return VideoSource(path, threads=options.threads, skip_nonref=options.skip_nonref)
