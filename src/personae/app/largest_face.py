"""The largest face of a picture, read for signs of life as a watch reads its tracks."""

from __future__ import annotations

import numpy as np

from personae.adapters.models.live_face import LiveFace
from personae.adapters.models.yunet import YuNet
from personae.app.build import choose, session
from personae.app.living import live_faces
from personae.app.settings import Settings
from personae.core.arrays import Boxes
from personae.core.frame import Picture
from personae.flows.scales import scaled, shrunk


class LargestFace:
    """Detector, mesh and iris, and how the head was tilted; for one recording after another.

    Args:
        settings: the models' provider, how closely to look.
    """

    def __init__(self, settings: Settings) -> None:
        card = choose(settings.face_model).faces
        self._detector = YuNet(session(card, settings.provider), score=settings.observe.face_score)
        self._faces = live_faces(settings.provider)
        self._width = settings.observe.detect_width
        self._tilt = 0.0

    def begin(self) -> None:
        """Another recording follows."""
        self._tilt = 0.0

    def read(self, picture: Picture) -> tuple[LiveFace, Boxes] | None:
        """What is seen of it, and where (4,) it is; None where there is no face."""
        size = (picture.width, picture.height)
        small = shrunk(*size, self._width)
        found = scaled(self._detector.detect([picture.rgb_at(*small)])[0], small, size)
        if not len(found):
            return None
        sides = found.boxes[:, 2:] - found.boxes[:, :2]
        box = found.boxes[int(np.argmax(sides.prod(1)))]
        seen = self._faces.read(picture.rgb(), box, self._tilt)
        self._tilt = seen.tilt
        return seen, box
