"""Nearness of boxes, and the best one-to-one choice against trying everything."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from personae.adapters.trackers.assignment import FORBIDDEN, join_best, nearness
from personae.core.arrays import Boxes, Ids, Numbers
from personae.core.geometry import iou


def random_boxes(count: int, seed: int) -> Boxes:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 200, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(5, 100, (count, 2))], 1).astype(np.float32)


def test_without_a_margin_nearness_is_overlap() -> None:
    a, b = random_boxes(6, 0), random_boxes(9, 1)
    near = nearness(a, b, np.zeros(6), 1e9)
    np.testing.assert_allclose(near, iou(a, b), atol=1e-6)
    assert (near > 0).any()


def test_a_margin_grows_both_boxes_by_its_share_of_their_sides() -> None:
    left = np.array([[0, 0, 100, 100]], np.float32)
    right = np.array([[120, 0, 220, 100]], np.float32)
    assert nearness(left, right, np.zeros(1), 9)[0, 0] == 0
    # Grown to 140 x 140 with 20 pixels of overlap
    expected = 20 * 140 / (2 * 140 * 140 - 20 * 140)
    assert nearness(left, right, np.array([0.2]), 9)[0, 0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("height", "allowed"), [(150, True), (210, False), (60, True), (45, False)]
)
def test_heights_that_differ_too_much_are_forbidden(height: int, allowed: bool) -> None:
    one = np.array([[0, 0, 50, 100]], np.float32)
    other = np.array([[0, 0, 50, height]], np.float32)
    near = nearness(one, other, np.zeros(1), 2.0)[0, 0]
    assert bool(near == FORBIDDEN) == (height in (45, 210))
    assert bool(near > 0) == (height in (60, 150))


def best_by_trying(near: Numbers, least: float) -> float:
    """The greatest total of (near - least) over all one-to-one choices of pairs that reach it."""
    n, m = near.shape
    size = max(n, m)
    gain = np.zeros((size, size))
    gain[:n, :m] = np.where(near >= least, near - least + 1e-3, 0)
    return max(sum(gain[i, j] for i, j in enumerate(p)) for p in permutations(range(size)))


@given(near=arrays(np.float32, (4, 3), elements=st.floats(-1, 1, width=32)))
def test_the_choice_is_the_best_there_is(near: Numbers) -> None:
    rows: Ids = np.full(3, -1, np.int64)
    join_best(rows, near, np.ones(4, bool), np.ones(3, bool), 0.25)
    joined = np.flatnonzero(rows >= 0)
    assert len(set(rows[joined].tolist())) == len(joined)
    assert all(near[rows[j], j] >= 0.25 for j in joined)
    total = sum(near[rows[j], j] - 0.25 + 1e-3 for j in joined)
    assert total == pytest.approx(best_by_trying(near, 0.25), abs=1e-5)


def test_who_is_joined_already_stays_joined() -> None:
    near = np.array([[0.9, 0.8], [0.9, 0.1]], np.float32)
    rows: Ids = np.array([-1, 0], np.int64)
    join_best(rows, near, np.ones(2, bool), np.ones(2, bool), 0.2)
    assert rows.tolist() == [1, 0]
