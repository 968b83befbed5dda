"""Photos that XMP can be put into without touching the picture: JPEG and PNG."""

from __future__ import annotations

from typing import Protocol

from personae.adapters.photometa import jpeg, png
from personae.core.errors import MetadataUnwritable


class Container(Protocol):
    """What a format's module can do."""

    def packets(self, data: bytes, /) -> list[bytes]:
        """The packets in a file, the main one first."""
        ...

    def embedded(self, data: bytes, packet: bytes, /) -> bytes:
        """The file with this packet in place of its main one."""
        ...

    def bare(self, data: bytes, /) -> bytes:
        """The file without its main packet."""
        ...


CONTAINERS: dict[bytes, Container] = {b"\xff\xd8\xff": jpeg, png.MAGIC: png}
"""First bytes of a file to the module of its format."""


def container_of(data: bytes) -> Container | None:
    """The format's module by the first bytes, None where we cannot write into it."""
    return next((made for magic, made in CONTAINERS.items() if data.startswith(magic)), None)


def embed(data: bytes, packet: bytes, name: str) -> bytes:
    """The photo with this packet; without the packets, both are the same to the byte.

    Args:
        data: the photo's file.
        packet: serialised XMP.
        name: of the photo, for what is told.

    Raises:
        MetadataUnwritable: the format has no place that we know of, or the file none for it.
        MetadataUnreadable: the file is broken.
    """
    container = container_of(data)
    if container is None:
        raise MetadataUnwritable(f"{name}: regions can be embedded in JPEG and PNG only")
    made = container.embedded(data, packet)
    if container.bare(made) != container.bare(data):
        raise MetadataUnwritable(f"{name}: the picture would not stay as it is")
    return made


def same_picture(a: bytes, b: bytes) -> bool:
    """Whether two files are the same to the byte but for their main packets."""
    container = container_of(a)
    if container is None or container_of(b) is not container:
        return a == b
    return container.bare(a) == container.bare(b)
