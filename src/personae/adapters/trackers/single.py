"""The tracker of photos: every detection of the one frame is a track of its own."""

from __future__ import annotations

import numpy as np

from personae.core.arrays import Ids
from personae.core.detections import Detections
from personae.core.frame import Frame
from personae.core.track import Tracked


class SingleTracker:
    """Gives every detection a new id; nothing is ever carried from one frame to the next."""

    def __init__(self) -> None:
        self._next = 0
        self._open = np.zeros(0, np.int64)
        self._lost: list[Ids] = []

    def update(self, frame: Frame, detections: Detections) -> Tracked:
        """All detections become tracks; those of an earlier frame are lost."""
        self._lost.append(self._open)
        self._open = np.arange(self._next, self._next + len(detections), dtype=np.int64)
        self._next += len(detections)
        return Tracked(detections, self._open.copy())

    def lost(self) -> Ids:
        """Tracks of frames before the last one, reported once."""
        given = np.concatenate([np.zeros(0, np.int64), *self._lost])
        self._lost = []
        return given

    def rejected(self) -> Ids:
        """None: a photo has no second frame that could confirm anything."""
        return np.zeros(0, np.int64)

    def finish(self) -> Ids:
        """Closes the tracks of the last frame and says which."""
        closed, self._open = self._open, np.zeros(0, np.int64)
        return closed
