"""A watch as a film: every look with boxes and names drawn on it, several cameras side by side."""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import av
import numpy as np

from personae.adapters.clips.placing import refuse_unwritable
from personae.adapters.recordings.live_film import LiveFilm
from personae.adapters.render.live import live_pixels
from personae.app.cameras import CameraConfig
from personae.core.arrays import RgbImage
from personae.core.errors import SourceError
from personae.core.frame import Frame
from personae.core.live import LivePerson

log = logging.getLogger(__name__)

LARGEST = (1280, 720)
WAITING = 8
"""Looks that may wait to be drawn; each holds a picture."""
STALE_MS = 5000
"""A camera that was not looked at for so long is shown black."""

Look = tuple[str, RgbImage, int, tuple[LivePerson, ...]]


class Preview:
    """Writes the film in a thread of its own; fits the watch's `Onlooker`, and never delays it.

    Args:
        path: of the MP4.
        cameras: in their order, in rows.

    Raises:
        UsageError: the file cannot be written.
    """

    def __init__(self, path: Path, cameras: Sequence[CameraConfig]) -> None:
        for camera in cameras:
            refuse_unwritable(path, Path(camera.address))
        self._path = path
        self._grid = Grid([camera.name for camera in cameras])
        self._film: LiveFilm | None = None
        self._waiting: queue.Queue[Look | None] = queue.Queue(WAITING)
        self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def seen(self, camera: str, frame: Frame, persons: tuple[LivePerson, ...]) -> None:
        """One look; dropped when too many wait."""
        if self._waiting.full():
            self.dropped += 1
            return
        try:
            # Here, as colours of one frame cannot be made by two threads at once
            rgb = frame.picture.rgb()
        except SourceError:
            return
        self._waiting.put((camera, rgb, frame.time.wall or frame.time.pts, persons))

    def close(self) -> None:
        """Writes what waits."""
        while self._thread.is_alive():
            with suppress(queue.Full):
                self._waiting.put(None, timeout=0.2)
                self._thread.join()
        if self.dropped:
            log.info("%s lacks %d looks: encoding was too slow", self._path, self.dropped)

    def _run(self) -> None:
        broken = False
        while (look := self._waiting.get()) is not None:
            try:
                if not broken:
                    self._draw(look)
            except (av.error.FFmpegError, OSError) as error:
                broken = True
                log.warning("%s ends here: %s", self._path, error)
        try:
            if self._film is not None:
                self._film.close()
        except (av.error.FFmpegError, OSError) as error:
            log.warning("%s is not whole: %s", self._path, error)

    def _draw(self, look: Look) -> None:
        camera, rgb, at, persons = look
        canvas = self._grid.put(camera, rgb, at, persons)
        if self._film is None:
            self._film = LiveFilm(self._path, canvas.shape[1], canvas.shape[0])
        self._film.add(canvas, at)


class Grid:
    """The newest pictures of cameras side by side, 1280 x 720 at most.

    Args:
        cameras: their names, in rows.
    """

    def __init__(self, cameras: Sequence[str]) -> None:
        self._place = {name: number for number, name in enumerate(cameras)}
        self._columns = math.ceil(math.sqrt(len(cameras)))
        self._rows = math.ceil(len(cameras) / self._columns)
        self._seen: dict[int, int] = {}
        self._cell: tuple[int, int] | None = None
        self._canvas: RgbImage = np.zeros((0, 0, 3), np.uint8)

    def put(self, camera: str, rgb: RgbImage, at: int, persons: tuple[LivePerson, ...]) -> RgbImage:
        """The whole with a camera's new picture, (H, W, 3) uint8 RGB, always of one size."""
        width, height = self._size(rgb)
        pixels = live_pixels(rgb, persons, width, height)
        number = self._place[camera]
        self._seen[number] = at
        for other, seen in self._seen.items():
            if at - seen > STALE_MS:
                self._room(other)[:] = 0
        room = self._room(number)
        room[:] = 0
        rows, columns = pixels.shape[:2]
        top, left = (height - rows) // 2, (width - columns) // 2
        room[top : top + rows, left : left + columns] = pixels
        return self._canvas

    def _size(self, rgb: RgbImage) -> tuple[int, int]:
        """Of one camera's room: that of its first picture if it is alone, else 16 to 9."""
        if self._cell is None:
            width = LARGEST[0] // self._columns
            height = width * LARGEST[1] // LARGEST[0]
            if len(self._place) == 1:
                scale = min(1.0, width / rgb.shape[1], height / rgb.shape[0])
                width, height = round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)
            # Two by two pixels share a colour
            self._cell = max(2, width - width % 2), max(2, height - height % 2)
            whole = (self._rows * self._cell[1], self._columns * self._cell[0], 3)
            self._canvas = np.zeros(whole, np.uint8)
        return self._cell

    def _room(self, number: int) -> RgbImage:
        assert self._cell is not None
        width, height = self._cell
        top, left = number // self._columns * height, number % self._columns * width
        return self._canvas[top : top + height, left : left + width]
