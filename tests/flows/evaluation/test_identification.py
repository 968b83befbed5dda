"""Identification: rank 1 and FNIR at FPIR against a count by hand and a plain loop."""

from __future__ import annotations

import json

import numpy as np
import pytest

from personae.core.errors import ShapeError, UsageError
from personae.flows.evaluation.identification import Labelled, enrol_one_each, identify

ROUNDING = 1e-6
"""Of a cosine in single precision."""


def _angles(degrees: list[float]) -> np.ndarray:
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def test_a_case_counted_by_hand() -> None:
    gallery = Labelled(_angles([0, 90, 180]), np.array([0, 1, 2]))
    # Probes 10° and 20° off; one of person 2 nearer to person 1; strangers 15° and 40° off.
    probes = Labelled(_angles([10, 70, 130, -15, 220]), np.array([0, 1, 2, 8, 9]))
    result = identify(gallery, probes, fpirs=(1.0, 0.5))
    assert (result.rank1, result.rank5) == (pytest.approx(2 / 3), 1.0)
    assert (result.people, result.probes, result.strangers) == (3, 3, 2)
    anyone, half = result.points
    assert anyone.fnir == pytest.approx(1 / 3)
    # One stranger of two may pass: the threshold lies just above the cosine of 40°.
    assert half.threshold == pytest.approx(np.cos(np.radians(40)), abs=1e-6)
    assert half.fnir == pytest.approx(1 / 3)
    assert identify(gallery, probes, fpirs=(0.4,)).points == ()


def test_equals_a_plain_loop() -> None:
    random = np.random.default_rng(11)
    labels = random.integers(0, 40, 160)
    vectors = random.normal(size=(40, 16))[labels] + 0.9 * random.normal(size=(160, 16))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    enrolled = (labels < 30) & (np.arange(160) < 90)
    result = identify(
        Labelled(vectors[enrolled], labels[enrolled]),
        Labelled(vectors[~enrolled], labels[~enrolled]),
        fpirs=(0.1,),
    )
    known, unknown = [], []
    for vector, label in zip(vectors[~enrolled], labels[~enrolled], strict=True):
        cosines = vectors[enrolled] @ vector
        best = int(cosines.argmax())
        if label in labels[enrolled]:
            known.append((cosines[best], labels[enrolled][best] == label))
        else:
            unknown.append(cosines[best])
    assert len(unknown) >= 10
    assert result.rank1 == pytest.approx(np.mean([right for _, right in known]))
    (point,) = result.points
    # Products of a matrix and of its rows may differ in their last bit, and the threshold lies
    # just above a stranger's
    assert np.mean(np.array(unknown) >= point.threshold + ROUNDING) <= 0.1
    assert not any(abs(score - point.threshold) < ROUNDING for score, _ in known)
    misses = [not (right and score >= point.threshold) for score, right in known]
    assert point.fnir == pytest.approx(np.mean(misses))
    told = result.as_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["fnir_at_fpir"] == {"0.1": point.fnir}


@pytest.mark.parametrize("seed", [None, 1])
def test_one_photo_of_everyone_with_two_is_enrolled(seed: int | None) -> None:
    labels = np.array([5, 3, 5, 4, 3, 5])
    gallery, probes = enrol_one_each(_angles([0, 1, 2, 3, 4, 5]), labels, seed=seed)
    assert sorted(gallery.labels.tolist()) == [3, 5]
    assert sorted(probes.labels.tolist()) == [3, 4, 5, 5]
    if seed is None:
        np.testing.assert_array_equal(gallery.vectors, _angles([0, 1]))


def test_a_tie_counts_against_us() -> None:
    gallery = Labelled(_angles([0, 0]), np.array([0, 1]))
    assert identify(gallery, Labelled(_angles([0]), np.array([0]))).rank1 == 0.0


def test_questions_without_an_answer_are_refused() -> None:
    everyone = Labelled(_angles([0, 90]), np.array([0, 1]))
    with pytest.raises(UsageError, match="enrolled"):
        identify(everyone, Labelled(_angles([0]), np.array([7])))
    with pytest.raises(ShapeError):
        Labelled(_angles([0, 90]), np.array([0]))
