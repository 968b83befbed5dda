"""What our adapters say about the golden pictures, in the form of expected.json."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from personae.adapters.models.age import Age
from personae.adapters.models.cards import Card, load_cards, weights_path
from personae.adapters.models.emotion import Emotion
from personae.adapters.models.facemesh import FaceMesh
from personae.adapters.models.gender import PresentedGender
from personae.adapters.models.iris import Iris
from personae.adapters.models.mobilefacenet import MobileFaceNet
from personae.adapters.models.nanodet import NanoDet
from personae.adapters.models.onnx import Session
from personae.adapters.models.sface import SFace
from personae.adapters.models.yunet import YuNet
from personae.core.detections import Detections
from tests.golden.inputs import SURE, aligned, crowd, eyes, meshes, scene

Answers = dict[str, NDArray[np.float32]]
Pixels = NDArray[np.uint8]
Change = Callable[[Pixels], Pixels]
"""What is done to a picture's channels before the adapter sees it."""


def as_is(pixels: Pixels) -> Pixels:
    return pixels


def red_and_blue_swapped(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[..., ::-1])


def _columns(found: Detections) -> Answers:
    columns = {"boxes": found.boxes, "scores": found.scores}
    return columns if found.landmarks is None else {**columns, "landmarks": found.landmarks}


def _yunet(session: Session, card: Card, change: Change) -> Answers:
    return _columns(YuNet(session).detect([change(scene())])[0])


def _nanodet(session: Session, card: Card, change: Change) -> Answers:
    return _columns(NanoDet(session, score=SURE).detect([change(crowd())])[0])


def _sface(session: Session, card: Card, change: Change) -> Answers:
    return {"vectors": SFace(session, card.space).embed(change(aligned()))}


def _mobilefacenet(session: Session, card: Card, change: Change) -> Answers:
    return {"vectors": MobileFaceNet(session, card).embed(change(aligned()))}


def _mesh(session: Session, card: Card, change: Change) -> Answers:
    found = FaceMesh(session, card).read(change(meshes()))
    return {"points": found.points[:, ::20], "presence": found.presence}


def _iris(session: Session, card: Card, change: Change) -> Answers:
    found = Iris(session, card).read(change(eyes()))
    return {"contour": found.contour[:, :16], "iris": found.iris, "openness": found.openness}


def _age(session: Session, card: Card, change: Change) -> Answers:
    return {"years": Age(session, card).read(change(aligned())).years}


def _gender(session: Session, card: Card, change: Change) -> Answers:
    return {"female": PresentedGender(session, card).read(change(aligned())).female}


def _emotion(session: Session, card: Card, change: Change) -> Answers:
    return {"shares": Emotion(session, card).read(change(aligned())).shares}


READERS: dict[str, Callable[[Session, Card, Change], Answers]] = {
    "yunet-2023mar": _yunet,
    "sface-2021dec": _sface,
    "mobilefacenet-192": _mobilefacenet,
    "nanodet-g": _nanodet,
    "nanodet-g-int8": _nanodet,
    "facemesh-468": _mesh,
    "iris-64": _iris,
    "age-v1": _age,
    "gender-v1": _gender,
    "emotion-mini-xception": _emotion,
}


def read(name: str, change: Change = as_is) -> Answers:
    """The answers of the model called ``name``."""
    card = load_cards()[name]
    return READERS[name](Session(weights_path(card)), card, change)
