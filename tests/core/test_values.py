"""Frames, detections, embeddings, tracks: checked when made, and able to say what is wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from personae.core.arrays import Numbers
from personae.core.detections import Detections
from personae.core.embedding import Embeddings, Space, unit
from personae.core.errors import ShapeError, SpaceMismatch
from personae.core.frame import FrameTime
from personae.core.track import Track

SPACE = Space("model", "0123456789abcdef", 4)


def detections(count: int) -> Detections:
    corners = np.arange(4 * count, dtype=np.float32).reshape(count, 4)
    marks = np.arange(10 * count, dtype=np.float32).reshape(count, 5, 2)
    return Detections("face", corners, np.linspace(0, 1, count, dtype=np.float32), marks)


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.integers(1, 10**6))
def test_seconds_are_the_exact_time_rounded_once(pts: int, num: int, den: int) -> None:
    time = FrameTime(pts, Fraction(num, den))
    assert time.seconds == float(Fraction(pts * num, den))


@given(st.lists(st.booleans(), max_size=9))
def test_taking_rows_takes_them_from_every_column(chosen: list[bool]) -> None:
    found = detections(len(chosen))
    flags = np.array(chosen, bool)
    part = found.take(flags)
    assert len(part) == sum(chosen)
    rows = np.flatnonzero(flags)
    for other in (part, found.take(rows)):
        np.testing.assert_array_equal(other.boxes, found.boxes[rows])
        np.testing.assert_array_equal(other.scores, found.scores[rows])
        assert other.landmarks is not None and found.landmarks is not None
        np.testing.assert_array_equal(other.landmarks, found.landmarks[rows])
    assert Detections("body", found.boxes, found.scores).take(flags).landmarks is None


def test_detections_are_iterated_row_by_row() -> None:
    pairs = list(detections(3))
    assert [score for _, score in pairs] == [0.0, 0.5, 1.0]
    assert [box.tolist() for box, _ in pairs] == detections(3).boxes.tolist()


@pytest.mark.parametrize("kind", ["face", "body"])
def test_nothing_found_has_the_right_shapes(kind: str) -> None:
    nothing = Detections.none("face" if kind == "face" else "body")
    assert len(nothing) == 0 and nothing.kind == kind
    assert (nothing.landmarks is None) == (kind == "body")


BOXES, SCORES = np.zeros((2, 4), np.float32), np.zeros(2, np.float32)


@pytest.mark.parametrize(
    ("boxes", "scores", "landmarks", "said"),
    [
        (np.zeros((2, 5), np.float32), SCORES, None, r"boxes must be \(N, 4\).*\(2, 5\)"),
        (np.zeros((2, 4)), SCORES, None, "float64"),
        (BOXES, np.zeros(3, np.float32), None, r"scores must be \(2,\).*\(3,\)"),
        (BOXES, np.zeros(2), None, "float64"),
        (BOXES, SCORES, np.zeros((2, 5, 3), np.float32), r"landmarks must be \(2, 5, 2\)"),
        (BOXES, SCORES, np.zeros((3, 5, 2), np.float32), "landmarks"),
        (BOXES, SCORES, np.zeros((2, 5, 2)), "landmarks"),
    ],
)
def test_detections_of_a_wrong_shape_are_refused(
    boxes: Numbers, scores: Numbers, landmarks: Numbers | None, said: str
) -> None:
    with pytest.raises(ShapeError, match=said):
        Detections("face", boxes, scores, landmarks)


def test_embeddings_of_a_wrong_shape_are_refused() -> None:
    good = Embeddings(SPACE, np.zeros((3, 4), np.float32), np.zeros(3, np.float32))
    assert len(good) == 3
    with pytest.raises(ShapeError, match=r"\(3, 4\).*\(3, 5\)"):
        Embeddings(SPACE, np.zeros((3, 5), np.float32), np.zeros(3, np.float32))
    with pytest.raises(ShapeError, match=r"\(3,\).*\(2,\)"):
        Embeddings(SPACE, np.zeros((3, 4), np.float32), np.zeros(2, np.float32))


@pytest.mark.parametrize(
    "other",
    [
        Space("other", SPACE.weights, 4),
        Space("model", "f" * 16, 4),
        Space("model", SPACE.weights, 5),
    ],
)
def test_two_spaces_never_meet(other: Space) -> None:
    SPACE.require(Space("model", "0123456789abcdef", 4))
    with pytest.raises(SpaceMismatch) as caught:
        SPACE.require(other)
    assert str(other) in str(caught.value) and str(SPACE) in str(caught.value)


@given(arrays(np.float32, (5, 7), elements=st.floats(-100, 100, width=32)))
def test_unit_rows_have_length_1_and_keep_their_direction(rows: Numbers) -> None:
    made = unit(rows)
    assert made.dtype == np.float32
    lengths = np.linalg.norm(rows.astype(float), axis=1)
    real = lengths > 1e-3
    np.testing.assert_allclose(np.linalg.norm(made[real], axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(made[real] * lengths[real, None], rows[real], rtol=1e-4, atol=1e-4)
    assert not made[lengths == 0].any()
    np.testing.assert_array_equal(unit(rows[0]), made[0])


def track(**more: object) -> Track:
    boxes = np.array([[0, 0, 10, 10], [20, 0, 30, 20]], np.float32)
    times = np.array([100, 200], np.int64)
    return Track(3, "face", Fraction(1, 50), 90, 240, times, boxes, **more)  # type: ignore[arg-type]


def test_a_track_knows_how_long_it_lasts_and_where_it_was() -> None:
    assert track().seconds == 3.0
    assert track().box_at(150).tolist() == [10, 0, 20, 15]
    assert track().box_at(90).tolist() == [0, 0, 10, 10]
    assert track().box_at(239).tolist() == [20, 0, 30, 20]
    assert track().box_at(100).dtype == np.float32


def test_a_numbered_track_is_the_same_otherwise() -> None:
    other = track(opened=True).numbered(9, 4)
    assert (other.number, other.body, other.opened, other.first) == (9, 4, True, 90)


def test_values_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        track().number = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        SPACE.size = 8  # type: ignore[misc]
