"""One pass over a film file: decode, jump, and keep account of damage."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import av

from personae.adapters.sources.boxes import missing_of_riff
from personae.adapters.sources.clock import clock_for
from personae.adapters.sources.opening import VideoOptions, opened, picture_stream, prepare
from personae.core.errors import SourceNoPicture, SourceTruncated, SourceUnreadable

MOST_CONSECUTIVE = 200
"""Packets in a row that may fail before a file is given up."""
TOLERATED = 5
"""Damaged packets that a film may have and still count as read to its end."""
TOLERATED_SHARE = 0.01
"""The same as a share of all packets, for long films."""
EARLY_SHARE, EARLY_S = 0.05, 1.0
"""A film is cut off when more than both of these are missing from its stated duration."""
MATROSKA = "matroska,webm"
SEEKABLE = ("mov,mp4,m4a,3gp,3g2,mj2", MATROSKA, "mpegts")
"""Containers in which a jump lands where it should; all others are decoded from the beginning."""
WORTH_A_JUMP_S = 2
"""Nearer targets are decoded towards: a jump costs about as much."""
MARGINS_S = (0, 2, 10)
"""How far before the target to aim, until a key frame at or before the target is met."""
RESTART_S = 1
"""A decoding timestamp that falls back by more than this is a restarted clock."""


class Decoding:
    """A film being read once, from the beginning or from a jump on.

    Raises:
        SourceError: it cannot be opened or holds no frame.
    """

    def __init__(self, path: Path, options: VideoOptions) -> None:
        self.path = path
        self.damaged = 0
        self._packets = 0
        self._end: int | None = None
        self._lost_in_a_row = 0
        self.container = opened(path)
        try:
            self.stream = picture_stream(self.container, path)
            prepare(self.stream, options)
            self._frames = self._decoded()
            self.first = self._first_frame()
            self.clock = clock_for(self.container.format.name, self.stream, self.first)
            self._pending, self._pending_time = self.first, self.clock.tick(self.first) or 0
            self.stated = self._stated_duration()
        except BaseException:
            self.container.close()
            raise

    def timed(self) -> Iterator[tuple[av.VideoFrame, int]]:
        """Frames in order with their times in units of the clock's base."""
        yield self._pending, self._pending_time
        for frame in self._frames:
            time = self.clock.tick(frame)
            if time is not None:
                yield frame, time

    def jump(self, target: int) -> bool:
        """Moves to a key frame at or before ``target`` units of the clock's base.

        Only the first key frame that comes out of the decoder counts: frames before it in order
        of presentation (an open group of pictures) would lack what they refer to.

        Returns:
            False where that is impossible; the pass is then spoilt and a new one is needed.
        """
        for margin in MARGINS_S:
            aim = (self.clock.origin or 0) + target - int(margin / self.clock.base)
            self._frames.close()
            try:
                self.container.seek(aim, stream=self.stream)
            except av.error.FFmpegError:
                return False
            self._frames = self._decoded()
            frame = next((frame for frame in self._frames if frame.key_frame), None)
            if frame is None or frame.pts is None:
                continue
            self.clock.restart()
            time = self.clock.tick(frame)
            if time is not None and time <= target:
                self._pending, self._pending_time = frame, time
                return True
        return False

    def can_jump(self, target: int) -> bool:
        """Whether a jump to ``target`` would be exact, and worth it."""
        if self.clock.counted or target * self.clock.base < WORTH_A_JUMP_S:
            return False
        name = self.container.format.name
        return name in SEEKABLE and (name != "mpegts" or self._clock_is_steady(target))

    def verdict(self) -> None:
        """Call at the end.

        Raises:
            SourceUnreadable: more of the film is damaged than is tolerated.
            SourceTruncated: it ended early.
        """
        if self.damaged > max(TOLERATED, TOLERATED_SHARE * self._packets):
            raise SourceUnreadable(
                f"{self.path}: {self.damaged} of {self._packets} packets are damaged"
            )
        if self.container.format.name == "avi" and missing_of_riff(self.path) > EARLY_SHARE:
            raise SourceTruncated(f"{self.path} is shorter than it states")
        if self.clock.counted or not self.stated or self._end is None:
            return
        end = float((self._end - (self.clock.origin or 0)) * self.clock.base)
        if self._is_early(end) and not self._other_streams_go_on():
            raise SourceTruncated(
                f"{self.path} ends after {end:.1f} of the {self.stated:.1f} seconds it states"
            )

    def close(self) -> None:
        """Lets go of the file."""
        self._frames.close()
        self.container.close()

    def _first_frame(self) -> av.VideoFrame:
        frame = next(self._frames, None)
        if frame is not None:
            return frame
        if self.damaged:
            raise SourceUnreadable(f"{self.path}: not one frame could be decoded")
        raise SourceNoPicture(f"{self.path} has a video stream without frames")

    def _stated_duration(self) -> float | None:
        """Seconds from the first frame that the file says its picture lasts."""
        stream, base = self.stream, self.stream.time_base
        if base is None:
            return None
        if stream.duration:
            return float(stream.duration * base)
        if not self.container.duration:
            return None
        # Matroska's duration is the time at which the last frame ends, not how long it all lasts.
        zero = 0.0 if self.container.format.name == MATROSKA else _start_of(self.container)
        late = (self.clock.origin or 0) * float(base) - zero
        whole = self.container.duration / av.time_base
        return max(0.0, whole - late) or None

    def _is_early(self, end: float) -> bool:
        missing = (self.stated or 0.0) - end
        return missing > EARLY_S and missing > EARLY_SHARE * (self.stated or 0.0)

    def _other_streams_go_on(self) -> bool:
        """Whether it is only the picture that ends early; reads the file once more, no decoding."""
        if self.stream.duration:
            return False  # the stated duration is the picture's own
        last = 0.0
        with opened(self.path) as container:
            try:
                for packet in container.demux():
                    if packet.pts is not None and packet.time_base:
                        last = max(last, float(packet.pts * packet.time_base))
            except av.error.FFmpegError:
                return False
        return not self._is_early(last - (self.clock.origin or 0) * float(self.clock.base))

    def _clock_is_steady(self, target: int) -> bool:
        """Whether decoding timestamps never fall back before ``target``; reads, does not decode."""
        aim = (self.clock.origin or 0) + target
        last: int | None = None
        with opened(self.path) as container:
            stream = container.streams[self.stream.index]
            try:
                for packet in container.demux(stream):
                    if packet.dts is None:
                        continue
                    if last is not None and (last - packet.dts) * self.clock.base > RESTART_S:
                        return False
                    last = packet.dts
                    if last > aim:
                        return True
            except av.error.FFmpegError:
                return False
        return True

    def _decoded(self) -> Generator[av.VideoFrame, None, None]:
        for packet in self._demuxed():
            yield from self._frames_of(packet)

    def _demuxed(self) -> Iterator[av.Packet[av.VideoStream]]:
        for _ in range(MOST_CONSECUTIVE):
            try:
                for packet in self.container.demux(self.stream):
                    if packet.pts is not None:
                        ends = packet.pts + (packet.duration or 0)
                        self._end = ends if self._end is None else max(self._end, ends)
                    yield packet
                return
            except av.error.EOFError:
                return
            except av.error.FFmpegError as error:
                self._count(error)
        raise SourceUnreadable(f"{self.path}: reading fails again and again")

    def _frames_of(self, packet: av.Packet[av.VideoStream]) -> list[av.VideoFrame]:
        self._packets += packet.size > 0
        try:
            frames = list(packet.decode())
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError) as error:
            self._count(error)
            return []
        self._lost_in_a_row = 0
        self.damaged += packet.is_corrupt
        return frames

    def _count(self, error: Exception) -> None:
        self.damaged += 1
        self._lost_in_a_row += 1
        if self._lost_in_a_row > MOST_CONSECUTIVE:
            raise SourceUnreadable(
                f"{self.path}: {MOST_CONSECUTIVE} packets in a row are damaged"
            ) from error


def _start_of(container: av.container.InputContainer) -> float:
    return (container.start_time or 0) / av.time_base
