"""Times of a film's frames: exact, from the first frame on, never backwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import av

COUNTED_RATE = Fraction(25)
"""Frames a second of a stream that says nothing at all, as FFmpeg assumes it."""
JUMP_S = 1
"""A step back by more than this is a new clock (a splice), by less a duplicate."""


@dataclass(slots=True)
class Clock:
    """Gives each frame its time in units of ``base``.

    The rule: a frame is shown at its presentation timestamp less the first frame's; where it has
    none, at its decoding timestamp, or else one step after the frame before. A frame that would
    be shown no later than the one before it is dropped (nobody would see it), unless it steps
    back by more than a second: then the stream's clock was restarted, and this frame and all
    after it are shifted so that it follows the one before by one step.

    Attributes:
        base: length of one unit in seconds.
        counted: the stream has no timestamps; frames are counted, one unit each.
        by_decoding: only decoding timestamps can be trusted (AVI stores no others).
        origin: timestamp of the first frame, None until it was seen.
    """

    base: Fraction
    counted: bool = False
    by_decoding: bool = False
    origin: int | None = None
    _last: int = field(default=-1, init=False)
    _shift: int = field(default=0, init=False)

    def tick(self, frame: av.VideoFrame) -> int | None:
        """The time of the next frame in order of presentation, None where it is to be dropped."""
        if self.counted:
            self._last += 1
            return self._last
        step = max(1, int(getattr(frame, "duration", 0) or 0))
        stamp = self._stamp(frame)
        if self.origin is None:
            self.origin = stamp or 0
        if stamp is None:
            time = self._last + step
        else:
            time = stamp - self.origin + self._shift
        if time <= self._last:
            if (self._last - time) * self.base <= JUMP_S:
                return None
            self._shift += self._last + step - time
            time = self._last + step
        self._last = time
        return time

    def restart(self) -> None:
        """Forgets the last frame, before one that was jumped to."""
        self._last, self._shift = -1, 0

    def _stamp(self, frame: av.VideoFrame) -> int | None:
        if self.by_decoding:
            return frame.dts
        return frame.dts if frame.pts is None else frame.pts


def clock_for(container: str, stream: av.VideoStream, first: av.VideoFrame) -> Clock:
    """The clock that suits a stream of which ``first`` is the first frame."""
    if (first.pts is None and first.dts is None) or stream.time_base is None:
        rate = stream.codec_context.framerate or stream.average_rate or stream.guessed_rate
        return Clock(1 / Fraction(rate or COUNTED_RATE), counted=True)
    return Clock(stream.time_base, by_decoding=container == "avi" and first.dts is not None)
