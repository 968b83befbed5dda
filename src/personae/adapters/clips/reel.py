"""Writes one picture after the other and one sound after the other into a film of even rate."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Self

import av
import numpy as np

from personae.adapters.clips.picture import BT709, VIDEO_RANGE, Canvas, ticks_a_second
from personae.adapters.clips.sound import Sound

FORMS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""Kinds of file a reel can be, by the end of their names."""
PICTURE = {"preset": "veryfast", "crf": "20", "bf": "0"}
SOUND_RATE = 48_000
SOUND_BITRATE = 192_000


@dataclass(frozen=True, slots=True)
class ReelShape:
    """What all of a reel has: the picture's size, and frames a second."""

    canvas: Canvas
    rate: Fraction


class Reel:
    """A film being written: H.264 at an even rate, AAC stereo at 48 kHz, never apart.

    Moments are exact and counted from the beginning; each is rounded to the frame by itself, so
    that nothing adds up, and sound ends with the frame.

    Args:
        path: the file, which exists and is overwritten.
        target: what it will be called; says which kind of file it is.
        shape: size and rate.

    Attributes:
        frames: how many were written.
    """

    def __init__(self, path: str, target: Path, shape: ReelShape) -> None:
        self.shape, self.frames = shape, 0
        self._heard = 0
        form = FORMS[target.suffix.lower()]
        ticks = str(ticks_a_second(1 / shape.rate))
        options = {"movflags": "+faststart", "video_track_timescale": ticks}
        self._out = av.open(
            f"file:{path}", "w", format=form, options={} if form == "matroska" else options
        )
        self._picture = self._out.add_stream("libx264", rate=shape.rate, options=PICTURE)
        self._picture.width, self._picture.height = shape.canvas.width, shape.canvas.height
        self._picture.pix_fmt = "yuv420p"
        context = self._picture.codec_context
        context.time_base = 1 / shape.rate
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.color_range = VIDEO_RANGE
        self._track = self._out.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        self._track.bit_rate = SOUND_BITRATE

    @property
    def seconds(self) -> Fraction:
        """How long it is by now."""
        return self.frames / self.shape.rate

    @property
    def samples(self) -> int:
        """How many samples belong to the frames written."""
        return round(self.seconds * SOUND_RATE)

    def show(self, frame: av.VideoFrame, until: Fraction) -> None:
        """Shows a frame of the reel's size from now to a moment; not at all if that is over."""
        due = floor(until * self.shape.rate + Fraction(1, 2))
        while self.frames < due:
            frame.pts, frame.time_base = self.frames, 1 / self.shape.rate
            self._out.mux(self._picture.encode(frame))
            self.frames += 1

    def hear(self, sound: Sound, since: int) -> None:
        """Lets sound that began ``since`` so many samples go on to the last frame's end."""
        for samples in sound.until(Fraction(self.samples - since, SOUND_RATE)):
            self._add(samples)

    def be_silent(self) -> None:
        """Silence to the last frame's end."""
        while self._heard < self.samples:
            count = min(SOUND_RATE, self.samples - self._heard)
            quiet = np.zeros((2, count), np.float32)
            self._add(av.AudioFrame.from_ndarray(quiet, format="fltp", layout="stereo"))

    def finish(self) -> None:
        """Writes what the encoders hold back, and the index."""
        self._out.mux(self._picture.encode())
        self._out.mux(self._track.encode())
        self._out.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        # After a failure the file is thrown away: that it cannot be ended well is no news.
        with suppress(av.error.FFmpegError, ValueError, OSError):
            self._out.close()

    def _add(self, samples: av.AudioFrame) -> None:
        samples.sample_rate, samples.pts = SOUND_RATE, self._heard
        samples.time_base = Fraction(1, SOUND_RATE)
        self._heard += samples.samples
        self._out.mux(self._track.encode(samples))
