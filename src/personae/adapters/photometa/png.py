"""XMP in PNG files: one iTXt chunk, every other byte left alone.

Adobe, XMP Specification Part 3 (2020), 1.1.5; PNG (ISO/IEC 15948), 11.3.4.5.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from personae.adapters.photometa.xmp import MOST_BYTES
from personae.core.errors import MetadataUnreadable

MAGIC = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"XML:com.adobe.xmp\0"


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    start: int
    end: int
    content: bytes

    def is_xmp(self) -> bool:
        return self.kind == b"iTXt" and self.content.startswith(KEYWORD)


def packets(data: bytes) -> list[bytes]:
    """The XMP packet of a file, if it has one.

    Raises:
        MetadataUnreadable: the file's chunks or the packet are broken.
    """
    return [_text(chunk.content) for chunk in _chunks(data) if chunk.is_xmp()][:1]


def embedded(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of the one it has, behind the header where it had none."""
    chunks = _chunks(data)
    old = next((c for c in chunks if c.is_xmp()), None)
    start, end = (chunks[0].end,) * 2 if old is None else (old.start, old.end)
    # Not compressed, no language, no translated keyword: as the XMP specification asks
    return data[:start] + _made(b"iTXt", KEYWORD + b"\0\0\0\0" + packet) + data[end:]


def bare(data: bytes) -> bytes:
    """The file without its packet: what embedding must leave as it is."""
    old = next((c for c in _chunks(data) if c.is_xmp()), None)
    return data if old is None else data[: old.start] + data[old.end :]


def _made(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


def _chunks(data: bytes) -> list[_Chunk]:
    if not data.startswith(MAGIC):
        raise MetadataUnreadable("no PNG")
    found: list[_Chunk] = []
    at = len(MAGIC)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if len(kind) < 4 or end > len(data) or (not found and kind != b"IHDR"):
            raise MetadataUnreadable(f"the PNG is broken at byte {at}")
        text = data[at + 8 : end - 4] if kind == b"iTXt" else b""
        found.append(_Chunk(kind, at, end, text))
        if kind == b"IEND":
            return found
        at = end
    raise MetadataUnreadable("the PNG has no end")


def _text(content: bytes) -> bytes:
    """The text of an iTXt chunk: after flag, method, language and translated keyword."""
    rest = content[len(KEYWORD) :]
    if len(rest) < 4:
        raise MetadataUnreadable("the PNG's XMP chunk is too short")
    packed, method = rest[0], rest[1]
    parts = rest[2:].split(b"\0", 2)
    if len(parts) < 3 or method != 0:
        raise MetadataUnreadable("the PNG's XMP chunk is broken")
    if not packed:
        return parts[2]
    opener = zlib.decompressobj()
    try:
        unpacked = opener.decompress(parts[2], MOST_BYTES + 1)
    except zlib.error as error:
        raise MetadataUnreadable(f"the PNG's XMP chunk is broken: {error}") from error
    if len(unpacked) > MOST_BYTES:
        raise MetadataUnreadable(f"the PNG's XMP has more than {MOST_BYTES} bytes")
    return unpacked
