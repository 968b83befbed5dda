"""Did a head turn, or a picture of one? Two looks at the same points tell.

Two views of a plane are related by a homography, however the plane was moved; two views of a head
that turned are not: the nose runs ahead of the cheeks (Hartley and Zisserman, *Multiple View
Geometry*, 2nd ed., 2004, chapter 13). So the best homography is fitted and what remains is
measured. A picture that is turned shows itself besides: it becomes narrower in one direction, and
nothing remains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles
from personae.core.errors import ShapeError

FEWEST_POINTS = 8


@dataclass(frozen=True, slots=True)
class Change:
    """How the points of one face changed between two looks.

    Attributes:
        relief: root mean square of what no movement of a plane explains, in units of the face's
            own radius (root mean square distance of its points from their middle). About 0.01 to
            0.02 is what the landmarks shake by themselves.
        squeeze: how much narrower the face became in one direction than across it, 0..1: 0.1 is a
            plane turned by 26 degrees.
        shift: distance the middle moved, in radii.
        zoom: ratio of the larger radius to the smaller, 1 or more.
    """

    relief: float
    squeeze: float
    shift: float
    zoom: float


def change(before: Doubles, after: Doubles) -> Change:
    """Compares two looks at the same points.

    Args:
        before: (P, 2) pixels, P at least 8.
        after: (P, 2) pixels, the same points in the same order.

    Raises:
        ShapeError: the shapes differ or there are too few points.
    """
    if before.shape != after.shape or before.ndim != 2 or before.shape[1] != 2:
        raise ShapeError(f"points must be (P, 2) twice, got {before.shape} and {after.shape}")
    if len(before) < FEWEST_POINTS:
        raise ShapeError(f"{FEWEST_POINTS} points are needed, got {len(before)}")
    there, radius, middle = _normal(before)
    here, radius_after, middle_after = _normal(after)
    both = (_beside_plane(there, here), _beside_plane(here, there))
    smaller, larger = sorted((radius, radius_after))
    return Change(
        relief=float(np.mean(both)),
        squeeze=_squeeze(there, here),
        shift=float(np.linalg.norm(middle_after - middle) / max(larger, 1e-9)),
        zoom=larger / max(smaller, 1e-9),
    )


def _normal(points: Doubles) -> tuple[Doubles, float, Doubles]:
    middle = points.mean(0)
    radius = float(np.sqrt(((points - middle) ** 2).sum(1).mean()))
    return (points - middle) / max(radius, 1e-9), radius, np.asarray(middle)


def _beside_plane(before: Doubles, after: Doubles) -> float:
    """Root mean square of what the best homography leaves, fitted directly (ibid., chapter 4)."""
    x, y = before.T
    u, v = after.T
    one, none = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.column_stack([x, y, one, none, none, none, -u * x, -u * y, -u]),
            np.column_stack([none, none, none, x, y, one, -v * x, -v * y, -v]),
        ]
    )
    # Of R' R only the least direction is wanted: 9 x 9 instead of 2P x 9
    _, vectors = np.linalg.eigh(rows.T @ rows)
    mapped = np.column_stack([before, one]) @ vectors[:, 0].reshape(3, 3).T
    depth = mapped[:, 2:]
    depth = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
    rest = after - mapped[:, :2] / depth
    return float(np.sqrt((rest**2).sum(1).mean()))


def _squeeze(before: Doubles, after: Doubles) -> float:
    """1 less the ratio of the two stretches of the best affine map."""
    columns = np.column_stack([before, np.ones(len(before))])
    affine, *_ = np.linalg.lstsq(columns, after, rcond=None)
    stretches = np.linalg.svd(affine[:2], compute_uv=False)
    return float(1 - stretches[1] / max(float(stretches[0]), 1e-9))
