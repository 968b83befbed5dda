"""Which rectangles mean the same face."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from personae.core.face_regions import same_faces

FACES = np.array([[0.1, 0.1, 0.2, 0.2], [0.22, 0.1, 0.32, 0.2], [0.6, 0.6, 0.7, 0.7]])


def grown(boxes: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    centre, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2 * factor
    return np.concatenate([centre - half, centre + half], axis=1)


def test_whole_heads_are_matched_to_faces_side_by_side() -> None:
    for factor in (0.6, 1.0, 1.5, 2.0):
        pairs = same_faces(grown(FACES[[2, 0, 1]], factor), FACES)
        assert sorted(pairs) == [(0, 2), (1, 0), (2, 1)], factor


def test_what_only_touches_or_is_far_larger_is_another() -> None:
    assert same_faces(FACES[:1] + np.array([0.08, 0, 0.08, 0]), FACES[:1]) == []
    assert same_faces(grown(FACES[:1], 3), FACES[:1]) == []


def test_each_face_is_matched_once_to_the_best() -> None:
    several = np.concatenate([FACES[:1] + 0.02, FACES[:1]])
    assert same_faces(several, FACES) == [(1, 0)]


def test_nothing_matches_nothing() -> None:
    none = np.zeros((0, 4))
    assert same_faces(none, FACES) == same_faces(FACES, none) == same_faces(none, none) == []
