"""Records a camera: holds its last seconds, and has a clip written when somebody asks for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path

import av

from personae.adapters.recordings.packets import Header, Kept, kept
from personae.adapters.recordings.ring import Ring
from personae.adapters.recordings.writer import Begin, ClipWriter, Describe, End, Tell

MARGIN_MS = 300
"""A packet comes a little before its picture."""
HINDSIGHT_S = 5.0
"""An event may be known only so long after it happened."""
LATE_S = 5.0
"""A look at a picture may come so long after the picture."""
UNWATCHED_MS = 15_000
"""A clip ends where nobody looked for so long after it should have ended."""
JUMP_S = 10.0
"""A camera's clock that goes so much faster or slower than ours has jumped."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is recorded.

    Attributes:
        pre_roll_s: seconds before an event.
        longest_s: a clip that is longer ends at the next key frame, and another goes on there.
        ring_bytes: of the last seconds, in memory.
        queue_bytes: that wait for the disk, in memory.
    """

    pre_roll_s: float = 5.0
    longest_s: float = 300.0
    ring_bytes: int = 64 << 20
    queue_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class _Running:
    """The clip that is being recorded.

    Attributes:
        began: when its first packet came; 0 until it is there.
        whole: nothing is missing since the last key frame.
        over: it ends with the last picture of those that came so far.
    """

    event: int
    until: int
    began: int = 0
    lost: int = 0
    whole: bool = True
    over: bool = False


class CameraRecorder:
    """Records one camera; fits the camera's tap.

    Args:
        folder: of the camera's clips.
        limits: how much.
        describe: says in the JSON beside a clip what it shows.
        tell: is told of every clip that is there and of every one that is lost.
    """

    def __init__(self, folder: Path, limits: Limits, describe: Describe, tell: Tell) -> None:
        self._limits = limits
        self._writer = ClipWriter(folder, describe, tell, limits.queue_bytes)
        self._ring = Ring(limits.pre_roll_s + HINDSIGHT_S + LATE_S, limits.ring_bytes)
        self._lock = threading.Lock()
        self._header: Header | None = None
        self._newest: Kept | None = None
        self._running: _Running | None = None
        self._highest = 0

    def packet(
        self, stream: av.VideoStream, packet: av.Packet[av.VideoStream], wall_ms: int
    ) -> None:
        """The camera's next packet, which came at this moment, milliseconds since 1970."""
        one = kept(packet, wall_ms)
        if one is None:
            return
        context = stream.codec_context
        with self._lock:
            header = self._header
            if header is not None and self._differs(one, header, (context.width, context.height)):
                self._break()
                header = None
            if header is None:
                if not one.key:
                    return
                header = self._header = Header.of(stream)
            self._newest = one
            self._ring.add(one)
            if self._running is not None:
                self._running = self._recorded(self._running, one, header)

    def broken(self) -> None:
        """The stream is over or begins anew: what is recorded ends."""
        with self._lock:
            self._break()

    def keep(self, event: int, until: int) -> None:
        """Records from before the event on until a moment; goes on if a clip is running."""
        with self._lock:
            if self._running is not None:
                until = max(until, self._running.until)
                self._running = replace(self._running, until=until, over=False)
                return
            self._running, self._highest = _Running(event, until), -(1 << 63)
            before = self._ring.since(event - round(1000 * self._limits.pre_roll_s) - MARGIN_MS)
            if before and self._header is not None:
                self._running = replace(self._running, began=before[0].at)
                self._highest = max(packet.pts for packet in before)
                # Who came before the stream began is not to be seen coming
                event = max(event, before[0].at)
                self._writer.begin(Begin(event, self._header, before, False))

    def looked(self, at: int) -> None:
        """A picture of this moment was looked at: the clip ends if its time is over by then."""
        with self._lock:
            if self._running is not None and at > self._running.until:
                self._running = replace(self._running, over=True)

    def close(self) -> None:
        """Ends what is recorded, and writes it."""
        self.broken()
        self._writer.close()

    def _recorded(self, running: _Running, one: Kept, header: Header) -> _Running | None:
        # Pictures may come in another order than they are shown in: none in between is left out
        over = running.over or one.at > running.until + UNWATCHED_MS
        if over and one.pts > self._highest:
            self._end()
            return None
        self._highest = max(self._highest, one.pts)
        if not running.began:
            event = max(running.event, one.at)
            self._writer.begin(Begin(event, header, (one,), False))
            return replace(running, began=one.at)
        if one.key and one.at - running.began >= 1000 * self._limits.longest_s:
            self._writer.end(End(running.lost))
            self._writer.begin(Begin(one.at, header, (one,), True))
            return _Running(one.at, running.until, one.at)
        # After a gap only a key frame can be decoded
        if (running.whole or one.key) and self._writer.add(one):
            return running if running.whole else replace(running, whole=True)
        return replace(running, lost=running.lost + 1, whole=False)

    def _differs(self, one: Kept, header: Header, size: tuple[int, int]) -> bool:
        """Whether the stream is another one now: its pictures' size changed or its clock jumped."""
        newest = self._newest
        if one.key and size != header.size:
            return True
        if newest is None or newest.dts is None or one.dts is None:
            return False
        passed = float((one.dts - newest.dts) * header.base)
        return passed < -1.0 or passed - (one.at - newest.at) / 1000 > JUMP_S

    def _break(self) -> None:
        self._end()
        self._ring.clear()
        self._header = self._newest = None

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None and running.began:
            self._writer.end(End(running.lost))
