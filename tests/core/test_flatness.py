"""A plane that moves and a head that turns, projected by a pinhole camera."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.arrays import Doubles
from personae.core.errors import ShapeError
from personae.core.flatness import change

SPOTS = np.random.default_rng(7).uniform(-0.5, 0.5, (40, 2))


def turned(depth: Doubles, yaw: float, pitch: float = 0.0, far: float = 4.0) -> Doubles:
    """(40, 2) pixels of points with a depth each, turned by radians and seen from ``far``."""
    solid = np.column_stack([SPOTS, depth])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    seen = solid @ (about_y @ about_x).T + [0.1, -0.2, far]
    return np.asarray(800 * seen[:, :2] / seen[:, 2:] + 320)


PLANE = np.zeros(40)
HEAD = 0.5 * (SPOTS**2).sum(1) - 0.3 * np.exp(-40 * (SPOTS**2).sum(1))
"""A bowl with a nose."""


@given(st.floats(-0.9, 0.9), st.floats(-0.9, 0.9), st.floats(2, 8))
def test_a_plane_leaves_nothing_however_it_is_held(yaw: float, pitch: float, far: float) -> None:
    assert change(turned(PLANE, 0), turned(PLANE, yaw, pitch, far)).relief < 1e-6


def test_a_head_leaves_the_more_the_further_it_turns() -> None:
    reliefs = [change(turned(HEAD, 0), turned(HEAD, yaw)).relief for yaw in (0.1, 0.3, 0.6)]
    assert reliefs == sorted(reliefs)
    assert reliefs[1] > 0.02


def test_a_turned_plane_is_squeezed_a_nearer_one_is_not() -> None:
    plane = turned(PLANE, 0, far=40)
    assert change(plane, turned(PLANE, 0.45, far=40)).squeeze == pytest.approx(
        1 - np.cos(0.45), abs=0.02
    )
    nearer = change(plane, turned(PLANE, 0, far=20))
    assert nearer.squeeze < 0.01
    assert nearer.zoom == pytest.approx(2, abs=0.02)


@given(st.floats(-3, 3), st.floats(-900, 900), st.floats(0.2, 5))
def test_turning_in_the_picture_moving_and_scaling_change_nothing(
    angle: float, by: float, scale: float
) -> None:
    before, after = turned(HEAD, 0), turned(HEAD, 0.4)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    plain, moved = change(before, after), change(before, after @ turn.T + by)
    assert moved.relief == pytest.approx(plain.relief, rel=1e-4)
    assert moved.squeeze == pytest.approx(plain.squeeze, abs=1e-6)


def test_shift_is_counted_in_radii() -> None:
    points = turned(PLANE, 0)
    radius = np.sqrt(((points - points.mean(0)) ** 2).sum(1).mean())
    assert change(points, points + np.array([radius, 0])).shift == pytest.approx(1)


def test_points_must_be_the_same_and_enough() -> None:
    with pytest.raises(ShapeError):
        change(turned(PLANE, 0), turned(PLANE, 0)[:-1])
    with pytest.raises(ShapeError):
        change(turned(PLANE, 0)[:7], turned(PLANE, 0)[:7])
