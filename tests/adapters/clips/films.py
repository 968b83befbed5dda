"""Films whose frames carry their number as bars of light and dark, with a beep every second."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BITS = 8
WIDTH, HEIGHT = 192, 96
RATE = 48000
BEEP_S = 0.02


@dataclass(frozen=True)
class Recipe:
    """How a film is made; ``times`` are in units of ``base``, evenly at 25 a second if empty."""

    frames: int = 100
    base: Fraction = Fraction(1, 25)
    times: tuple[int, ...] = ()
    codec: str = "libx264"
    sound: str = ""
    layout: str = "stereo"
    rotation: int = 0
    options: dict[str, str] = field(default_factory=lambda: {"bf": "3", "g": "30", "crf": "16"})
    pix_fmt: str = "yuv420p"
    aspect: Fraction | None = None
    sound_late: float = 0.0
    full_range: bool = False

    @cached_property
    def ticks(self) -> tuple[int, ...]:
        """Time of every frame in units of ``base``."""
        return self.times or tuple(round(k / 25 / self.base) for k in range(self.frames))

    def seconds(self, number: int) -> float:
        """When a frame is shown."""
        return float(self.ticks[number] * self.base)


def barcode(number: int) -> NDArray[np.uint8]:
    """(HEIGHT, WIDTH, 3): eight bars in the upper half, their opposites in the lower half."""
    bits = [(number >> (BITS - 1 - k)) & 1 for k in range(BITS)]
    upper = np.repeat(np.array([40 + 170 * bit for bit in bits], np.uint8), WIDTH // BITS)
    rows = np.vstack([np.tile(upper, (HEIGHT // 2, 1)), np.tile(250 - upper, (HEIGHT // 2, 1))])
    return np.ascontiguousarray(np.repeat(rows[:, :, None], 3, axis=2))


def number_of(gray: NDArray[np.uint8]) -> int:
    """The number in a barcode of any size; -1 where the lower half is not the opposite."""
    height, width = gray.shape
    columns = [int((k + 0.5) * width / BITS) for k in range(BITS)]
    upper = [int(gray[height // 4, x] > 125) for x in columns]
    lower = [int(gray[3 * height // 4, x] > 125) for x in columns]
    if any(a == b for a, b in zip(upper, lower, strict=True)):
        return -1
    return int("".join(map(str, upper)), 2)


def make(path: Path, recipe: Recipe) -> Path:
    """Writes the film."""
    container = "h264" if path.suffix == ".h264" else None
    options = {"video_track_timescale": str(recipe.base.denominator)}
    with av.open(
        str(path), "w", format=container, options=options if ".mp4" in path.name else {}
    ) as out:
        rate = 25 if recipe.codec != "mpeg4" else 1 / recipe.base
        stream = out.add_stream(recipe.codec, rate=rate, options=dict(recipe.options))
        stored = np.rot90(barcode(0), recipe.rotation // 90).shape
        stream.height, stream.width, stream.pix_fmt = stored[0], stored[1], recipe.pix_fmt
        stream.codec_context.time_base = stream.time_base = recipe.base
        if recipe.aspect is not None:
            stream.codec_context.sample_aspect_ratio = recipe.aspect
        if recipe.full_range:
            stream.codec_context.color_range = 2
        if recipe.rotation:
            stream.set_display_rotation(-recipe.rotation)
        track = (
            out.add_stream(recipe.sound, rate=RATE, layout=recipe.layout) if recipe.sound else None
        )
        sound = beeps(recipe, float(recipe.ticks[-1] * recipe.base) + 0.04)
        heard = 0
        for number, tick in enumerate(recipe.ticks):
            picture = np.ascontiguousarray(np.rot90(barcode(number), recipe.rotation // 90))
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(
                format=recipe.pix_fmt, dst_color_range=2 if recipe.full_range else None
            )
            frame.pts, frame.time_base = tick, recipe.base
            out.mux(stream.encode(frame))
            ends = min(sound.shape[1], round((recipe.seconds(number) + 0.04) * RATE))
            if track is not None and ends > heard:
                out.mux(track.encode(_samples(sound[:, heard:ends], heard, recipe)))
                heard = ends
        out.mux(stream.encode())
        if track is not None:
            out.mux(track.encode())
    return path


def beeps(recipe: Recipe, seconds: float) -> NDArray[np.float32]:
    """(channels, n): 20 ms of 1 kHz at every full second of the picture."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = 0.8 * np.sin(2 * np.pi * 1000 * time) * ((time % 1.0) < BEEP_S)
    return np.tile(tone.astype(np.float32), (1 if recipe.layout == "mono" else 2, 1))


def _samples(sound: NDArray[np.float32], at: int, recipe: Recipe) -> av.AudioFrame:
    if recipe.sound.startswith("pcm"):
        packed = np.ascontiguousarray((sound * 32767).astype(np.int16).T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=recipe.layout)
    else:
        ready = np.ascontiguousarray(sound)
        frame = av.AudioFrame.from_ndarray(ready, format="fltp", layout=recipe.layout)
    frame.sample_rate, frame.pts = RATE, at + round(recipe.sound_late * RATE)
    frame.time_base = Fraction(1, RATE)
    return frame


@dataclass(frozen=True)
class Clip:
    """What a player would show of a clip."""

    numbers: list[int]
    times: list[float]
    duration: float
    size: tuple[int, int]
    beeps: list[float]
    sound_seconds: float
    codecs: list[str]


def seen(path: Path) -> Clip:
    """Reads a clip back with a decoder, as a player does."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        base = stream.time_base
        assert base is not None and stream.duration is not None
        numbers = [number_of(f.to_ndarray(format="gray")) for f in frames]
        times = [float(f.pts * base) for f in frames if f.pts is not None]
        duration, size = float(stream.duration * base), (frames[0].width, frames[0].height)
        codecs = [s.codec_context.name for s in container.streams]
        assert frames[0].format.name == "yuv420p"
    found, length = _heard(path)
    return Clip(numbers, times, duration, size, found, length, codecs)


def _heard(path: Path) -> tuple[list[float], float]:
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return [], 0.0
        stream = container.streams.audio[0]
        frames = list(container.decode(stream))
        base = stream.time_base
        assert base is not None and stream.duration is not None
        samples = np.concatenate([f.to_ndarray()[0] for f in frames])
        first = float((frames[0].pts or 0) * base)
        rate, length = stream.rate, float(stream.duration * base)
    loud = np.flatnonzero(np.abs(samples) > 0.3) / rate + first
    onsets = [float(t) for k, t in enumerate(loud) if k == 0 or t - loud[k - 1] > 0.3]
    return onsets, length
