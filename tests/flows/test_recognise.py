"""Known or nobody: never on one view, changed only with reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from personae.adapters.models.calibrated import load_calibration
from personae.app.build import choose
from personae.core.arrays import Vector
from personae.core.calibration import Calibration
from personae.core.embedding import Space, unit
from personae.core.records import FaceVector, Person
from personae.flows.recognise import TURNS, Gallery, Identity

SPACE = Space("fake", "0" * 16, 64)
CHANCE = np.random.default_rng(4)
FMR = 1e-4


def direction() -> Vector:
    return unit(CHANCE.normal(size=64).astype(np.float32))


ANNA, BERT, STRANGER = direction(), direction(), direction()


def near(vector: Vector, cosine: float = 0.9) -> Vector:
    """Another view: the cosine with ``vector`` is about this."""
    other = CHANCE.normal(size=64).astype(np.float32)
    other = unit(other - (other @ vector) * vector)
    return unit(cosine * vector + np.float32(np.sqrt(1 - cosine**2)) * other)


@pytest.fixture
def calibration() -> Calibration:
    return load_calibration(choose().space)


def face(person: int, vector: Vector) -> FaceVector:
    return FaceVector(person, 1, 0, 10, vector, 3, 0.8, person, "hand")


def gallery(calibration: Calibration) -> Gallery:
    people = {
        1: Person(1, "Anna", "named", "Female"),
        2: Person(2, "Bert", "named", "Male"),
        3: Person(3, "Hidden", "hidden", "Male"),
    }
    faces = [face(1, near(ANNA)), face(1, near(ANNA)), face(2, near(BERT)), face(3, STRANGER)]
    small = replace(calibration, space=SPACE)
    return Gallery.of(faces, [], people, small)


def test_nobody_is_named_on_one_view(calibration: Calibration) -> None:
    known, one = gallery(calibration), Identity(FMR)
    one.learn(0, 0.9, near(ANNA))
    one.decide(known)
    assert one.verdict == "undecided"
    one.learn(300, 0.9, near(ANNA))
    one.decide(known)
    assert one.verdict == "known" and one.candidate is not None
    assert one.candidate.person.name == "Anna"
    assert one.candidate.fmr <= FMR and 0.5 < one.candidate.probability < 1


def test_a_stranger_is_unknown_after_several_views_and_hidden_people_are_nobody(
    calibration: Calibration,
) -> None:
    known, one = gallery(calibration), Identity(FMR)
    assert [person.name for person in known.persons] == ["Anna", "Bert"]
    for number in range(3):
        one.decide(known)
        assert one.verdict == "undecided"
        one.learn(number * 300, 0.9, near(STRANGER))
    one.decide(known)
    assert one.verdict == "unknown" and one.candidate is None


def test_a_decision_is_changed_only_when_several_looks_speak_against_it(
    calibration: Calibration,
) -> None:
    known, one = gallery(calibration), Identity(FMR)
    for number in range(2):
        one.learn(number, 0.5, near(ANNA))
    one.decide(known)
    for number in range(10, 16):
        one.learn(number, 0.9, near(BERT, 0.97))
    for _ in range(TURNS - 1):
        one.decide(known)
        assert one.candidate is not None and one.candidate.person.name == "Anna"
    one.decide(known)
    assert one.candidate is not None and one.candidate.person.name == "Bert"


def test_another_face_contradicts_the_views_and_the_same_one_does_not() -> None:
    one = Identity(FMR)
    assert not one.contradicts(near(BERT)), "nothing is known yet"
    first = near(ANNA)
    one.learn(0, 0.9, first)
    one.follow(first)
    assert not one.contradicts(near(ANNA))
    assert one.contradicts(near(BERT))


def test_a_head_that_turns_slowly_goes_on_from_view_to_view() -> None:
    one, view = Identity(FMR), ANNA
    one.learn(0, 0.9, ANNA)
    for _ in range(12):
        view = near(view, 0.8)
        assert not one.contradicts(view)
        one.follow(view)
    assert float(view @ ANNA) < 0.5, "by now it is unlike the first"


def test_an_empty_gallery_knows_nobody(calibration: Calibration) -> None:
    nobody = Gallery.of([], [], {}, calibration)
    one = Identity(FMR)
    for number in range(3):
        one.learn(number, 0.9, near(ANNA))
    one.decide(nobody)
    assert one.verdict == "unknown"


def test_of_too_many_views_the_worst_goes() -> None:
    one = Identity(FMR)
    for number in range(8):
        one.learn(number, 0.1 + 0.1 * number, near(ANNA))
    assert one.shots == 5
    assert not one.knows(0) and one.knows(7)
