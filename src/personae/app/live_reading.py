"""What a watch wrote into the library's folder, for whoever shows it: status, pictures, history."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from personae.app.line_reading import Follower, LineFiles, Place, Told, time_of
from personae.app.live_words import words_of
from personae.app.status_file import HISTORY, STATUS
from personae.app.watching import pictures_of
from personae.core.live import LiveStatus

STALE_MS = 30_000
"""A status older than this is that of a watch that was killed."""
NEVER = LiveStatus(0, 0, False, ())
"""Where no watch ever ran."""
LOOK_BACK = 400
"""Lines in which is looked for who it was that left."""
_STATUS = TypeAdapter(LiveStatus)

Stamp = tuple[int, int, int]
"""Another one for every content of a file."""


@dataclass(frozen=True, slots=True)
class LivePicture:
    """The newest picture of a camera.

    Attributes:
        stamp: tells it from all others of this camera.
        at: when it was written, milliseconds since 1970.
        jpeg: names and boxes are drawn on it.
    """

    stamp: Stamp
    at: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the history.

    Attributes:
        place: where it stands.
        told: all of it.
        words: as a sentence.
    """

    place: Place
    told: Told
    words: str


class LiveFiles:
    """Reads what a watch of a library writes; any thread may ask, nothing is ever half.

    Args:
        folder: of the library.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / STATUS
        self._pictures = pictures_of(folder)
        self._history = folder / HISTORY
        self._lines = LineFiles(self._history)
        self._read: tuple[Stamp | None, LiveStatus] = (None, NEVER)
        self._seen: dict[str, LivePicture] = {}

    def status(self, now: int | None = None) -> LiveStatus:
        """What is known; of a watch that runs no more, what was known last.

        Args:
            now: milliseconds since 1970.
        """
        known = self._known()
        at = time.time_ns() // 1_000_000 if now is None else now
        return replace(known, running=known.running and at - known.timestamp < STALE_MS)

    def cameras(self) -> tuple[str, ...]:
        """Names of the cameras of the watch that wrote last; there is no other way to a file."""
        return tuple(one.name for one in self._known().streams if Path(one.name).name == one.name)

    def picture(self, camera: str) -> LivePicture | None:
        """The newest picture of a camera; None if there is none or no such camera."""
        if camera not in self.cameras():
            return None
        path = self._pictures / f"{camera}.jpg"
        stamp, kept = stamp_of(path), self._seen.get(camera)
        if stamp is None or (kept is not None and kept.stamp == stamp):
            return kept if stamp else None
        try:
            made = LivePicture(stamp, stamp[0] // 1_000_000, path.read_bytes())
        except OSError:
            return None
        # However many look, each picture is read once
        self._seen[camera] = made
        return made

    def happened(self, limit: int, before: Place | None = None) -> list[Happened]:
        """What happened, newest first."""
        found = self._lines.newest_first(before)
        here = list(islice(found, limit))
        rest: Iterable[tuple[Place, Told]] = islice(found, LOOK_BACK)
        return list(_worded(here, rest))

    def worded(self, told: Told) -> Happened:
        """A line that has just been written, with its words."""
        came: Told | None = None
        if told.get("event") == "left":
            lines = islice(self._lines.newest_first(), LOOK_BACK)
            came = next((line for _, line in lines if _same(told, line)), None)
        return Happened(Place(time_of(told), 0, 0), told, words_of(told, came))

    def follow_history(self) -> Follower:
        """What will happen from now on."""
        return Follower(self._history)

    def _known(self) -> LiveStatus:
        stamp, kept = stamp_of(self._file), self._read
        if stamp == kept[0]:
            return kept[1]
        try:
            known = _STATUS.validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            known = NEVER
        self._read = (stamp, known)
        return known


def stamp_of(path: Path) -> Stamp | None:
    """Tells one content of a file from another; None while it is not there."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


def _worded(
    here: list[tuple[Place, Told]], older: Iterable[tuple[Place, Told]]
) -> Iterator[Happened]:
    """The lines with their words; who left stands in an earlier line."""
    rest = iter(older)
    behind: list[Told] = []
    for number, (place, told) in enumerate(here):
        came: Told | None = None
        if told.get("event") == "left":
            nearer = (line for _, line in here[number + 1 :])
            came = next((line for line in chain(nearer, behind) if _same(told, line)), None)
            while came is None and (further := next(rest, None)) is not None:
                behind.append(further[1])
                came = further[1] if _same(told, further[1]) else None
        yield Happened(place, told, words_of(told, came))


def _same(left: Told, line: Told) -> bool:
    same = left.get("camera") == line.get("camera") and left.get("track") == line.get("track")
    return same and line.get("event") == "person"
