"""Says of a packet whether decoding can begin with it and lack nothing that is shown later."""

from __future__ import annotations

from collections.abc import Iterator

H264_IDR = 5
HEVC_IRAP = range(16, 22)
"""BLA, IDR and CRA pictures (ITU-T H.265, table 7-1): what follows them in order of presentation
refers to nothing before them."""


def is_entry(codec: str, header: bytes | None, packet: bytes) -> bool:
    """Whether an access unit is a point to enter at, however its container marked it.

    In H.264 only an IDR picture is: the key frames of open groups of pictures are not, as players
    that begin with one show damage or nothing.

    Args:
        codec: ``h264`` or ``hevc``.
        header: the stream's avcC or hvcC; without one, units have no lengths to go by.
        packet: the access unit.
    """
    if codec == "h264":
        size = _length_size(header, at=4, least=7)
        return any(packet[at] & 0x1F == H264_IDR for at in _units(packet, size))
    size = _length_size(header, at=21, least=23)
    return any((packet[at] >> 1) & 0x3F in HEVC_IRAP for at in _units(packet, size))


def _length_size(header: bytes | None, *, at: int, least: int) -> int:
    """Bytes of a unit's length; 0 where the header is not that of an MP4."""
    if header is None or len(header) < least or header[0] != 1:
        return 0
    return (header[at] & 3) + 1


def _units(packet: bytes, size: int) -> Iterator[int]:
    """Where the units' own bytes begin."""
    at = 0
    while size and at + size < len(packet):
        yield at + size
        at += size + int.from_bytes(packet[at : at + size], "big")
