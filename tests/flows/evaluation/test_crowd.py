"""Counts against truth: errors, who has to be counted, and stretches that taught nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from personae.flows.evaluation.crowd import (
    Seen,
    counts,
    held_out,
    learnt,
    pedestrians,
    score_counts,
    shrunk,
)
from personae.flows.evaluation.moments import Boxed
from personae.flows.evaluation.mot_files import MotRows
from personae.flows.expected import LARGE

FRAMES = np.arange(1, 61)
TIMES = FRAMES / 25


def boxed(rows: list[tuple[int, int, float, float]], tall: float = 30.0) -> Boxed:
    """Rows of frame, track, left and top."""
    table = np.array(rows, np.float64).reshape(-1, 4)
    boxes = np.stack([table[:, 2], table[:, 3], table[:, 2] + 12, table[:, 3] + tall], 1)
    return Boxed(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), boxes)


def test_errors_are_those_of_the_definition() -> None:
    score = score_counts(np.array([2.0, 5.0, 1.0]), np.array([3.0, 3.0, 3.0]))
    assert (score.mae, score.bias, score.truth) == pytest.approx((5 / 3, -1 / 3, 3))
    assert score.relative == pytest.approx(5 / 9)
    assert score.as_json()["mae_of_mean"] == score.relative


def test_only_pedestrians_that_count_are_counted() -> None:
    rows = boxed([(1, 1, 0, 0), (1, 2, 50, 0), (1, 3, 100, 0), (2, 1, 0, 0)])
    truth = MotRows(rows, np.array([1.0, 0.0, 1.0, 1.0]), np.array([1, 1, 7, 1]))
    assert counts(pedestrians(truth), np.array([1, 2, 3])).tolist() == [1, 1, 0]
    bare = replace(truth, classes=np.full(4, -1, np.int64))
    assert counts(pedestrians(bare), np.array([1, 2])).tolist() == [2, 1]


def crowd(rate: float) -> tuple[Seen, Boxed]:
    """Ten people in each frame, of whom so many are found; as many boxes lie on nobody."""
    dice = np.random.default_rng(11)
    people = [(f, p, 40.0 * p, 0.0) for f in FRAMES.tolist() for p in range(10)]
    found = [row for row in people if dice.random() < rate]
    wrong = [(f, 100 + p, x, 200.0) for f, p, x, _ in found]
    rows = boxed([*found, *wrong])
    scores = np.array([0.8] * len(found) + [0.2] * len(wrong))
    return Seen(rows, scores), boxed(people)


def test_what_is_learnt_is_how_many_are_found_and_true() -> None:
    seen, truth = crowd(0.4)
    known = learnt(seen, truth, FRAMES, "made")
    assert known.small == pytest.approx(0.4, abs=0.05)
    assert float(known.true(0.8)) > 0.95
    assert float(known.true(0.2)) < 0.05
    taller = learnt(Seen(shrunk(seen.boxed, 2.0), seen.scores), shrunk(truth, 2.0), FRAMES, "made")
    assert 30 * 2 >= LARGE
    assert taller.large == pytest.approx(known.small, abs=0.01)


def test_held_out_stretches_are_counted_by_what_the_others_taught() -> None:
    seen, truth = crowd(0.4)
    score = held_out(seen, truth, FRAMES, TIMES, 3, 1.0)
    assert score.frames == 60
    assert score.relative < 0.15
    # A third in which nobody is found: others cannot know, and the score must show it
    kept = np.flatnonzero(seen.boxed.frames > 20)
    blind = held_out(Seen(seen.boxed.only(kept), seen.scores[kept]), truth, FRAMES, TIMES, 3, 1.0)
    assert blind.relative > 0.3
