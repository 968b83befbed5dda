"""The little of a film file that is read without its decoder: is it whole, is it encrypted?

MP4's boxes are those of ISO/IEC 14496-12, 4.2; encryption is announced as in ISO/IEC 23001-7.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

OUTER = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp", b"moof")
"""Kinds of box that an MP4 or QuickTime file begins with."""
ON_THE_WAY = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
"""Boxes that hold, in the end, the sample descriptions."""
ENCRYPTED_PICTURE = frozenset({b"encv", b"drmi"})
MOST_BOXES = 10_000
"""More than any sound file has on the way; a crafted one is not followed further."""


def is_boxed(head: bytes) -> bool:
    """Whether a file that begins with these bytes is made of boxes."""
    return head[4:8] in OUTER


def ends_inside_a_box(path: Path) -> bool:
    """Whether the file stops before its table of contents (``moov``) or inside a box."""
    size = path.stat().st_size
    with path.open("rb") as file:
        outer = [(kind, end) for kind, _, end in _boxes(file, 0, size)]
    return not any(kind == b"moov" for kind, _ in outer) or any(end > size for _, end in outer)


def missing_of_riff(path: Path) -> float:
    """The share, 0..1, of its stated length that an AVI file lacks at its end.

    Its demuxer shortens the stated duration to what is there, so that only this tells of a cut.
    """
    with path.open("rb") as file:
        head = file.read(8)
    stated = int.from_bytes(head[4:8], "little") + 8
    return max(0.0, 1 - path.stat().st_size / stated) if head[:4] == b"RIFF" else 0.0


def is_encrypted(path: Path) -> bool:
    """Whether a track of the file announces encrypted pictures."""
    with path.open("rb") as file:
        if not is_boxed(file.read(8)):
            return False
        todo, seen = [(0, path.stat().st_size)], 0
        while todo and seen < MOST_BOXES:
            start, end = todo.pop()
            for kind, inner, box_end in _boxes(file, start, end):
                seen += 1
                if kind in ON_THE_WAY:
                    todo.append((inner, min(box_end, end)))
                elif kind == b"stsd":
                    file.seek(inner + 12)  # version, flags, count of entries, size of the first
                    if file.read(4) in ENCRYPTED_PICTURE:
                        return True
    return False


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte of the content and end of each box between two places of a file.

    The last box's end is as it says, also where that is past ``end``.
    """
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        length, inner = int.from_bytes(head[:4], "big"), start + 8
        if length == 1:
            length, inner = int.from_bytes(head[8:16], "big"), start + 16
        elif length == 0:
            length = end - start
        if length < inner - start:
            return
        yield head[4:8], inner, start + length
        start += length
