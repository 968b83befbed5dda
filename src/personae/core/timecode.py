"""SMPTE timecode: frame numbers as hh:mm:ss:ff and back, exactly, drop-frame included."""

from __future__ import annotations

import re
from fractions import Fraction

NTSC = 1001
"""Denominator of the rates that run a thousandth slow: 24000/1001, 30000/1001, 60000/1001."""
STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
)
"""Frames a second that editing programs know."""
_DAY_S = 24 * 60 * 60
_WRITTEN = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.])(\d{2,3})")


def counted(rate: Fraction) -> int:
    """How many frames a second of timecode has: the rate as a whole number, at least 1.

    Film at 23.976 frames a second counts 24, so its timecode runs slower than the clock.
    """
    return max(1, int(rate + Fraction(1, 2)))


def may_drop(rate: Fraction) -> bool:
    """Whether drop-frame timecode exists for a rate: for 29.97, 59.94 and their multiples."""
    return rate.denominator == NTSC and counted(rate) % 30 == 0


def to_timecode(frame: int, rate: Fraction, *, drop: bool = False) -> str:
    """The timecode of a frame; numbers are skipped, never frames. It wraps after 24 hours.

    Drop-frame leaves out the first two numbers (of 30; four of 60) of every minute but the tenth,
    as in SMPTE ST 12-1, so that it keeps up with the clock: after ten minutes 17,982 frames were
    shown and 18,000 numbers used. It is written with a semicolon before the frames.

    Args:
        frame: counted from 0.
        rate: frames a second.
        drop: drop-frame.

    Raises:
        ValueError: ``drop`` at a rate that has no drop-frame timecode, or a negative frame.
    """
    if frame < 0:
        raise ValueError(f"a frame is counted from 0: {frame}")
    per_second = counted(rate)
    number = frame % frames_a_day(rate, drop=drop)
    if drop:
        number += _left_out_before(number, per_second)
    seconds, frames = divmod(number, per_second)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    digits = len(str(per_second - 1)) if per_second > 100 else 2
    return f"{hour:02}:{minute:02}:{second:02}{';' if drop else ':'}{frames:0{digits}}"


def from_timecode(text: str, rate: Fraction) -> int:
    """The frame of a timecode; a semicolon (or dot) before the frames says drop-frame.

    Raises:
        ValueError: it is no timecode, not one of this rate, or one that drop-frame leaves out.
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"no timecode: {text!r}")
    hour, minute, second, frames = (int(match[group]) for group in (1, 2, 3, 5))
    per_second = counted(rate)
    if minute > 59 or second > 59 or frames >= per_second:
        raise ValueError(f"no timecode at {float(rate):g} frames a second: {text!r}")
    minutes = hour * 60 + minute
    number = (minutes * 60 + second) * per_second + frames
    if match[4] == ":":
        return number
    left_out = _left_out_a_minute(per_second, rate)
    if minute % 10 and second == 0 and frames < left_out:
        raise ValueError(f"drop-frame timecode leaves this number out: {text!r}")
    return number - left_out * (minutes - minutes // 10)


def is_drop(text: str) -> bool:
    """Whether a timecode is written as drop-frame."""
    return ";" in text or "." in text


def frames_a_day(rate: Fraction, *, drop: bool) -> int:
    """Frames after which timecode starts again at 00:00:00:00.

    Raises:
        ValueError: ``drop`` at a rate that has no drop-frame timecode.
    """
    per_second = counted(rate)
    if not drop:
        return _DAY_S * per_second
    minutes = _DAY_S // 60
    return _DAY_S * per_second - _left_out_a_minute(per_second, rate) * (minutes - minutes // 10)


def nearest_rate(stated: Fraction | float) -> Fraction:
    """The standard rate next to what a file states, or what it states where none is near.

    Containers keep 29.97 as 29.9697 or 29.97003; a thousandth is the distance from 29.97 to 30,
    so that what is nearer than a quarter of it is meant to be that rate.
    """
    exact = Fraction(stated).limit_denominator(100_000)
    best = min(STANDARD_RATES, key=lambda rate: abs(rate - exact))
    return best if abs(best - exact) * 4000 < best else exact


def _left_out_a_minute(per_second: int, rate: Fraction) -> int:
    if not may_drop(rate):
        raise ValueError(f"there is no drop-frame timecode at {float(rate):g} frames a second")
    return per_second // 15


def _left_out_before(frame: int, per_second: int) -> int:
    """How many numbers were left out before a frame."""
    left_out = per_second // 15
    tens, rest = divmod(frame, 600 * per_second - 9 * left_out)
    first = 60 * per_second
    minutes = 0 if rest < first else 1 + (rest - first) // (first - left_out)
    return left_out * (9 * tens + minutes)
