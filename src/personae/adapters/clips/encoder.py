"""Writes H.264 and AAC into an MP4 whose index stands in front."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Self

import av

from personae.adapters.clips.picture import Shaper
from personae.adapters.clips.sound import Sound

PICTURE = {"preset": "veryfast", "crf": "20", "bf": "0"}
"""No B-frames: with them MP4 cannot say how long the last frame of an uneven film lasts."""
SOUND_BITRATE = 160_000


class Encoder:
    """One MP4 being written.

    Args:
        path: the file, which exists and is overwritten.
        shaper: brings frames into the clip's shape.
        sound: where the sound comes from; the clip has none where its rate is 0.
    """

    def __init__(self, path: str, shaper: Shaper, sound: Sound) -> None:
        self._shaper, self._sound, self._ticks = shaper, sound, shaper.ticks
        self._lasts: dict[int, int] = {}
        self._begun = False
        options = {"movflags": "+faststart", "video_track_timescale": str(shaper.ticks)}
        self._out = av.open(f"file:{path}", "w", format="mp4", options=options)
        self._picture = self._out.add_stream("libx264", rate=shaper.rate, options=PICTURE)
        self._picture.width, self._picture.height = shaper.width, shaper.height
        self._picture.pix_fmt = "yuv420p"
        self._picture.codec_context.time_base = Fraction(1, shaper.ticks)
        self._picture.time_base = Fraction(1, shaper.ticks)
        self._track: av.AudioStream | None = None
        if sound.rate:
            self._track = self._out.add_stream("aac", rate=sound.rate, layout=sound.layout)
            self._track.bit_rate = min(SOUND_BITRATE, sound.rate * 4)

    def add(self, frame: av.VideoFrame, start: Fraction, end: Fraction) -> None:
        """One frame with its sound, ``start`` to ``end`` seconds after the clip's start."""
        shaped = self._shaper.shaped(frame)
        if not self._begun:
            self._take_colours(shaped)
        tick = round(start * self._ticks)
        shaped.pts, shaped.time_base = tick, Fraction(1, self._ticks)
        self._lasts[tick] = max(1, round(end * self._ticks) - tick)
        self._mux(self._picture.encode(shaped))
        if self._track is not None:
            for samples in self._sound.until(end):
                self._out.mux(self._track.encode(samples))

    def finish(self) -> None:
        """Writes what the encoders hold back, and the index."""
        self._mux(self._picture.encode())
        if self._track is not None:
            self._out.mux(self._track.encode())
        self._out.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        # After a failure the file is thrown away: that it cannot be ended well is no news.
        with suppress(av.error.FFmpegError, ValueError, OSError):
            self._out.close()

    def _take_colours(self, frame: av.VideoFrame) -> None:
        context = self._picture.codec_context
        context.colorspace, context.color_range = frame.colorspace, frame.color_range
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        self._begun = True

    def _mux(self, packets: list[av.Packet[av.VideoStream]]) -> None:
        for packet in packets:
            # The encoder forgets how long frames last; only the last one's is not implied.
            packet.duration = self._lasts.pop(int(packet.pts or 0), 1)
            self._out.mux(packet)
