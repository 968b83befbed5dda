"""Places in a picture: who stands in a polygon, and which way a path crosses a line."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from personae.core.arrays import Doubles, Flags
from personae.core.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon: (M, 2) corners in pixels, at least three; it closes by itself."""

    name: str
    corners: Doubles

    def __post_init__(self) -> None:
        _check(self.name, self.corners, 3)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of straight pieces: (M, 2) points in pixels, at least two.

    Whoever walks along it from its first point to its last has its right on their right, as the
    picture shows it.
    """

    name: str
    points: Doubles

    def __post_init__(self) -> None:
        _check(self.name, self.points, 2)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A path crosses a line.

    Attributes:
        step: between points ``step`` and ``step + 1`` of the path.
        along: how far between the two, 0..1.
        to_right: from the left of the line to its right.
    """

    step: int
    along: float
    to_right: bool


def within(points: Doubles, corners: Doubles) -> Flags:
    """(N,) which of (N, 2) points lie in a polygon of (M, 2) corners, by the even-odd rule.

    A point on an edge lies in exactly one of two polygons that share the edge, save for rounding.
    """
    x, y = points[:, 0], points[:, 1]
    found = np.zeros(len(points), np.bool_)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        spans = (ay > y) != (by > y)
        # Multiplied out: dividing by the height of an edge that is all but level overflows
        beside, here = (x - ax) * (by - ay), (y - ay) * (bx - ax)
        found ^= spans & (beside < here if by > ay else beside > here)
    return found


def crossings(path: Doubles, points: Doubles) -> list[Crossing]:
    """Where a path of (T, 2) points crosses a line of (M, 2) points, in order of the path.

    A point on the line counts as right of it, and a line has its first point but not its last, so
    that nothing is counted twice where pieces of a path or of a line meet.
    """
    found: list[Crossing] = []
    for a, b in pairwise(points):
        side = _side(path, a, b)
        right = side >= 0
        for step in np.flatnonzero(right[:-1] != right[1:]).tolist():
            along = float(side[step] / (side[step] - side[step + 1]))
            start, end = path[step], path[step + 1]
            first, last = _side(np.stack([a, b]), start, end)
            if (first >= 0) != (last >= 0):
                found.append(Crossing(step, along, bool(right[step + 1])))
    return sorted(found, key=lambda one: (one.step, one.along))


def _side(points: Doubles, a: Doubles, b: Doubles) -> Doubles:
    """(N,) positive to the right of the way from ``a`` to ``b``, where y points down."""
    way, there = b - a, points - a
    return np.asarray(way[0] * there[:, 1] - way[1] * there[:, 0], np.float64)


def _check(name: str, points: Doubles, least: int) -> None:
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < least:
        raise ShapeError(f"{name!r} needs {least} or more points (M, 2), got {points.shape}")
    if not np.isfinite(points).all():
        raise ShapeError(f"{name!r} has points that are no numbers")
