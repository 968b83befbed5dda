"""Pictures for those who look at a library: frames of films, photos that any program shows."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import BoundedSemaphore

from PIL import Image

from personae.adapters.clips.playable import browser_type
from personae.adapters.clips.still import still
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.sources.local_file import checked
from personae.core.arrays import RgbImage
from personae.core.errors import SourceNoPicture, SourceTruncated
from personae.core.records import Media

QUALITY = 82
PHOTOS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n": "image/png",
    b"GIF8": "image/gif",
}
"""How photos begin that every browser shows."""
_DECODERS = BoundedSemaphore(2)
"""Frames that are fetched at once; each may hold some hundred megabytes."""


def picture_at(medium: Media, seconds: float, height: int, cache: Path) -> bytes:
    """JPEG of a frame, or of a photo; kept, for the next one who asks.

    Args:
        medium: a film or photo.
        seconds: in a film, from its first frame; past its end is its last frame.
        height: rows at most.
        cache: folder in which pictures are kept.

    Raises:
        SourceError: the file is gone or cannot be read.
    """
    at = 0 if medium.kind == "photo" else round(min(max(seconds, 0.0), medium.duration) * 1000)
    file = cache / f"{medium.sha256}-{at}-{height}.jpg"
    if file.is_file():
        return file.read_bytes()
    with _DECODERS:
        jpeg = _jpeg(_pixels(medium, at / 1000, height), height)
    _keep(file, jpeg)
    return jpeg


def viewed_as(medium: Media) -> str | None:
    """The media type under which a browser shows the file itself, None if it does not.

    Raises:
        SourceError: the file is gone or cannot be read.
    """
    path = Path(medium.path)
    if medium.kind != "photo":
        return browser_type(path)
    checked(path)
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in PHOTOS.items() if head.startswith(magic)), None)


def _pixels(medium: Media, seconds: float, height: int) -> RgbImage:
    path = Path(medium.path)
    if medium.kind != "photo":
        # Lengths are rounded, and the last frame may go before the sound does
        for earlier in (0.0, 0.05, 0.5, 2.0):
            try:
                return still(path, max(seconds - earlier, 0.0), height)
            except SourceTruncated:
                continue
        return still(path, 0.0, height)
    with open_source(path, SourceOptions()) as source:
        for frame in source.frames():
            return frame.picture.rgb()
    raise SourceNoPicture(f"{path} holds no picture")


def _jpeg(pixels: RgbImage, height: int) -> bytes:
    image = Image.fromarray(pixels)
    if image.height > height:
        width = max(1, round(image.width * height / image.height))
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    made = BytesIO()
    image.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _keep(file: Path, jpeg: bytes) -> None:
    """Whole or not at all, also when two make it at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        draft.write(jpeg)
    os.replace(draft.name, file)
