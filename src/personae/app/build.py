"""Settings to parts: which models, trackers and cutter the pipeline runs with."""

from __future__ import annotations

from dataclasses import dataclass

from personae.adapters.models.cards import Card, check, default_card, load_cards, weights_path
from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.models.mobilefacenet import MobileFaceNet
from personae.adapters.models.nanodet import NanoDet
from personae.adapters.models.onnx import Session
from personae.adapters.models.sface import SFace
from personae.adapters.models.yunet import YuNet
from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.adapters.trackers.single import SingleTracker
from personae.core.embedding import Space
from personae.core.errors import ModelError
from personae.flows.observe import Parts
from personae.flows.settings import ObserveSettings
from personae.ports import Embedder


@dataclass(frozen=True, slots=True)
class Chosen:
    """Cards of the models in use."""

    faces: Card
    bodies: Card
    embedder: Card

    @property
    def space(self) -> Space:
        """Where face vectors live."""
        return self.embedder.space

    def names(self) -> tuple[str, ...]:
        """Names with weights, for the fingerprint of a run."""
        return tuple(f"{c.name}:{c.sha256[:16]}" for c in (self.faces, self.bodies, self.embedder))


def has_vnni() -> bool:
    """Whether the processor multiplies bytes in one step; without it int8 networks are slower."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
            return "vnni" in info.read()
    except OSError:
        return False


def choose(face_model: str = "") -> Chosen:
    """The cards in use.

    Raises:
        ModelError: the face model asked for is unknown or is no face embedder.
    """
    cards = load_cards()
    bodies = cards["nanodet-g-int8" if has_vnni() else "nanodet-g"]
    embedder = cards.get(face_model) if face_model else default_card("face-embedding", cards)
    if embedder is None or embedder.task != "face-embedding":
        raise ModelError(
            f"{face_model!r} is no face embedder", "`personae models list` shows the models."
        )
    return Chosen(default_card("face-detection", cards), bodies, embedder)


def session(card: Card, provider: str) -> Session:
    """The card's network, its weights proven."""
    check(card)
    return Session(weights_path(card), provider=provider)


def face_embedder(card: Card, provider: str) -> Embedder:
    """The embedder of a card."""
    if card.name.startswith("mobilefacenet"):
        return MobileFaceNet(session(card, provider), card)
    return SFace(session(card, provider), card.space)


def build_parts(chosen: Chosen, observe: ObserveSettings, provider: str) -> Parts:
    """The pipeline's parts for films."""
    bodies = None
    if observe.bodies:
        bodies = NanoDet(session(chosen.bodies, provider), score=observe.body_score)
    return Parts(
        faces=YuNet(session(chosen.faces, provider), score=observe.face_score),
        bodies=bodies,
        embedder=None if observe.anonymous else face_embedder(chosen.embedder, provider),
        cutter=OpenCvCutter(),
        face_tracker=lambda: ByteTrack(ByteTrackSettings.faces()),
        body_tracker=lambda: ByteTrack(ByteTrackSettings.bodies(observe.body_fresh)),
    )


def for_photos(parts: Parts) -> Parts:
    """The same parts with trackers that make a track of every detection."""
    return Parts(
        faces=parts.faces,
        bodies=parts.bodies,
        embedder=parts.embedder,
        cutter=parts.cutter,
        face_tracker=SingleTracker,
        body_tracker=SingleTracker,
    )
