"""Boxes, against counting pixels on a grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from personae.core.arrays import Boxes, Scores
from personae.core.geometry import area, clip, grow, inside, intersection, iou, thin

SIDE = 24
corners = st.tuples(*[st.integers(0, SIDE - 1)] * 2, *[st.integers(1, 12)] * 2)


def boxed(found: list[tuple[int, int, int, int]]) -> Boxes:
    rows = [(x, y, min(x + w, SIDE), min(y + h, SIDE)) for x, y, w, h in found]
    return np.array(rows, np.float32).reshape(-1, 4)


boxes = st.lists(corners, max_size=6).map(boxed)
some = st.lists(corners, min_size=1, max_size=6).map(boxed)


def pixels(box: Boxes) -> set[tuple[int, int]]:
    x1, y1, x2, y2 = (int(v) for v in box)
    return {(x, y) for x in range(x1, x2) for y in range(y1, y2)}


@given(boxes, boxes)
def test_areas_are_counts_of_pixels(a: Boxes, b: Boxes) -> None:
    first, second = [pixels(x) for x in a], [pixels(x) for x in b]
    assert area(a).tolist() == [len(p) for p in first]
    assert intersection(a, b).shape == iou(a, b).shape == inside(a, b).shape == (len(a), len(b))
    for i, p in enumerate(first):
        for j, q in enumerate(second):
            assert intersection(a, b)[i, j] == len(p & q)
            assert iou(a, b)[i, j] == pytest.approx(len(p & q) / len(p | q))
            assert inside(a, b)[i, j] == pytest.approx(len(p & q) / len(p))


@given(boxes, boxes)
def test_overlap_is_symmetric_and_between_0_and_1(a: Boxes, b: Boxes) -> None:
    np.testing.assert_array_equal(iou(a, b), iou(b, a).T)
    assert ((iou(a, b) >= 0) & (iou(a, b) <= 1)).all()
    assert np.diag(iou(a, a)) == pytest.approx(1)


def test_inverted_and_empty_boxes_have_no_area() -> None:
    odd = np.array([[5, 5, 2, 9], [3, 3, 3, 3]], np.float32)
    assert area(odd).tolist() == [0, 0]
    assert iou(odd, odd).tolist() == [[0, 0], [0, 0]]


@given(some, st.data(), st.floats(0.1, 0.9))
def test_thinning_keeps_the_best_and_nothing_that_overlaps_it(
    a: Boxes, data: st.DataObject, limit: float
) -> None:
    scores: Scores = data.draw(arrays(np.float32, len(a), elements=st.floats(0, 1, width=16)))
    kept = thin(a, scores, limit)
    assert int(kept[0]) == int(np.argmax(scores))
    assert scores[kept].tolist() == sorted(scores[kept].tolist(), reverse=True)
    among = iou(a[kept], a[kept]) - np.eye(len(kept), dtype=np.float32)
    assert (among <= limit).all()
    for dropped in set(range(len(a))) - set(kept.tolist()):
        rivals = [k for k in kept.tolist() if iou(a[[dropped]], a[[k]])[0, 0] > limit]
        assert any(scores[k] >= scores[dropped] for k in rivals)
    np.testing.assert_array_equal(kept, thin(a, scores, limit))


def test_thinning_nothing_gives_nothing() -> None:
    nothing = thin(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), 0.5)
    assert nothing.shape == (0,) and nothing.dtype == np.int64


def test_clipping_stays_in_the_picture() -> None:
    wild = np.array([[-5, -6, 500, 3], [2, 3, 4, 5]], np.float32)
    assert clip(wild, 100, 50).tolist() == [[0, 0, 100, 3], [2, 3, 4, 5]]
    assert clip(wild, 100, 50).dtype == np.float32


@given(some, st.floats(0.25, 4))
def test_growing_keeps_the_centre(a: Boxes, factor: float) -> None:
    grown = grow(a[0], factor)
    np.testing.assert_allclose(grown[:2] + grown[2:], a[0][:2] + a[0][2:], atol=1e-3)
    np.testing.assert_allclose(
        grown[2:] - grown[:2], (a[0][2:] - a[0][:2]) * factor, rtol=1e-4, atol=1e-3
    )
    assert grown.dtype == np.float32
