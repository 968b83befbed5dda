"""Writes a camera's clips in a thread of its own; who hands it packets never waits."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import av

from personae.adapters.recordings.clip_file import ClipFile, clip_file
from personae.adapters.recordings.packets import Header, Kept
from personae.adapters.recordings.shelf import Place, place_for, put

log = logging.getLogger(__name__)

LARGEST_QUEUE = 64 << 20
"""Bytes that may wait for the disk."""
CLOSE_S = 20.0
"""How long what waits may take to be written at the end."""

Facts: TypeAlias = Mapping[str, object]
Describe: TypeAlias = Callable[[int, int], Facts]
"""What is known of the time from start to end, milliseconds since 1970."""
Tell: TypeAlias = Callable[[Literal["clip", "clip lost"], Facts], None]
FAILURES = (av.error.FFmpegError, OSError, ValueError, MemoryError)


@dataclass(frozen=True, slots=True)
class Begin:
    """A clip begins.

    Attributes:
        event: why it is made, milliseconds since 1970.
        packets: what is there already.
        continues: it goes on where the one before ended.
    """

    event: int
    header: Header
    packets: Sequence[Kept]
    continues: bool


@dataclass(frozen=True, slots=True)
class End:
    """The clip is over; ``lost`` packets found no room in the queue."""

    lost: int


@dataclass(slots=True)
class _Open:
    """The clip that is being written."""

    begun: Begin
    place: Place
    file: ClipFile
    start: int = 0
    end: int = 0
    packets: int = 0

    def add(self, packet: Kept) -> None:
        self.file.add(packet)
        self.start = self.start or packet.at
        self.end = packet.at
        self.packets += 1


class ClipWriter:
    """The thread with its queue.

    Args:
        folder: of the camera's clips.
        describe: says in the JSON beside a clip what it shows.
        tell: is told of every clip that is there and of every one that is lost.
        largest: bytes that may wait.
    """

    def __init__(
        self, folder: Path, describe: Describe, tell: Tell, largest: int = LARGEST_QUEUE
    ) -> None:
        self._folder = folder
        self._describe = describe
        self._tell = tell
        self._largest = largest
        self._waiting: deque[Begin | Kept | End | None] = deque()
        self._bytes = 0
        self._come = threading.Condition()
        self._open: _Open | None = None
        self._thread = threading.Thread(target=self._run, name="clips", daemon=True)
        self._thread.start()

    def begin(self, begun: Begin) -> None:
        """Begins a clip; what waits already is none of its business."""
        self._hand(begun)

    def add(self, packet: Kept) -> bool:
        """The clip's next packet; False where there is no room for it."""
        with self._come:
            if self._bytes + len(packet.data) > self._largest:
                return False
            self._bytes += len(packet.data)
            self._waiting.append(packet)
            self._come.notify()
        return True

    def end(self, ended: End) -> None:
        """Ends the clip."""
        self._hand(ended)

    def close(self) -> None:
        """Writes what waits, and ends."""
        self._hand(None)
        self._thread.join(CLOSE_S)

    def _hand(self, item: Begin | End | None) -> None:
        with self._come:
            self._waiting.append(item)
            self._come.notify()

    def _next(self) -> Begin | Kept | End | None:
        with self._come:
            while not self._waiting:
                self._come.wait()
            item = self._waiting.popleft()
            if isinstance(item, Kept):
                self._bytes -= len(item.data)
            return item

    def _run(self) -> None:
        while (item := self._next()) is not None:
            try:
                self._do(item)
            except FAILURES as error:
                self._lose(str(error))

    def _do(self, item: Begin | Kept | End) -> None:
        if isinstance(item, Begin):
            place = place_for(self._folder, item.event)
            self._open = _Open(item, place, clip_file(place.part, item.header))
            for packet in item.packets:
                self._open.add(packet)
        elif isinstance(item, Kept):
            # None after a failure: the rest of a lost clip is of no use
            if self._open is not None:
                self._open.add(item)
        elif self._open is not None:
            self._finish(self._open, item.lost)

    def _finish(self, clip: _Open, lost: int) -> None:
        if not clip.packets:
            self._lose("no picture came")
            return
        clip.file.finish()
        described = self._describe(clip.start, clip.end)
        facts: dict[str, object] = {
            **described,
            "start": clip.start,
            "end": clip.end,
            "came": clip.begun.event,
            "pre_roll_ms": clip.begun.event - clip.start,
            "continues": clip.begun.continues,
            "lost_packets": lost,
        }
        put(clip.place, facts)
        self._open = None
        self._tell("clip", {**facts, "file": str(clip.place.clip)})

    def _lose(self, reason: str) -> None:
        clip, self._open = self._open, None
        if clip is not None:
            clip.file.abandon()
            clip.place.abandon()
        log.warning("a clip in %s is lost: %s", self._folder.name, reason)
        self._tell("clip lost", {"reason": reason})
