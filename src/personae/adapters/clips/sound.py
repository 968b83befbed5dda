"""The sound of a film between two moments, sample by sample beside the picture."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Self

import av
import numpy as np

from personae.adapters.clips.film import Film, packets_of
from personae.adapters.clips.opening import opened, sound_stream
from personae.core.arrays import Numbers

RATES = (48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
"""Samples a second that are kept as they are (AAC); all others become 48000."""
SLACK_S = Fraction(1, 50)
"""Timestamps that miss the sample count by less are rounded ones, not gaps."""
APPROACH_S = 1
"""How far before the clip sound is decoded, so that the decoder has settled."""
JUMP_S = 1
"""A step back by more than this is a new clock (a splice)."""


class Sound:
    """A film's default sound, mono or stereo, cut to start with a clip.

    Gaps are silent and overlaps are dropped, so that it never drifts from the picture.

    Args:
        film: the film, of which the clip's first frame was read already.
        start: seconds from the film's first frame at which the clip starts.
        stereo_rate: give stereo with so many samples a second, whatever the film has, and
            silence where it has nothing; 0 leaves the sound as it is.

    Attributes:
        rate: samples a second; 0 where the film has no sound.
        layout: mono or stereo.
    """

    def __init__(self, film: Film, start: Fraction, stereo_rate: int = 0) -> None:
        self.rate, self.layout = stereo_rate, "stereo"
        self._path = film.path
        self._container = opened(film.path)
        self._chunks: Iterator[tuple[int, Numbers]] = iter(())
        self._held: tuple[int, Numbers] | None = None
        self._done = 0
        stream = sound_stream(self._container)
        if stream is None or film.timing.counted:
            return
        if not stereo_rate:
            self.rate = stream.rate if stream.rate in RATES else RATES[0]
            self.layout = "mono" if stream.channels == 1 else "stereo"
        self._stream = stream
        self._zero = film.sound_origin + start
        if film.jumped:
            self._jump(self._zero - APPROACH_S)
        self._chunks = self._placed()

    def until(self, time: Fraction) -> Iterator[av.AudioFrame]:
        """What follows the sound handed out last, up to ``time`` seconds after the clip's start."""
        if not self.rate:
            return
        wanted = round(time * self.rate)
        while self._done < wanted:
            count = min(self.rate, wanted - self._done)
            samples = np.zeros((1 if self.layout == "mono" else 2, count), np.float32)
            self._fill(samples)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=self.layout)
            frame.sample_rate, frame.pts = self.rate, self._done
            frame.time_base = Fraction(1, self.rate)
            self._done += count
            yield frame

    def close(self) -> None:
        """Lets go of the file."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _jump(self, aim: Fraction) -> None:
        base = self._stream.time_base
        if base is None:
            return
        try:
            self._container.seek(max(0, int(aim / base)), stream=self._stream)
        except av.error.FFmpegError:  # nothing was lost: it is read from the beginning
            self._container.close()
            self._container = opened(self._path)
            self._stream = sound_stream(self._container) or self._stream

    def _fill(self, samples: Numbers) -> None:
        """Writes what sounds from the last sample handed out on over ``samples`` (C, n)."""
        ends = self._done + samples.shape[1]
        while True:
            self._held = self._held or next(self._chunks, None)
            if self._held is None or self._held[0] >= ends:
                return
            at, chunk = self._held
            low, high = max(at, self._done), min(at + chunk.shape[1], ends)
            if low < high:
                samples[:, low - self._done : high - self._done] = chunk[:, low - at : high - at]
            if at + chunk.shape[1] > ends:
                return
            self._held = None

    def _placed(self) -> Iterator[tuple[int, Numbers]]:
        """Chunks (C, n) with the sample, counted from the clip's start, at which each begins."""
        expected: int | None = None
        shift = 0
        for frame in self._resampled():
            samples = np.asarray(frame.to_ndarray(), np.float32)
            at = expected or 0
            if frame.pts is not None and frame.time_base is not None:
                at = round((frame.pts * frame.time_base - self._zero) * self.rate) + shift
            if expected is not None:
                if at < expected - JUMP_S * self.rate:
                    shift += expected - at
                    at = expected
                if abs(at - expected) <= SLACK_S * self.rate:
                    at = expected
                elif at < expected:  # an overlap: what was there first stays
                    samples = samples[:, expected - at :]
                    at = expected
            if samples.shape[1]:
                yield at, samples
                expected = at + samples.shape[1]

    def _resampled(self) -> Iterator[av.AudioFrame]:
        resampler: av.AudioResampler | None = None
        before: tuple[str, str, int] | None = None
        for frame in self._decoded():
            kind = (frame.format.name, frame.layout.name, frame.sample_rate)
            if resampler is None or kind != before:
                if resampler is not None:
                    yield from resampler.resample(None)
                resampler = av.AudioResampler("fltp", self.layout, self.rate)
                before = kind
            yield from resampler.resample(frame)
        if resampler is not None:
            yield from resampler.resample(None)

    def _decoded(self) -> Iterator[av.AudioFrame]:
        for packet in packets_of(self._container, self._stream, self._path):
            try:
                frames = list(packet.decode())
            except av.error.EOFError:
                return
            except (av.error.FFmpegError, ValueError):
                continue  # a hole in the sound; `_placed` keeps what follows in its place
            yield from frames
