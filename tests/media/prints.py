"""Films of photographs before a camera: held, slid, zoomed, rolled, tilted, bent, one by one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from personae.core.arrays import Numbers, RgbImage

FPS = 20
SIZE = (640, 480)
GREY = (99, 99, 99)
NOISE = 3.0
"""Standard deviation of a webcam's grain, of 255."""
FAR = 2.5
"""Widths of the photo between it and the camera."""

Move = Callable[[RgbImage, float], RgbImage]
"""A photo and the time in seconds to what the camera sees of it then."""


def read(path: Path) -> RgbImage:
    """A photo, RGB, as large as the films are."""
    loaded = cv2.imread(str(path))
    assert loaded is not None, path
    return fitted(np.asarray(cv2.cvtColor(loaded, cv2.COLOR_BGR2RGB), np.uint8))


def fitted(photo: RgbImage) -> RgbImage:
    """A photo laid onto the middle of a grey picture of the films' size."""
    high, wide = photo.shape[:2]
    scale = min(SIZE[0] / wide, SIZE[1] / high)
    shift = (np.array(SIZE) - scale * np.array([wide, high])) / 2
    onto = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(photo, onto, SIZE, flags=way, borderValue=GREY), np.uint8)


def close_up(photo: RgbImage, box: Numbers, faces: float = 2.4) -> RgbImage:
    """The surroundings of a face, so many times as wide and high, as large as the films are."""
    middle, side = (box[:2] + box[2:]) / 2, float((box[2:] - box[:2]).max()) * faces / 2
    x1, y1 = np.maximum(middle - side, 0).astype(int)
    x2, y2 = (middle + side).astype(int)
    return fitted(np.ascontiguousarray(photo[y1:y2, x1:x2]))


def held(photo: RgbImage, time: float) -> RgbImage:
    """By a hand that trembles: a pixel or two, half a degree."""
    x = 1.5 * np.sin(9.0 * time) + 0.8 * np.sin(23.0 * time)
    y = 1.2 * np.sin(11.0 * time + 1) + 0.7 * np.sin(19.0 * time)
    return _laid(photo, x, y, 1.0, 0.5 * np.sin(7.0 * time))


def slid(photo: RgbImage, time: float) -> RgbImage:
    """To and fro, up and down."""
    return _laid(photo, 50 * np.sin(2 * time), 25 * np.sin(3.1 * time), 1.0, 0.0)


def zoomed(photo: RgbImage, time: float) -> RgbImage:
    """Nearer and farther."""
    return _laid(photo, 0.0, 0.0, 1.05 + 0.25 * np.sin(1.7 * time), 0.0)


def rolled(photo: RgbImage, time: float) -> RgbImage:
    """Turned in its own plane by up to 20 degrees."""
    return _laid(photo, 0.0, 0.0, 1.0, 20 * np.sin(1.9 * time))


def tilted(photo: RgbImage, time: float) -> RgbImage:
    """About its upright axis by up to 35 degrees, and a little about the other."""
    return _turned(photo, (0.15 * np.sin(2.7 * time), 0.6 * np.sin(2 * time), 0.0))


def nodded(photo: RgbImage, time: float) -> RgbImage:
    """About its level axis by up to 35 degrees, and a little about the other."""
    return _turned(photo, (0.6 * np.sin(2 * time), 0.15 * np.sin(2.7 * time), 0.0))


def bent(photo: RgbImage, time: float) -> RgbImage:
    """Curled about an upright axis, to the camera and away from it, by up to 75 degrees."""
    return _curled(photo, 1.3 * np.sin(2 * time))


def arched(photo: RgbImage, time: float) -> RgbImage:
    """Curled about a level axis."""
    turned = np.ascontiguousarray(photo.transpose(1, 0, 2))
    return np.ascontiguousarray(_curled(turned, 1.3 * np.sin(2 * time)).transpose(1, 0, 2))


def waved(photo: RgbImage, time: float) -> RgbImage:
    """Curled, tilted and moved at once, as a sheet that is waved before the camera."""
    return slid(tilted(_curled(photo, 0.9 * np.sin(3.3 * time)), time), 0.7 * time)


MOVES: dict[str, Move] = {
    move.__name__: move
    for move in (held, slid, zoomed, rolled, tilted, nodded, bent, arched, waved)
}


def film(path: Path, photos: Sequence[RgbImage], move: Move, seconds: float, each: float) -> Path:
    """Photos one after another, over and over, each for so long, moved before a camera.

    Args:
        path: of the film to write.
        photos: of the films' size.
        move: how they are moved meanwhile.
        seconds: length of the film.
        each: seconds until the next photo.
    """
    random = np.random.default_rng(7)
    grain = [random.normal(0, NOISE, (*SIZE[::-1], 3)).astype(np.float32) for _ in range(5)]

    def pictures() -> Iterator[RgbImage]:
        for number, noise in zip(range(round(seconds * FPS)), itertools.cycle(grain), strict=False):
            time = number / FPS
            shown = move(photos[int(time / each) % len(photos)], time)
            yield np.clip(shown + noise, 0, 255).astype(np.uint8)

    return written(path, pictures(), FPS)


def written(path: Path, pictures: Iterable[RgbImage], fps: int) -> Path:
    """Pictures as a film."""
    with av.open(str(path), "w") as out:
        options = {"preset": "ultrafast", "crf": "18", "g": str(fps)}
        stream = out.add_stream("libx264", rate=fps, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number, shown in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(shown, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def _laid(photo: RgbImage, x: float, y: float, scale: float, degrees: float) -> RgbImage:
    onto = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), degrees, scale)
    onto[:, 2] += (x, y)
    return _warped(photo, np.vstack([onto, [0, 0, 1]]))


def _turned(photo: RgbImage, axis: tuple[float, float, float]) -> RgbImage:
    """Turned in space about its middle (radians), seen from `FAR` widths away."""
    wide, high = SIZE
    onto = np.array([[1 / wide, 0, -0.5], [0, 1 / wide, -0.5 * high / wide], [0, 0, 1]])
    lens = np.array([[FAR * wide, 0, wide / 2], [0, FAR * wide, high / 2], [0, 0, 1.0]])
    turn = cv2.Rodrigues(np.array(axis, np.float64))[0]
    return _warped(photo, lens @ np.column_stack([turn[:, 0], turn[:, 1], [0, 0, FAR]]) @ onto)


def _warped(photo: RgbImage, onto: Numbers) -> RgbImage:
    return np.asarray(cv2.warpPerspective(photo, onto, SIZE, borderValue=GREY), np.uint8)


def _curled(photo: RgbImage, angle: float) -> RgbImage:
    """Onto a cylinder whose axis is upright, over so many radians from edge to edge."""
    high, wide = photo.shape[:2]
    if abs(angle) < 1e-3:
        return photo
    radius = wide / angle
    along = np.linspace(-wide / 2, wide / 2, 4 * wide)
    depth = radius * (1 - np.cos(along / radius))
    seen = radius * np.sin(along / radius) / (1 + depth / (FAR * wide))
    across = np.arange(wide) - wide / 2
    source = np.interp(across, seen, along, left=-wide, right=-wide)
    nearer = 1 + radius * (1 - np.cos(source / radius)) / (FAR * wide)
    upright = (np.arange(high) - high / 2)[:, None] * nearer[None] + high / 2
    level = np.broadcast_to(source + wide / 2, upright.shape)
    maps = (level.astype(np.float32), upright.astype(np.float32))
    return np.asarray(cv2.remap(photo, *maps, cv2.INTER_LINEAR, borderValue=GREY), np.uint8)
