"""Makes small films whose every frame says which one it is, for tests of film readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

MILLISECOND = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a test film is made of.

    Attributes:
        codec: encoder by FFmpeg's name.
        pixels: pixel format it is given.
        size: stored width and height.
        times: presentation time of each frame in units of ``base``.
        base: seconds a unit.
        aspect: width of a pixel by its height.
        matrix: display matrix, nine int32, None for none.
        options: for the encoder.
        format: container, None to go by the file's name.
    """

    codec: str = "libx264"
    pixels: str = "yuv420p"
    size: tuple[int, int] = (96, 64)
    times: Sequence[int] = tuple(range(0, 50 * 40, 40))
    base: Fraction = MILLISECOND
    aspect: Fraction | None = None
    matrix: tuple[int, ...] | None = None
    options: dict[str, str] = field(default_factory=dict)
    format: str | None = None


def numbered(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3) RGB: the number in eight black or white columns, a red left upper corner.

    The corner is a quarter of each side, so that it survives every codec and tells every turn.
    """
    picture = np.zeros((height, width, 3), np.uint8)
    for bit in range(8):
        if number >> bit & 1:
            picture[:, width * bit // 8 : width * (bit + 1) // 8] = 255
    picture[: height // 4, : width // 4] = (255, 0, 0)
    return picture


def number_of(rgb: NDArray[np.uint8]) -> int:
    """The number that a frame made by `numbered` shows, modulo 256."""
    height, width = rgb.shape[:2]
    row = rgb[height * 5 // 8].mean(axis=1)
    return sum((row[int(width * (bit + 0.5) / 8)] > 127) << bit for bit in range(8))


def film(path: Path, recipe: Recipe) -> Path:
    """Writes the film and returns its path."""
    with av.open(str(path), "w", format=recipe.format) as container:
        rate = max(1, round(1 / float(recipe.base * max(1, _step(recipe.times)))))
        stream = container.add_stream(recipe.codec, rate=rate, options=recipe.options)
        stream.width, stream.height = recipe.size
        stream.pix_fmt = recipe.pixels
        stream.codec_context.time_base = recipe.base
        stream.time_base = recipe.base
        stream.codec_context.thread_count = 1
        if recipe.aspect is not None:
            stream.codec_context.sample_aspect_ratio = recipe.aspect
        if recipe.matrix is not None:
            stream.set_display_matrix(list(recipe.matrix))
        container.start_encoding()
        for number, time in enumerate(recipe.times):
            frame = av.VideoFrame.from_ndarray(numbered(number, *recipe.size), format="rgb24")
            frame = frame.reformat(format=recipe.pixels)
            frame.pts, frame.time_base = time, recipe.base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def sound(path: Path) -> Path:
    """Writes a second of silence without a picture."""
    with av.open(str(path), "w") as container:
        _silence(container, container.add_stream("aac", rate=44100, layout="mono"), 1)
    return path


def index_in_front(path: Path, to: Path) -> Path:
    """Copies an MP4 so that its table of contents comes before the pictures."""
    with (
        av.open(str(path)) as source,
        av.open(str(to), "w", options={"movflags": "faststart"}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    return to


def with_longer_sound(path: Path, picture_s: int, sound_s: int) -> Path:
    """Writes a film at 25 frames a second whose silence lasts longer than its picture."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=25)
        picture.width, picture.height, picture.pix_fmt = 96, 64, "yuv420p"
        audio = container.add_stream("aac", rate=44100, layout="mono")
        for number in range(25 * picture_s):
            frame = av.VideoFrame.from_ndarray(numbered(number, 96, 64), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        _silence(container, audio, sound_s)
    return path


def joined(path: Path, *parts: Path) -> Path:
    """Writes the bytes of the parts one after the other."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def _silence(container: av.container.OutputContainer, stream: av.AudioStream, seconds: int) -> None:
    for start in range(0, 44100 * seconds, 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = 44100, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _step(times: Sequence[int]) -> int:
    return (times[-1] - times[0]) // (len(times) - 1) if len(times) > 1 else 1
