"""XMP in JPEG files: APP1 segments, every other byte left alone.

Adobe, XMP Specification Part 3 (2020), 1.1.3: the packet follows the header in one APP1 segment;
what does not fit lies in further ones, the extended XMP, chosen by a digest.
"""

from __future__ import annotations

from dataclasses import dataclass

from personae.adapters.photometa.xmp import MOST_BYTES
from personae.core.errors import MetadataUnreadable, MetadataUnwritable

SOI, SOS, EOI, APP0, APP1, APP2 = 0xD8, 0xDA, 0xD9, 0xE0, 0xE1, 0xE2
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""
HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
SEVERAL_PICTURES = b"MPF\0"
"""A table of where further pictures lie, counted from where it stands itself (CIPA DC-007)."""
ROOM = 65535 - 2 - len(HEADER)
"""Bytes of XMP that one segment holds."""


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    start: int
    end: int
    content: bytes

    def is_main(self) -> bool:
        return self.marker == APP1 and self.content.startswith(HEADER)


def packets(data: bytes) -> list[bytes]:
    """The XMP packets of a file: the main one and, where there is one, the extended.

    Raises:
        MetadataUnreadable: the file is broken before its picture begins.
    """
    segments = _segments(data)
    main = [s.content[len(HEADER) :] for s in segments if s.is_main()][:1]
    extended = _extended(segments, main[0]) if main else None
    return main if extended is None else [*main, extended]


def embedded(data: bytes, packet: bytes) -> bytes:
    """The file with this packet in place of the one it has.

    Raises:
        MetadataUnwritable: the packet is too large for a segment, or the file keeps further
            pictures at places that would move.
    """
    if len(packet) > ROOM:
        raise MetadataUnwritable(f"{len(packet)} bytes of XMP; one JPEG segment holds {ROOM}")
    segments = _segments(data)
    old = next((s for s in segments if s.is_main()), None)
    start, end = (_place(segments),) * 2 if old is None else (old.start, old.end)
    content = HEADER + packet
    made = bytes((0xFF, APP1)) + (len(content) + 2).to_bytes(2, "big") + content
    table = next((s for s in segments if s.content.startswith(SEVERAL_PICTURES)), None)
    if table is not None and table.start < start and len(made) != end - start:
        raise MetadataUnwritable("the file holds several pictures, and the second would move")
    return data[:start] + made + data[end:]


def bare(data: bytes) -> bytes:
    """The file without its main packet: what embedding must leave as it is."""
    old = next((s for s in _segments(data) if s.is_main()), None)
    return data if old is None else data[: old.start] + data[old.end :]


def _segments(data: bytes) -> list[_Segment]:
    """All segments before the picture's data."""
    if data[:2] != bytes((0xFF, SOI)):
        raise MetadataUnreadable("no JPEG")
    found: list[_Segment] = []
    at = 2
    while True:
        start = at
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if len(data) < at + 4 or data[at] != 0xFF:
            raise MetadataUnreadable(f"the JPEG is broken at byte {at}")
        marker = data[at + 1]
        if marker in (SOS, EOI):
            return found
        length = 0 if marker in ALONE else int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if (length < 2 and marker not in ALONE) or end > len(data):
            raise MetadataUnreadable(f"the JPEG is broken at byte {at}")
        found.append(_Segment(marker, start, end, data[at + 4 : end]))
        at = end


def _place(segments: list[_Segment]) -> int:
    """Behind JFIF and EXIF, before everything else."""
    at = 2
    for segment in segments:
        if segment.marker not in (APP0, APP1):
            break
        at = segment.end
    return at


def _extended(segments: list[_Segment], main: bytes) -> bytes | None:
    """The extended packet that the main one names, None where it is not there or not whole."""
    parts: dict[bytes, dict[int, bytes]] = {}
    lengths: dict[bytes, int] = {}
    for segment in segments:
        if segment.marker != APP1 or not segment.content.startswith(EXTENSION):
            continue
        at = len(EXTENSION)
        digest = segment.content[at : at + 32]
        lengths[digest] = int.from_bytes(segment.content[at + 32 : at + 36], "big")
        offset = int.from_bytes(segment.content[at + 36 : at + 40], "big")
        parts.setdefault(digest, {})[offset] = segment.content[at + 40 :]
    named = next((d for d in parts if len(d) == 32 and d in main), None)
    if named is None or lengths[named] > MOST_BYTES:
        return None
    whole = bytearray()
    for offset, part in sorted(parts[named].items()):
        if offset != len(whole):
            return None
        whole += part
    return bytes(whole) if len(whole) == lengths[named] else None
