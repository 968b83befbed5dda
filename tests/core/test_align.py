"""Five landmarks to an upright crop: the map is the one that was applied, whatever it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.align import CROP, TEMPLATE, off_axis, similarity
from personae.core.arrays import Doubles, Landmarks

angles, scales, shifts = st.floats(-3.1, 3.1), st.floats(0.05, 20), st.floats(-2000, 2000)


def turned(points: Landmarks, angle: float, scale: float, x: float, y: float) -> Landmarks:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return (scale * points.astype(np.float64) @ turn.T + np.array([x, y])).astype(np.float32)


def applied(matrix: Doubles, points: Landmarks) -> Doubles:
    return np.asarray(points.astype(np.float64) @ matrix[:, :2].T + matrix[:, 2])


@given(angles, scales, shifts, shifts)
def test_any_turn_size_and_place_is_taken_back(
    angle: float, scale: float, x: float, y: float
) -> None:
    face = turned(TEMPLATE, angle, scale, x, y)
    # float32 pixels far from the origin are coarse; in crop pixels that is eps * place / scale
    coarse = 1e-3 + 1e-6 * (abs(x) + abs(y)) / scale
    np.testing.assert_allclose(applied(similarity(face), face), TEMPLATE, atol=coarse)


@given(angles, scales)
def test_the_map_turns_and_scales_but_never_mirrors_or_shears(angle: float, scale: float) -> None:
    noise = np.random.default_rng(0).normal(0, 2, (5, 2)).astype(np.float32)
    matrix = similarity(turned(TEMPLATE + noise, angle, scale, 10, 20))
    linear = matrix[:, :2]
    assert np.linalg.det(linear) > 0
    np.testing.assert_allclose(
        linear @ linear.T, np.linalg.det(linear) * np.eye(2), rtol=1e-6, atol=1e-9
    )


def test_a_mirrored_face_is_not_mirrored_back() -> None:
    mirrored = TEMPLATE * np.array([-1, 1], np.float32)
    assert np.linalg.det(similarity(mirrored)[:, :2]) > 0


def test_no_other_similarity_fits_better() -> None:
    rng = np.random.default_rng(1)
    face = (TEMPLATE * 3 + rng.normal(0, 6, (5, 2))).astype(np.float32)
    best = similarity(face)
    error = ((applied(best, face) - TEMPLATE) ** 2).sum()
    for _ in range(200):
        a, b, x, y = rng.normal(0, [0.01, 0.01, 0.5, 0.5])
        other = best + np.array([[a, -b, x], [b, a, y]])
        assert ((applied(other, face) - TEMPLATE) ** 2).sum() >= error


def test_points_that_are_all_one_give_numbers() -> None:
    assert np.isfinite(similarity(np.full((5, 2), 7, np.float32))).all()


def test_the_template_is_upright_and_inside_the_crop() -> None:
    assert TEMPLATE.shape == (5, 2) and (TEMPLATE > 0).all() and (TEMPLATE < CROP).all()
    assert TEMPLATE[0, 0] < TEMPLATE[1, 0] and TEMPLATE[3, 0] < TEMPLATE[4, 0]
    assert TEMPLATE[:2, 1].max() < TEMPLATE[2, 1] < TEMPLATE[3:, 1].min()


@given(st.floats(-25, 25), angles, st.floats(0.2, 10))
def test_a_turned_head_is_off_its_axis_however_it_is_tilted(
    aside: float, angle: float, scale: float
) -> None:
    face = TEMPLATE.copy()
    face[2, 0] = (face[:2, 0].mean() + face[3:, 0].mean()) / 2 + aside
    tilted = turned(face, angle, scale, 300, 200)
    assert 0 <= off_axis(tilted) <= 1
    assert off_axis(tilted) == pytest.approx(min(abs(aside) / 17.6, 1), abs=0.03)


def test_frontal_is_0_and_profile_is_1() -> None:
    assert off_axis(TEMPLATE) < 0.05
    profile = np.array([[30, 40], [32, 40], [60, 55], [33, 75], [34, 75]], np.float32)
    assert off_axis(profile) == 1.0
    assert off_axis(np.zeros((5, 2), np.float32)) == 0.0
