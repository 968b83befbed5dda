"""Times of a film's frames, by the rules that hold everywhere: counted from the first frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import av

COUNTED_RATE = Fraction(25)
"""Frames a second of a stream that says nothing at all, as FFmpeg assumes it."""
JUMP_S = 1
"""A step back by more than this is a new clock (a splice), by less a duplicate."""


@dataclass(slots=True)
class Timing:
    """Gives each frame its time in units of ``base``; the same numbers as `VideoSource`.

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

    @classmethod
    def of(cls, container: str, stream: av.VideoStream, first: av.VideoFrame) -> Timing:
        """The rule that suits a stream of which ``first`` is the first frame."""
        if (first.pts is None and first.dts is None) or stream.time_base is None:
            rate = stream.codec_context.framerate or stream.average_rate or stream.guessed_rate
            return cls(1 / Fraction(rate or COUNTED_RATE), counted=True)
        by_decoding = container == "avi" and first.dts is not None
        return cls(stream.time_base, by_decoding=by_decoding)

    def tick(self, frame: av.VideoFrame) -> int | None:
        """The time of the next frame in order of presentation, None where it is to be dropped."""
        if self.counted:
            self._last += 1
            return self._last
        step = max(1, int(frame.duration or 0))
        stamp = frame.dts if self.by_decoding or frame.pts is None else frame.pts
        if self.origin is None:
            self.origin = stamp or 0
        time = self._last + step if stamp is None else stamp - self.origin + self._shift
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
