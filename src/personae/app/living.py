"""The judge of living faces for ``watch``: each track is cropped and read some times a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from personae.adapters.models.add_card import read_card
from personae.adapters.models.cards import default_card, load_cards
from personae.adapters.models.facemesh import FaceMesh
from personae.adapters.models.iris import Iris
from personae.adapters.models.live_face import LiveFaces
from personae.adapters.models.spoof_score import SpoofScore
from personae.app.build import session
from personae.core.arrays import Boxes, RgbImage
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
    provider: str = "cpu",
    settings: LivenessSettings | None = None,
    spoof_card: Path | None = None,
) -> Callable[[], LivenessJudge]:
    """Makes judges, one for each camera; they share the networks, so all of one thread.

    Args:
        provider: what runs the networks.
        settings: when evidence is enough.
        spoof_card: of a network of the user's own that tells faces from pictures of them.

    Raises:
        ModelError: a network's weights are missing or changed, or the card does not fit.
    """
    faces = live_faces(provider)
    network = None if spoof_card is None else spoof_network(spoof_card, provider)
    return lambda: FacesJudge(faces, settings or LivenessSettings(), network)


def spoof_network(card_file: Path, provider: str = "cpu") -> SpoofScore:
    """A network of the user's own, by its card.

    Raises:
        ModelError: the card or its weights are missing, or it is of another task.
    """
    card = read_card(card_file)
    return SpoofScore(session(card, provider), card)


def settings_for(
    network: SpoofScore | None, settings: LivenessSettings | None = None
) -> LivenessSettings:
    """When evidence is enough, with the threshold of a network of the user's own."""
    chosen = settings or LivenessSettings()
    return chosen if network is None else replace(chosen, score=network.threshold)


def score_of(network: SpoofScore | None, picture: RgbImage, box: Boxes) -> float | None:
    """How alive a face of a picture looks to a network, 0..1; None without one."""
    if network is None:
        return None
    return float(network.read(network.cut(picture, box)[None])[0])


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
        network: of the user's own, asked at every look.
    """

    def __init__(
        self, faces: LiveFaces, settings: LivenessSettings, network: SpoofScore | None = None
    ) -> None:
        self._faces = faces
        self._network = network
        self._settings = settings_for(network, settings)
        self._judged: dict[int, _Judged] = {}

    def look(self, track: int, frame: Frame, view: OpenTrack) -> None:
        """One more look at a track's face, unless the last was just now."""
        now = frame.time.seconds
        judged = self._judged.setdefault(track, _Judged(LivingFace(self._settings)))
        if judged.last is not None and now - judged.last < EARLY / LOOKS_FPS:
            return
        judged.last = now
        picture = frame.picture.rgb()
        read = self._faces.read(picture, view.last_box, judged.tilt)
        judged.tilt = read.tilt
        judged.face.see(now, read.look, score_of(self._network, picture, view.last_box))

    def state(self, track: int) -> tuple[Liveness, tuple[str, ...]]:
        """What is known of it, and why."""
        judged = self._judged.get(track)
        return judged.face.state() if judged else ("not shown yet", ("not looked at yet",))

    def forget(self, track: int) -> None:
        """The track is over."""
        self._judged.pop(track, None)
