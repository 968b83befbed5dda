"""The judge of living faces for ``watch``: each track is cropped and read some times a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from personae.adapters.models.cards import default_card, load_cards
from personae.adapters.models.facemesh import FaceMesh
from personae.adapters.models.iris import Iris
from personae.adapters.models.live_face import LiveFaces
from personae.app.build import session
from personae.core.frame import Frame
from personae.core.live import Liveness
from personae.flows.collect import OpenTrack
from personae.flows.liveness import LivenessSettings, LivingFace
from personae.flows.watch import LivenessJudge

LOOKS_FPS = 8.0
"""Looks a second at each face, at most; a look costs about 5 ms of one core."""
EARLY = 0.9
"""Cameras are not punctual: a look this share of the pause after the last one is not too soon."""


def live_faces(provider: str = "cpu") -> LiveFaces:
    """The networks that read signs of life, loaded.

    Raises:
        ModelError: a network's weights are missing or changed.
    """
    cards = load_cards()
    mesh, iris = default_card("face-landmarks", cards), default_card("eye-landmarks", cards)
    return LiveFaces(FaceMesh(session(mesh, provider), mesh), Iris(session(iris, provider), iris))


def judges(
    provider: str = "cpu", settings: LivenessSettings | None = None
) -> Callable[[], LivenessJudge]:
    """Makes judges, one for each camera; they share the networks, so all of one thread.

    Args:
        provider: what runs the networks.
        settings: when evidence is enough.

    Raises:
        ModelError: a network's weights are missing or changed.
    """
    faces = live_faces(provider)
    return lambda: FacesJudge(faces, settings or LivenessSettings())


@dataclass(slots=True)
class _Judged:
    """One track's face."""

    face: LivingFace
    last: float | None = None
    tilt: float = field(default=0.0)


class FacesJudge:
    """Fits `LivenessJudge`: the faces before one camera.

    Args:
        faces: reads them.
        settings: when evidence is enough.
    """

    def __init__(self, faces: LiveFaces, settings: LivenessSettings) -> None:
        self._faces = faces
        self._settings = settings
        self._judged: dict[int, _Judged] = {}

    def look(self, track: int, frame: Frame, view: OpenTrack) -> None:
        """One more look at a track's face, unless the last was just now."""
        now = frame.time.seconds
        judged = self._judged.setdefault(track, _Judged(LivingFace(self._settings)))
        if judged.last is not None and now - judged.last < EARLY / LOOKS_FPS:
            return
        judged.last = now
        read = self._faces.read(frame.picture.rgb(), view.last_box, judged.tilt)
        judged.tilt = read.tilt
        judged.face.see(now, read.look)

    def state(self, track: int) -> tuple[Liveness, tuple[str, ...]]:
        """What is known of it, and why."""
        judged = self._judged.get(track)
        return judged.face.state() if judged else ("not shown yet", ("not looked at yet",))

    def forget(self, track: int) -> None:
        """The track is over."""
        self._judged.pop(track, None)
