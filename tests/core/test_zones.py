"""Polygons and lines: who is inside, who goes over, in any direction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from personae.core.errors import ShapeError
from personae.core.zones import Line, Zone, crossings, within

SQUARE = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], np.float64)
# Odd fractions: a path that runs along an edge of the square is a case of its own
places = st.tuples(st.floats(-20, 30), st.floats(-20, 30))
paths = st.lists(places, min_size=2, max_size=20).map(lambda p: np.array(p, np.float64))
polygons = st.lists(places, min_size=3, max_size=9).map(lambda p: np.array(p, np.float64))


def test_a_square_has_an_inside() -> None:
    points = np.array([[5, 5], [-1, 5], [11, 5], [5, -1], [5, 11], [0.01, 9.99]], np.float64)
    assert within(points, SQUARE).tolist() == [True, False, False, False, False, True]


def test_a_hollow_is_outside() -> None:
    horseshoe = np.array([[0, 0], [9, 0], [9, 9], [6, 9], [6, 3], [3, 3], [3, 9], [0, 9]], float)
    points = np.array([[4.5, 6], [4.5, 1.5], [1.5, 6], [7.5, 6]], np.float64)
    assert within(points, horseshoe).tolist() == [False, True, True, True]


@given(polygons, places, st.integers(-50, 50))
def test_neither_order_nor_first_corner_matters(
    corners: NDArray[np.float64], point: tuple[float, float], roll: int
) -> None:
    points = np.add([point], [1e-3 * np.pi, 1e-3 * np.e])
    inside = within(points, corners)
    assert within(points, np.roll(corners, roll, axis=0)).tolist() == inside.tolist()
    assert within(points, corners[::-1]).tolist() == inside.tolist()


def test_neighbours_share_no_point_and_leave_none() -> None:
    """Zones side by side: a grid of points, those on the common edge too, each in exactly one."""
    left = np.array([[0, 0], [8, 0], [8, 16], [0, 16]], np.float64)
    right = np.add(left, [8, 0])
    grid = np.stack(np.meshgrid(np.arange(16), np.arange(16)), -1).reshape(-1, 2).astype(float)
    both = within(grid, left).astype(int) + within(grid, right)
    assert both.tolist() == [1] * len(grid)


@given(paths)
def test_going_in_and_out_of_a_zone_is_crossing_its_edge(path: NDArray[np.float64]) -> None:
    """Clockwise as seen, the inside is on the right: crossings add up to being inside."""
    # Off whole numbers, so that no point lies on the edge, where either answer is right
    path = np.add(path, [1e-3 * np.pi, 1e-3 * np.e])
    edge = np.concatenate([SQUARE, SQUARE[:1]])
    net = sum(1 if cross.to_right else -1 for cross in crossings(path, edge))
    start, *_, end = within(path, SQUARE).astype(int).tolist()
    assert net == end - start


@given(paths, st.lists(places, min_size=2, max_size=6))
def test_the_way_back_crosses_as_often(
    path: NDArray[np.float64], line: list[tuple[float, float]]
) -> None:
    points = np.add(np.array(line, np.float64), [np.pi * 1e-3, np.e * 1e-3])
    there, back = crossings(path, points), crossings(path[::-1], points)
    assert len(there) == len(back)
    assert sum(c.to_right for c in there) == sum(not c.to_right for c in back)
    for cross in there:
        assert 0 <= cross.step < len(path) - 1
        assert 0 <= cross.along <= 1


def test_right_is_what_the_picture_shows() -> None:
    """Walking up the picture, right is right."""
    up = np.array([[5, 10], [5, 0]], np.float64)
    eastward = np.array([[2, 5], [8, 5]], np.float64)
    assert [c.to_right for c in crossings(eastward, up)] == [True]
    assert [c.to_right for c in crossings(eastward[::-1], up)] == [False]


def test_beside_the_end_of_a_line_is_no_crossing() -> None:
    line = np.array([[5, 10], [5, 0]], np.float64)
    assert crossings(np.array([[2, 12], [8, 12]], np.float64), line) == []


def test_a_path_that_stops_on_the_line_crosses_once() -> None:
    line = np.array([[5, 10], [5, 0]], np.float64)
    path = np.array([[2, 5], [5, 5], [8, 5]], np.float64)
    assert [c.to_right for c in crossings(path, line)] == [True]
    assert crossings(np.array([[5, 3], [5, 6]], np.float64), line) == []


def test_the_joint_of_a_line_is_crossed_once() -> None:
    line = np.array([[5, 10], [5, 5], [5, 0]], np.float64)
    assert len(crossings(np.array([[2, 5], [8, 5]], np.float64), line)) == 1


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        (Zone, np.zeros((2, 2))),
        (Zone, np.zeros((3, 3))),
        (Line, np.zeros((1, 2))),
        (Line, np.array([[0, 0], [np.nan, 1]])),
    ],
)
def test_what_is_no_shape_is_refused(kind: type[Zone | Line], points: NDArray[np.float64]) -> None:
    with pytest.raises(ShapeError, match="gate"):
        kind("gate", points)
