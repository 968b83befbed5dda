"""Search: order, thresholds, people found through their other faces, honest rates."""

from __future__ import annotations

import numpy as np
import pytest

from personae.adapters.indexes.faiss import FaissIndex
from personae.adapters.models.calibrated import load_calibration
from personae.adapters.models.cards import default_card
from personae.core.arrays import Vector, Vectors
from personae.core.embedding import unit
from personae.core.errors import NoFaceFound, SeveralFaces
from personae.core.records import FaceVector
from personae.flows.search import Match, ProbeFace, chosen_face, search

CALIBRATION = load_calibration(default_card("face-embedding").space)
SIZE = CALIBRATION.space.size


def at(cosine: float, side: int) -> Vector:
    """A unit vector at this cosine to the probe, which is the first axis."""
    vector = np.zeros(SIZE, np.float32)
    vector[0] = cosine
    vector[side] = np.sqrt(1 - cosine**2)
    return vector


PROBE: Vectors = unit(np.eye(1, SIZE, dtype=np.float32))


def asked(faces: dict[int, tuple[float, int | None]], fmr: float = 1e-4) -> list[Match]:
    known = {
        number: FaceVector(number, 1, 0, 10, at(cosine, number + 1), 1, 0.8, person, "cluster")
        for number, (cosine, person) in faces.items()
    }
    index = FaissIndex(CALIBRATION.space)
    ids = np.array(list(known), np.int64)
    vectors = np.stack([face.vector for face in known.values()])
    index.apply(ids, vectors, np.zeros(0, np.int64), 1)
    return search(PROBE, known, index, CALIBRATION, fmr)


def test_the_best_person_comes_first_and_then_their_best_face() -> None:
    found = asked({1: (0.6, 7), 2: (0.9, 8), 3: (0.5, 8), 4: (0.8, 7)})
    assert [m.sighting for m in found] == [2, 3, 4, 1]


def test_strangers_below_the_rate_are_left_out() -> None:
    found = asked({1: (0.6, None), 2: (0.42, None), 3: (0.40, None)})
    assert [m.sighting for m in found] == [1, 2]
    assert [m.sighting for m in asked({1: (0.6, None), 2: (0.42, None)}, fmr=1e-6)] == [1]


def test_a_person_is_found_in_the_faces_that_are_unlike_too() -> None:
    found = asked({1: (0.7, 7), 2: (0.1, 7), 3: (0.1, 8)})
    assert [(m.sighting, m.through) for m in found] == [(1, False), (2, True)]
    assert found[1].probability < 0.5 < found[0].probability


def test_no_rate_is_claimed_that_was_not_measured() -> None:
    (found,) = asked({1: (0.99, 7)})
    assert found.fmr == CALIBRATION.supported
    assert 0 < found.probability < 1


def test_an_empty_library_answers_nothing() -> None:
    assert search(PROBE, {}, FaissIndex(CALIBRATION.space), CALIBRATION, 1e-4) == []


def test_a_face_must_be_chosen_where_there_are_several() -> None:
    crop = np.zeros((160, 160, 3), np.uint8)
    faces = [ProbeFace(n, (0.0, 0.0, 1.0, 1.0), 0.5, crop) for n in (1, 2)]
    assert chosen_face(faces, 2).number == 2
    assert chosen_face(faces[:1], None).number == 1
    with pytest.raises(SeveralFaces):
        chosen_face(faces, None)
    with pytest.raises(NoFaceFound):
        chosen_face(faces, 3)
