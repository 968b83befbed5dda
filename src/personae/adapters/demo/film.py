"""Writes a planned film as H.264 with exact times, and its truth as JSON beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from personae.adapters.demo.camera import Canvas, mix
from personae.adapters.demo.scenes import Scene
from personae.adapters.demo.timeline import HALF, Part, frame_count, frames
from personae.adapters.demo.truth import Truth, truth_of
from personae.core.arrays import Luma, RgbImage
from personae.core.errors import UsageError

_SHORTEST_TIMESCALE = 10_000
_NOISE_SHEETS = 4


@dataclass(frozen=True, slots=True)
class FilmSettings:
    """How a plan becomes a file.

    Attributes:
        width: pixels of the upright picture as a viewer sees it.
        height: the same.
        fps: nominal frames a second.
        pts: presentation times in ticks of ``time_base``, one a frame, ascending; None spaces
            the frames evenly. The last frame lasts one nominal frame time.
        rotation: clockwise degrees (0, 90, 180, 270) by which a player must turn the stored
            pictures; they are stored turned the other way, as a phone does.
        crf: x264's constant rate factor, smaller is better.
        seed: of the sensor noise.
    """

    width: int = 1280
    height: int = 720
    fps: Fraction = Fraction(25)
    pts: tuple[int, ...] | None = None
    rotation: int = 0
    crf: int = 27
    seed: int = 20

    def __post_init__(self) -> None:
        if self.rotation not in (0, 90, 180, 270):
            raise UsageError(f"A film can be turned by 0, 90, 180 or 270 degrees: {self.rotation}.")
        if self.width % 2 or self.height % 2:
            raise UsageError(f"Width and height must be even: {self.width}x{self.height}.")

    @property
    def canvas(self) -> Canvas:
        """Size of the upright picture."""
        return Canvas(self.width, self.height)

    @property
    def stored_shape(self) -> tuple[int, int]:
        """Height and width of the pictures as they lie in the file."""
        lying = self.rotation in (90, 270)
        return (self.width, self.height) if lying else (self.height, self.width)

    @property
    def time_base(self) -> Fraction:
        """Seconds a tick: fine enough that a frame time is a whole number of ticks."""
        rate = self.fps.numerator
        return Fraction(1, rate * -(-_SHORTEST_TIMESCALE // rate))

    @property
    def frame_ticks(self) -> int:
        """Ticks of one nominal frame time."""
        return int(1 / (self.fps * self.time_base))

    def ticks(self, count: int) -> tuple[int, ...]:
        """Presentation time of every frame, and after them the end of the last frame.

        Raises:
            UsageError: there are fewer or more given times than frames, or they do not ascend.
        """
        pts = self.pts
        if pts is None:
            return tuple(k * self.frame_ticks for k in range(count + 1))
        if len(pts) != count:
            raise UsageError(f"The plan has {count} frames, but {len(pts)} times were given.")
        if any(b <= a for a, b in pairwise(pts)):
            raise UsageError("The times of a film's frames must ascend.")
        return (*pts, pts[-1] + self.frame_ticks)


class _Grain:
    """Sensor noise: a few sheets made once, laid on each frame at another shift."""

    def __init__(self, height: int, width: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        shape = (_NOISE_SHEETS, height + 64, width + 64)
        self._sheets = self._random.standard_normal(shape, dtype=np.float32)
        self._made: dict[float, tuple[NDArray[np.int16], ...]] = {}

    def lay(self, luma: Luma, sigma: float) -> None:
        """Add noise of a standard deviation in grey levels to a brightness plane, in place."""
        if sigma not in self._made:
            self._made[sigma] = tuple(np.rint(s * sigma).astype(np.int16) for s in self._sheets)
        number, y, x = (int(v) for v in self._random.integers(0, (_NOISE_SHEETS, 64, 64)))
        height, width = luma.shape
        sheet = self._made[sigma][number][y : y + height, x : x + width]
        cv2.add(luma, sheet, dst=luma, dtype=cv2.CV_8U)


def _planes(image: RgbImage, parts: Sequence[Part], grain: _Grain) -> Luma:
    """RGB to planar YUV 4:2:0 (H * 3 / 2, W), with the noise of the stronger scene."""
    planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420), dtype=np.uint8)
    sigma = next(part.scene.noise for part in parts if part.opacity >= HALF)
    if sigma > 0:
        grain.lay(planes[: image.shape[0]], sigma)
    return planes


def _open_stream(out: av.container.OutputContainer, settings: FilmSettings) -> av.VideoStream:
    # One thread and no look at the clock: the same plan gives the same pictures on every run.
    options = {"preset": "ultrafast", "crf": str(settings.crf), "threads": "1"}
    stream = out.add_stream("libx264", rate=settings.fps, options=options)
    stream.height, stream.width = settings.stored_shape
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = settings.time_base
    stream.time_base = settings.time_base
    if settings.rotation:
        stream.set_display_rotation(-settings.rotation)  # FFmpeg counts anticlockwise
    return stream


def make_film(path: Path, plan: Sequence[Scene], settings: FilmSettings | None = None) -> Truth:
    """Make a film and write its truth beside it, as ``<name>.truth.json``.

    Args:
        path: the file to write; its ending (.mp4, .mov, .mkv) chooses the container.
        plan: the scenes in their order.
        settings: size, rate, times and rotation.

    Returns:
        The truth, exact.

    Raises:
        UsageError: the plan cannot be filmed, or the given times do not fit it.
    """
    settings = settings or FilmSettings()
    ticks = settings.ticks(frame_count(plan))
    truth = truth_of(plan, settings.canvas, settings.fps, settings.time_base, ticks)
    grain = _Grain(*settings.stored_shape, settings.seed)
    muxing = {"video_track_timescale": str(settings.time_base.denominator)}
    options = muxing if path.suffix.lower() in {".mp4", ".mov", ".m4v"} else {}
    with av.open(str(path), "w", options=options) as out:
        stream = _open_stream(out, settings)
        for k, parts in enumerate(frames(plan)):
            image = np.rot90(mix(parts, settings.canvas), settings.rotation // 90)
            planes = _planes(np.ascontiguousarray(image), parts, grain)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = ticks[k], settings.time_base
            frame.duration = ticks[k + 1] - ticks[k]
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    truth_path(path).write_text(json.dumps(truth.as_json(), indent=1) + "\n", encoding="utf-8")
    return truth


def truth_path(film: Path) -> Path:
    """Where the truth of a film is written."""
    return film.with_suffix(".truth.json")
