"""What has to be known of a photo's file before its face regions mean anything."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags

from personae.adapters.photometa.containers import container_of
from personae.adapters.photometa.mwg import Size
from personae.adapters.photometa.sidecar import content_of
from personae.adapters.sources.exif import BROKEN_EXIF
from personae.adapters.sources.pillow_door import DECODING_FAILURES, damage, opened
from personae.core.errors import MetadataUnreadable
from personae.core.orientation import size_of_other
from personae.core.records import Media


@dataclass(frozen=True, slots=True)
class Facts:
    """One photo.

    Attributes:
        data: the file.
        orientation: EXIF orientation, 1..8.
        size: of the picture as it is stored.
        packets: its XMP, the main packet first; as the file has it.
    """

    data: bytes
    orientation: int
    size: Size
    packets: tuple[bytes, ...]


def facts_of(path: Path, media: Media) -> Facts:
    """Reads a photo that is in the library.

    A picture that is stored upright by its own format (HEIF) counts as it is shown.

    Raises:
        SourceError: it is gone or broken.
        MetadataUnreadable: it has another size than when it was indexed.
    """
    data = content_of(path)
    with warnings.catch_warnings():
        # Pillow warns of broken EXIF, which then counts as none
        warnings.simplefilter("ignore")
        try:
            with opened(path) as image:
                if sorted(image.size) != sorted((media.width, media.height)):
                    raise MetadataUnreadable(
                        f"{path}: {image.width} x {image.height} pixels; it was indexed with "
                        f"{media.width} x {media.height}",
                        "Index it again.",
                    )
                try:
                    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
                except BROKEN_EXIF:
                    orientation = 1
                packet = image.info.get("xmp")
        except DECODING_FAILURES as error:
            raise damage(path, error) from error
    container = container_of(data)
    if container is not None:
        packets = container.packets(data)
    else:
        packets = [packet] if isinstance(packet, bytes) else []
    known = orientation if orientation in range(1, 9) else 1
    width, height = size_of_other(media.width, media.height, known)
    return Facts(data, known, Size(width, height), tuple(packets))
