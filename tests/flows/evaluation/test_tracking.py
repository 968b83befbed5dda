"""Tracking metrics: equal to the reference's numbers, and right where the answer is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.errors import ShapeError, SourceMissing, SourceUnreadable, UsageError
from personae.flows.evaluation.moments import Boxed
from personae.flows.evaluation.mot_files import MotRows, read_mot, scored_only, write_mot
from personae.flows.evaluation.tracking import Tracking, score_mot, score_tracks, sum_tracking
from tests.flows.evaluation import golden_tracking as golden
from tests.flows.evaluation.synthetic import sequence
from tests.shared import shared_file

TRACKS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 4)), min_size=1, max_size=30, unique=True
)


def _boxed(rows: list[tuple[int, int]]) -> Boxed:
    """(frame, track) rows; tracks stand far apart and drift."""
    frames, ids = np.array(rows, dtype=np.int64).T
    left = 1000.0 * ids + 5.0 * frames
    return Boxed(frames, ids, np.stack([left, 0 * left, left + 50, 0 * left + 100], axis=1))


def _synthetic(folder: Path, seed: int, *, classes: bool) -> Tracking:
    parts: list[MotRows] = []
    for text in sequence(seed, classes=classes):
        (folder / "rows.txt").write_text(text)
        parts.append(read_mot(folder / "rows.txt"))
    return score_mot(*parts)


def _assert_equals(result: Tracking, wanted: dict[str, float]) -> None:
    told = result.as_json()
    assert {name: told[name] for name in wanted} == pytest.approx(wanted, abs=1e-9)


def test_equals_the_reference_under_the_rules_of_mot16(tmp_path: Path) -> None:
    _assert_equals(_synthetic(tmp_path, 1, classes=True), golden.CLASSES_1)


def test_equals_the_reference_without_classes(tmp_path: Path) -> None:
    _assert_equals(_synthetic(tmp_path, 1, classes=False), golden.NO_CLASSES_1)


def test_equals_the_reference_over_two_sequences(tmp_path: Path) -> None:
    parts = [_synthetic(tmp_path, seed, classes=True) for seed in (1, 2)]
    _assert_equals(sum_tracking(parts), golden.CLASSES_1_AND_2)


def test_equals_the_reference_on_tud_campus() -> None:
    folder = shared_file("data/mot/TUD-Campus")
    result = score_mot(read_mot(folder / "gt.txt"), read_mot(folder / "sample_tracker_result.txt"))
    _assert_equals(result, golden.TUD_CAMPUS)


def test_equals_the_reference_on_mot16_13() -> None:
    truth = read_mot(shared_file("data/mot/MOT16-13_gt_frames_1-375_1920x1080.txt"))
    tracks = read_mot(shared_file("data/mot/MOT16-13_example_tracker_result.txt")).boxed
    early = tracks.only(np.flatnonzero(tracks.frames <= 375))
    _assert_equals(score_tracks(*scored_only(truth, early)), golden.MOT16_13)


@given(TRACKS, st.permutations(range(5)))
def test_perfect_tracks_score_one_under_any_names(
    rows: list[tuple[int, int]], names: list[int]
) -> None:
    truth = _boxed(rows)
    told = score_tracks(truth, Boxed(truth.frames, np.array(names)[truth.ids], truth.boxes))
    wanted = {"hota": 1, "deta": 1, "assa": 1, "mota": 1, "motp": 1, "idf1": 1, "id_switches": 0}
    assert {name: told.as_json()[name] for name in wanted} == pytest.approx(wanted)
    assert told.clear.tp == told.identity.idtp == len(rows)


@given(TRACKS, TRACKS)
def test_counts_add_up(true: list[tuple[int, int]], found: list[tuple[int, int]]) -> None:
    result = score_tracks(_boxed(true), _boxed(found))
    for hits, lost, false in (
        (result.clear.tp, result.clear.fn, result.clear.fp),
        (result.identity.idtp, result.identity.idfn, result.identity.idfp),
        (result.hota.tp[9], result.hota.fn[9], result.hota.fp[9]),
    ):
        assert (hits + lost, hits + false) == (len(true), len(found))
    # Boxes coincide exactly or not at all.
    assert result.clear.tp == len(set(true) & set(found))


def test_one_switch_halfway() -> None:
    truth = _boxed([(frame, 1) for frame in range(1, 11)])
    swapped = Boxed(truth.frames, np.where(truth.frames <= 6, 1, 2), truth.boxes)
    told = score_tracks(truth, swapped).as_json()
    assert (told["id_switches"], told["mota"], told["idf1"]) == (1, 0.9, 0.6)
    # Detection is perfect; association is 0.6 for six boxes and 0.4 for four.
    assert told["hota"] == pytest.approx(np.sqrt(0.6 * 0.6 + 0.4 * 0.4))


def test_nothing_predicted_and_nothing_true() -> None:
    truth = _boxed([(1, 1), (2, 1)])
    nothing = truth.only(np.empty(0, dtype=np.int64))
    missed, invented = score_tracks(truth, nothing), score_tracks(nothing, truth)
    assert (missed.clear.fn, missed.clear.fp, missed.as_json()["hota"]) == (2, 0, 0.0)
    assert (invented.clear.fn, invented.clear.fp, invented.as_json()["idf1"]) == (0, 2, 0.0)
    assert json.loads(json.dumps(missed.as_json(), allow_nan=False))["mota"] == 0.0


def test_distractors_are_neither_right_nor_wrong() -> None:
    boxed = _boxed([(1, 1), (1, 2), (1, 3), (1, 4)])
    truth = MotRows(boxed, np.array([1.0, 1, 0, 1]), np.array([1, 8, 1, 3]))
    # 1 is scored; 2 is a statue; 3 is marked out; 4 is a car, which is no distractor.
    wanted, kept = scored_only(truth, boxed)
    assert (wanted.ids.tolist(), kept.ids.tolist()) == ([1], [1, 3, 4])
    assert scored_only(truth, boxed, distractors=(3, 8))[1].ids.tolist() == [1, 3]


def test_files_round_trip(tmp_path: Path) -> None:
    boxes = np.array([[1.5, 2.25, 101.75, 202.125], [1612.77, 557.7, 1660.08, 680.29]])
    boxed = Boxed(np.array([1, 12]), np.array([3, 4]), boxes)
    rows = MotRows(boxed, np.array([0.5, 1.0]), np.array([1, -1]))
    write_mot(tmp_path / "rows.txt", rows)
    back = read_mot(tmp_path / "rows.txt")
    np.testing.assert_allclose(back.boxed.boxes, boxes, atol=1e-5)
    assert back.boxed.frames.tolist() == [1, 12] and back.boxed.ids.tolist() == [3, 4]
    assert back.scores.tolist() == [0.5, 1.0] and back.classes.tolist() == [1, -1]


def test_short_lines_get_confidence_and_class(tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    path.write_text("1,2,10,20,30,40\n\n2 2 10 20 30 40 0.5\n")
    rows = read_mot(path)
    assert rows.boxed.boxes.tolist() == [[10, 20, 40, 60]] * 2
    assert rows.scores.tolist() == [1, 0.5] and rows.classes.tolist() == [-1, -1]
    path.write_text("")
    assert len(read_mot(path).boxed) == 0


@pytest.mark.parametrize("text", ["1,2,3\n", "frame,id,x,y,w,h\n", "1,1,nan,2,3,4\n"])
def test_damaged_files_are_said_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.txt"
    path.write_text("1,1,1,1,5,5\n" + text)
    with pytest.raises(SourceUnreadable, match="line 2"):
        read_mot(path)
    with pytest.raises(SourceMissing):
        read_mot(tmp_path / "none.txt")


def test_a_file_of_detections_is_not_one_of_tracks() -> None:
    boxes = np.array([[0.0, 0, 5, 5], [9, 9, 12, 12]])
    detections = Boxed(np.array([1, 1]), np.array([-1, -1]), boxes)
    with pytest.raises(UsageError, match="2 boxes in frame 1"):
        score_tracks(_boxed([(1, 1)]), detections)
    with pytest.raises(ShapeError):
        Boxed(np.array([1]), np.array([1, 2]), boxes)
