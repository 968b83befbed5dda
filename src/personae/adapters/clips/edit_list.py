"""Says in a finished MP4 from when to when each track plays, to the tick (ISO/IEC 14496-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST_INDEX = 1 << 28
"""Bytes of a table of contents that are looked through: a clip's is far smaller."""


class NoEditList(Exception):
    """The file is not built as the muxer builds it."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def set_length(path: str, ticks: int) -> None:
    """Lets every track, and the whole film, end after ``ticks`` of the movie's time scale.

    Where a track begins to play is left as the muxer wrote it; one that ends before is left alone.

    Raises:
        NoEditList: a track has none, or it is empty.
        OSError: the file cannot be read or written.
    """
    with open(path, "r+b") as file:
        at, size = _index(file.read(1 << 16), Path(path).stat().st_size)
        file.seek(at)
        moov = bytearray(file.read(size))
        lengths = [_shorten(moov, box, ticks) for box in _inside(moov, 8, size, b"trak")]
        for box in _inside(moov, 8, size, b"mvhd"):
            _put(moov, box, (16, 24), max(lengths, default=0))
        file.seek(at)
        file.write(moov)


def _index(head: bytes, whole: int) -> tuple[int, int]:
    """Where the table of contents lies and how long it is; it stands in front."""
    at = 0
    while at + 8 <= len(head):
        size, kind = struct.unpack_from(">I4s", head, at)
        if kind == b"moov" and 8 < size <= min(LARGEST_INDEX, whole - at):
            return at, size
        if size < 8:
            break
        at += size
    raise NoEditList("the table of contents does not stand in front")


def _boxes(data: bytearray, start: int, end: int) -> Iterator[_Box]:
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            return
        yield _Box(kind, start + 8, start + size)
        start += size


def _inside(data: bytearray, start: int, end: int, kind: bytes) -> list[_Box]:
    return [box for box in _boxes(data, start, end) if box.kind == kind]


def _shorten(data: bytearray, track: _Box, ticks: int) -> int:
    """Sets one track's end; returns how long it is now."""
    lists = [
        entry
        for nest in _inside(data, track.start, track.end, b"edts")
        for entry in _inside(data, nest.start, nest.end, b"elst")
    ]
    if len(lists) != 1:
        raise NoEditList(f"a track has {len(lists)} edit lists")
    before, last = _entries(data, lists[0])
    form = ">Q" if data[lists[0].start] else ">I"
    written: int = struct.unpack_from(form, data, last)[0]
    length = min(ticks, before + written)
    struct.pack_into(form, data, last, max(0, length - before))
    for box in _inside(data, track.start, track.end, b"tkhd"):
        _put(data, box, (20, 28), length)
    return length


def _entries(data: bytearray, box: _Box) -> tuple[int, int]:
    """How long the entries before the last are together, and where the last one lies."""
    count = struct.unpack_from(">I", data, box.start + 4)[0]
    form, step = (">Q", 20) if data[box.start] else (">I", 12)
    if not 1 <= count <= 2 or box.start + 8 + count * step > box.end:
        raise NoEditList(f"an edit list has {count} entries")
    places = [box.start + 8 + number * step for number in range(count)]
    return sum(struct.unpack_from(form, data, place)[0] for place in places[:-1]), places[-1]


def _put(data: bytearray, box: _Box, places: tuple[int, int], value: int) -> None:
    """Writes a duration, which lies at one of two places, by the box's version."""
    long = bool(data[box.start])
    struct.pack_into(">Q" if long else ">I", data, box.start + places[long], value)
