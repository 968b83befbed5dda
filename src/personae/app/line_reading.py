"""Files of JSON lines that others write: the newest first, and what is added to them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 16
MOST_NEWS = 1 << 20
"""Bytes that a follower reads at once."""
Told = dict[str, object]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a line lies; it stays the same when the file is numbered.

    Attributes:
        at: of the line, milliseconds since 1970.
        file: number of the file on its disk.
        offset: of the line's first byte.
    """

    at: int
    file: int
    offset: int


class LineFiles:
    """A file of lines and the older ones beside it, ``NAME.1``, ``NAME.2`` and so on.

    Args:
        path: of the file that is being written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def newest_first(self, before: Place | None = None) -> Iterator[tuple[Place, Told]]:
        """Each line with its place; lines that are no JSON objects are passed over.

        Args:
            before: only what lies behind this line, as it was given by an earlier reading.
        """
        seen: set[int] = set()
        skipping = before is not None and self._still_there(before.file)
        for stream in self._files():
            with stream:
                about = os.fstat(stream.fileno())
                # A file that was numbered in between comes by twice
                if about.st_ino in seen:
                    continue
                seen.add(about.st_ino)
                end = about.st_size
                if skipping and before is not None:
                    if about.st_ino != before.file:
                        continue
                    end, skipping = min(end, before.offset), False
                for offset, told in _backwards(stream, end):
                    place = Place(time_of(told), about.st_ino, offset)
                    if before is None or place.at <= before.at:
                        yield place, told

    def _still_there(self, file: int) -> bool:
        """Whether a file is still kept; where it is not, the time of its line has to do."""
        found = False
        for stream in self._files():
            with stream:
                found = found or os.fstat(stream.fileno()).st_ino == file
        return found

    def _files(self) -> Iterator[BinaryIO]:
        for number in count():
            path = self._path.with_name(f"{self._path.name}.{number}") if number else self._path
            try:
                yield path.open("rb")
            except FileNotFoundError:
                # Between two files the newest is not there for a moment
                if number:
                    return


class Follower:
    """What is added to a file from now on, also when it is numbered and begun anew, or shortened.

    Args:
        path: of the file that is being written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        about = _about(path)
        self._file = about.st_ino if about else 0
        self._offset = about.st_size if about else 0
        newest = next(LineFiles(path).newest_first(), None)
        self._latest = newest[0].at if newest else 0

    def news(self) -> list[Told]:
        """The lines that came since the last time, oldest first."""
        about = _about(self._path)
        if about is None or (about.st_ino == self._file and about.st_size <= self._offset):
            return []
        found: list[Told] = []
        if about.st_ino != self._file:
            older = self._path.with_name(f"{self._path.name}.1")
            before = _about(older)
            numbered = before is not None and before.st_ino == self._file
            found = self._read(older) if numbered else []
            self._offset = 0 if numbered or not self._file else self._unheard()
            self._file = about.st_ino
        found += self._read(self._path)
        self._latest = max((self._latest, *map(time_of, found)))
        return found

    def _unheard(self) -> int:
        """Where the new lines begin in a file that somebody wrote anew without its oldest."""
        try:
            stream = self._path.open("rb")
        except FileNotFoundError:
            return 0
        with stream:
            begin = os.fstat(stream.fileno()).st_size
            for offset, told in _backwards(stream, begin):
                if time_of(told) <= self._latest:
                    break
                begin = offset
        return begin

    def _read(self, path: Path) -> list[Told]:
        try:
            with path.open("rb") as stream:
                stream.seek(self._offset)
                data = stream.read(MOST_NEWS)
        except FileNotFoundError:
            return []
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [told for line in whole.splitlines() if (told := _parsed(line)) is not None]


def _backwards(stream: BinaryIO, end: int) -> Iterator[tuple[int, Told]]:
    rest = b""
    while end > 0:
        begin = max(end - BLOCK, 0)
        stream.seek(begin)
        lines = (stream.read(end - begin) + rest).split(b"\n")
        rest = lines[0]
        offset = begin + sum(len(line) + 1 for line in lines)
        for line in reversed(lines[1:]):
            offset -= len(line) + 1
            if (told := _parsed(line)) is not None:
                yield offset, told
        end = begin
    if (told := _parsed(rest)) is not None:
        yield 0, told


def _parsed(line: bytes) -> Told | None:
    try:
        found = json.loads(line) if line else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def time_of(told: Told) -> int:
    """When it happened, milliseconds since 1970; 0 where that is not said."""
    at = told.get("at")
    return at if isinstance(at, int) else 0


def _about(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
