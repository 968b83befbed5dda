"""What the whole picture did since the last frame: how much it changed, how far it moved."""

from __future__ import annotations

import numpy as np

from personae.adapters.trackers.camera import CameraShift
from personae.core.arrays import Doubles, Luma
from personae.core.cuts import change
from personae.core.frame import Picture


class Scene:
    """Compares the coarse brightness of each picture with that of the one before.

    Attributes:
        shift: (2,) pixels of the full frame by which the picture moved.
        change: mean change of brightness, 0..255; 0 for a first picture.
    """

    def __init__(self) -> None:
        self._camera = CameraShift()
        self._before: Luma | None = None
        self.shift: Doubles = np.zeros(2)
        self.change = 0.0

    def step(self, picture: Picture) -> None:
        """Takes in the next picture."""
        luma = picture.luma()
        self.change = 0.0 if self._before is None else change(self._before, luma)
        self.shift = self._camera.step(luma) * np.array([picture.width, picture.height], float)
        self._before = luma

    def forget(self) -> None:
        """The next picture has nothing to do with the last one."""
        self._camera.forget()
        self._before, self.shift, self.change = None, np.zeros(2), 0.0
