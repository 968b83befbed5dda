"""The filter against the textbook's matrices, and against itself over steps of other lengths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.adapters.trackers import kalman
from personae.adapters.trackers.kalman import Motion, Noise
from personae.core.arrays import Boxes

NOISE = Noise()
STEPS = st.floats(0.01, 2.0)


def boxes(*rows: tuple[float, float, float, float]) -> Boxes:
    return np.array(rows, np.float32)


PAIR = boxes((100, 50, 150, 150), (300, 80, 320, 120))


def columns(motion: Motion) -> np.ndarray:
    return np.stack([motion.place, motion.speed, motion.pp, motion.pv, motion.vv])


def test_boxes_come_back_as_they_were() -> None:
    np.testing.assert_allclose(kalman.start(PAIR, NOISE).boxes(), PAIR, atol=1e-4)


@given(first=STEPS, second=STEPS)
def test_two_steps_are_one_step_of_their_sum(first: float, second: float) -> None:
    seen = kalman.start(PAIR, NOISE)
    twice = kalman.predict(kalman.predict(seen, first, NOISE), second, NOISE)
    once = kalman.predict(seen, first + second, NOISE)
    np.testing.assert_allclose(columns(twice), columns(once), rtol=1e-9, atol=1e-9)


@given(dt=STEPS, dx=st.floats(-60, 60), dy=st.floats(-60, 60))
def test_equals_the_textbook_filter_of_one_coordinate(dt: float, dx: float, dy: float) -> None:
    start = kalman.start(PAIR[:1], NOISE)
    ahead = kalman.predict(start, dt, NOISE)
    moved = PAIR[:1] + np.array([dx, dy, dx, dy], np.float32)
    after = kalman.correct(ahead, moved, NOISE)
    for axis, seen in ((0, 125.0 + dx), (1, 100.0 + dy)):
        height = 100.0
        state = np.array([start.place[0, axis], start.speed[0, axis]])
        spread = np.diag([start.pp[0, axis], start.vv[0, axis]])
        move = np.array([[1.0, dt], [0.0, 1.0]])
        wander = (NOISE.agility * height) ** 2
        noise = wander * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
        noise[0, 0] += (NOISE.drift * height) ** 2 * dt
        state, spread = move @ state, move @ spread @ move.T + noise
        gain = spread[:, 0] / (spread[0, 0] + (NOISE.measured * height) ** 2)
        state = state + gain * (seen - state[0])
        spread = spread - np.outer(gain, spread[0])
        assert after.place[0, axis] == pytest.approx(state[0], rel=1e-5)
        assert after.speed[0, axis] == pytest.approx(state[1], rel=1e-4, abs=1e-3)
        got = [after.pp[0, axis], after.pv[0, axis], after.vv[0, axis]]
        assert got == pytest.approx([spread[0, 0], spread[0, 1], spread[1, 1]], rel=1e-6)


@pytest.mark.parametrize("fps", [25, 5, 2])
def test_learns_the_same_speed_at_any_rate(fps: int) -> None:
    motion = kalman.start(PAIR, NOISE)
    for i in range(1, 4 * fps + 1):
        there = PAIR + np.array([60, -30, 60, -30], np.float32) * i / fps
        motion = kalman.correct(kalman.predict(motion, 1 / fps, NOISE), there, NOISE)
    np.testing.assert_allclose(motion.speed[:, :2], [[60, -30], [60, -30]], atol=3)


def test_tracks_do_not_know_each_other() -> None:
    def follow(which: slice) -> Motion:
        motion = kalman.start(PAIR[which], NOISE)
        for i in range(5):
            motion = kalman.predict(motion, 0.2, NOISE)
            motion = kalman.correct(motion, PAIR[which] + np.float32(3 * i), NOISE)
        return motion

    together = follow(slice(0, 2))
    np.testing.assert_array_equal(
        columns(together.take(np.array([1]))), columns(follow(slice(1, 2)))
    )
    assert len(together.joined(together)) == 4
