"""The frames of a film from any moment on, each with when it appears and when it goes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self, TypeVar

import av

from personae.adapters.clips.opening import opened, picture_stream
from personae.adapters.clips.timing import COUNTED_RATE, Timing
from personae.core.errors import SourceNoPicture, SourceUnreadable

OneStream = TypeVar("OneStream", av.VideoStream, av.AudioStream)

SEEKABLE = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts")
"""Containers in which a jump lands where it should; all others are decoded from the beginning."""
WORTH_A_JUMP_S = 2
"""Nearer targets are decoded towards: a jump costs about as much."""
MARGINS_S = (0, 2, 10)
"""How far before the target to aim, until a key frame at or before the target is met."""
RESTART_S = 1
"""A decoding timestamp that falls back by more than this is a restarted clock."""
MOST_CONSECUTIVE = 200
"""Packets in a row that may fail before a file is given up."""
PLAUSIBLE_RATE = (1, 240)
"""Frames a second; a stated rate outside is a damaged header."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame and the time for which it is on the screen, in seconds from the film's first."""

    frame: av.VideoFrame
    start: Fraction
    end: Fraction


class Film:
    """A film file being read once.

    Attributes:
        stream: its picture.
        first: its first frame.
        timing: how its frames are timed.
        rate: frames a second that it states, for encoders and tolerances; never for times.
        jumped: the last `shown` began with a jump, so that its clock is steady up to there.

    Raises:
        SourceError: it cannot be opened or holds no frame.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.jumped = False
        self._begin()

    @property
    def sound_origin(self) -> Fraction:
        """The container's time, in seconds, at which the first frame appears.

        Where only decoding timestamps are known, the first frame's own is late by as many frames
        as the decoder held back; the stream's start is not.
        """
        origin = self.timing.origin or 0
        if self.timing.by_decoding and self.stream.start_time is not None:
            origin = self.stream.start_time
        return origin * self.timing.base

    def shown(self, start: Fraction) -> Iterator[Shown]:
        """All frames from one at or before ``start`` seconds (or the first) on."""
        target = max(0, int(start / self.timing.base))
        if self._can_jump(target):
            self.jumped = self._jump(target)
            if not self.jumped:
                self.close()
                self._begin()
        return self._spans()

    def close(self) -> None:
        """Lets go of the file."""
        self._frames.close()
        self.container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _begin(self) -> None:
        self._lost_in_a_row = 0
        self.container = opened(self.path)
        try:
            self.stream = picture_stream(self.container, self.path)
            self._frames = self._decoded()
            first = next(self._frames, None)
            if first is None:
                raise SourceNoPicture(f"{self.path} has a video stream without frames")
            self.first = first
            self.timing = Timing.of(self.container.format.name, self.stream, first)
            self.rate = self._stated_rate()
            self._pending, self._pending_time = first, self.timing.tick(first) or 0
        except BaseException:
            self.container.close()
            raise

    def _stated_rate(self) -> Fraction:
        stated = self.stream.average_rate or self.stream.guessed_rate
        rate = 1 / self.timing.base if self.timing.counted else Fraction(stated or COUNTED_RATE)
        low, high = PLAUSIBLE_RATE
        return rate if low <= rate <= high else COUNTED_RATE

    def _spans(self) -> Iterator[Shown]:
        base, nominal = self.timing.base, 1 / self.rate
        frame, begins, step = self._pending, self._pending_time * base, nominal
        for following in self._frames:
            time = self.timing.tick(following)
            if time is None:
                continue
            step = time * base - begins
            yield Shown(frame, begins, begins + step)
            frame, begins = following, time * base
        lasts = (frame.duration or 0) * base if not self.timing.counted else base
        yield Shown(frame, begins, begins + (lasts or min(step, nominal)))

    def _can_jump(self, target: int) -> bool:
        if self.timing.counted or target * self.timing.base < WORTH_A_JUMP_S:
            return False
        name = self.container.format.name
        return name in SEEKABLE and (name != "mpegts" or self._clock_is_steady(target))

    def _jump(self, target: int) -> bool:
        """Moves to a key frame at or before ``target``; False spoils the pass.

        Only the first key frame that comes out of the decoder counts: frames before it in order
        of presentation (an open group of pictures) would lack what they refer to.
        """
        for margin in MARGINS_S:
            aim = (self.timing.origin or 0) + target - int(margin / self.timing.base)
            self._frames.close()
            try:
                self.container.seek(aim, stream=self.stream)
            except av.error.FFmpegError:
                return False
            self._frames = self._decoded()
            frame = next((frame for frame in self._frames if frame.key_frame), None)
            if frame is None or frame.pts is None:
                continue
            self.timing.restart()
            time = self.timing.tick(frame)
            if time is not None and time <= target:
                self._pending, self._pending_time = frame, time
                return True
        return False

    def _clock_is_steady(self, target: int) -> bool:
        """Whether decoding timestamps never fall back before ``target``; reads, does not decode."""
        aim = (self.timing.origin or 0) + target
        last: int | None = None
        with opened(self.path) as container:
            try:
                for packet in container.demux(container.streams[self.stream.index]):
                    if packet.dts is None:
                        continue
                    if last is not None and (last - packet.dts) * self.timing.base > RESTART_S:
                        return False
                    last = packet.dts
                    if last > aim:
                        return True
            except av.error.FFmpegError:
                return False
        return True

    def _decoded(self) -> Generator[av.VideoFrame, None, None]:
        for packet in packets_of(self.container, self.stream, self.path):
            try:
                frames = list(packet.decode())
            except av.error.EOFError:
                return
            except (av.error.FFmpegError, ValueError) as error:
                self._lost_in_a_row += 1
                if self._lost_in_a_row > MOST_CONSECUTIVE:
                    raise SourceUnreadable(f"{self.path}: too much of it is damaged") from error
                continue
            self._lost_in_a_row = 0
            yield from frames


def packets_of(
    container: av.container.InputContainer, stream: OneStream, path: Path
) -> Iterator[av.Packet[OneStream]]:
    """The stream's packets from where the container stands, over damaged places.

    Raises:
        SourceUnreadable: reading fails again and again.
    """
    for _ in range(MOST_CONSECUTIVE):
        try:
            yield from container.demux(stream)
            return
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            continue
    raise SourceUnreadable(f"{path}: reading fails again and again")
