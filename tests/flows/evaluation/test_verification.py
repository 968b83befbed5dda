"""Verification: LFW pair files, folds, ROC, and rates only where the pairs support them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.errors import ShapeError, SourceMissing, SourceUnreadable, UsageError
from personae.flows.evaluation.confidence import bootstrap_tar, strict_threshold, wilson
from personae.flows.evaluation.pairs import all_pairs, read_lfw_pairs
from personae.flows.evaluation.verification import rate_key, score_pairs
from tests.shared import shared_file


def _separable(count: int) -> tuple[np.ndarray, np.ndarray]:
    scores = np.concatenate([np.linspace(0.5, 0.9, count), np.linspace(-0.2, 0.3, count)])
    return scores, np.arange(2 * count) < count


def _overlapping(genuine: int, impostors: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    scores = np.concatenate(
        [random.normal(0.6, 0.15, genuine), random.normal(0.1, 0.15, impostors)]
    )
    return scores, np.arange(len(scores)) < genuine


def test_separable_scores_are_perfect() -> None:
    result = score_pairs(*_separable(100))
    assert (result.accuracy, result.accuracy_std, result.folds) == (1.0, 0.0, 10)
    assert 0.3 < result.threshold < 0.5
    assert (result.roc.auc, result.roc.eer) == (1.0, 0.0)
    assert [point.tar for point in result.points] == [1.0, 1.0]  # 0.1 and 0.01 of 100 impostors


def test_rates_are_reported_only_where_the_impostors_support_them() -> None:
    result = score_pairs(*_overlapping(500, 2000))
    assert [point.far for point in result.points] == [1e-1, 1e-2, 1e-3]
    assert [point.false_accepts for point in result.points] == [200, 20, 2]
    assert result.points[0].tar > result.points[2].tar > 0.3


def test_each_fold_is_judged_at_the_threshold_of_the_others() -> None:
    # In fold 0 the best threshold of the others (0.5) misjudges one pair of four.
    scores = np.array([0.9, 0.4, 0.1, 0.2, 0.9, 0.6, 0.4, 0.1])
    same = np.array([True, True, False, False, True, True, False, False])
    folds = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    result = score_pairs(scores, same, folds=folds)
    # Fold 1 is judged at 0.3, between 0.4 and 0.2, where one of its impostors passes.
    assert result.accuracy == pytest.approx(0.75)
    assert result.threshold == pytest.approx((0.5 + 0.3) / 2)
    assert result.accuracy_std == 0.0


def test_json_follows_the_contract() -> None:
    told = score_pairs(*_overlapping(300, 1000)).as_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert {"accuracy", "accuracy_std", "tar_at_far", "fnmr_at_fmr", "pairs"} <= told.keys()
    assert told["pairs"] == 1300
    tar, fnmr = told["tar_at_far"], told["fnmr_at_fmr"]
    assert isinstance(tar, dict) and isinstance(fnmr, dict)
    assert list(tar) == ["0.1", "0.01", "0.001"]
    assert all(tar[key] + fnmr[key] == pytest.approx(1) for key in tar)
    assert rate_key(1e-5) == "0.00001"


@given(st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=4, max_size=60))
def test_no_threshold_lets_more_impostors_pass_than_asked(pairs: list[tuple[int, bool]]) -> None:
    scores = np.array([score / 50 for score, _ in pairs])
    same = np.array([kind for _, kind in pairs])
    same[0], same[1] = True, False
    result = score_pairs(scores, same, fars=(0.5, 0.1))
    for point in result.points:
        assert np.mean(scores[~same] >= point.threshold) <= point.far
        assert point.tar == np.mean(scores[same] >= point.threshold)
    assert np.all(np.diff(result.roc.far) >= 0) and np.all(np.diff(result.roc.tar) >= 0)
    # The area is the chance that a genuine pair beats an impostor pair, ties counting half.
    wins = scores[same][:, None] - scores[~same][None, :]
    assert result.roc.auc == pytest.approx(np.mean((wins > 0) + 0.5 * (wins == 0)))


def test_questions_without_an_answer_are_refused() -> None:
    with pytest.raises(UsageError, match="the same person"):
        score_pairs(np.ones(4), np.ones(4, dtype=bool))
    with pytest.raises(UsageError, match="one fold"):
        score_pairs(np.arange(4.0), np.arange(4) < 2, folds=np.zeros(4, dtype=np.int64))
    with pytest.raises(ShapeError):
        score_pairs(np.arange(4.0), np.arange(5) < 2)
    with pytest.raises(ShapeError, match="finite"):
        score_pairs(np.array([0.1, np.nan]), np.array([True, False]))


def test_wilson_is_the_published_interval() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263 and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_rate(hits: int, more: int) -> None:
    low, high = wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_bootstrap_holds_the_rate_and_repeats() -> None:
    scores, same = _overlapping(300, 1000)
    point = score_pairs(scores, same).points[1]
    low, high = bootstrap_tar(scores[same], scores[~same], point.far)
    assert low < point.tar < high
    assert (low, high) == bootstrap_tar(scores[same], scores[~same], point.far)
    # The threshold moves too, so it is wider than the interval that holds the threshold fixed.
    assert high - low > point.tar_range[1] - point.tar_range[0]


def test_strict_threshold_counts_exactly() -> None:
    impostors = np.arange(30.0)[::-1]
    assert (impostors >= strict_threshold(impostors, 0.1)).sum() == 3
    tied = np.ones(30)
    assert (tied >= strict_threshold(tied, 0.5)).sum() == 0


def test_all_pairs_are_in_order_also_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personae.flows.evaluation.pairs._BLOCK_ROWS", 3)
    random = np.random.default_rng(3)
    vectors = random.normal(size=(11, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = np.arange(11) % 4
    scores, same = all_pairs(vectors, labels)
    rows, columns = np.triu_indices(11, 1)
    np.testing.assert_allclose(scores, (vectors @ vectors.T)[rows, columns], atol=1e-6)
    np.testing.assert_array_equal(same, labels[rows] == labels[columns])
    with pytest.raises(UsageError):
        all_pairs(vectors[:1], labels[:1])


def test_pairs_with_folds(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("2 1\nA_B\t1\t4\nA_B\t4\tC\t1\nD\t1\t12\nC\t1\tA_B\t10\n")
    pairs = read_lfw_pairs(path)
    assert pairs.left == ("A_B/A_B_0001", "A_B/A_B_0004", "D/D_0001", "C/C_0001")
    assert pairs.right == ("A_B/A_B_0004", "C/C_0001", "D/D_0012", "A_B/A_B_0010")
    assert pairs.same.tolist() == [True, False, True, False]
    assert pairs.folds is not None and pairs.folds.tolist() == [0, 0, 1, 1]
    assert len(pairs.photos()) == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "many\n",
        "1\nA 1 2\n",
        "1\nA 1 2\nA one B 2\n",
        "1\nA 1\nA 1 B 2\n",
        "1\n../A 1 2\nA 1 B 2",
    ],
)
def test_what_is_no_pair_file_is_said_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text(text)
    with pytest.raises(SourceUnreadable):
        read_lfw_pairs(path)
    with pytest.raises(SourceMissing):
        read_lfw_pairs(tmp_path / "none.txt")


def test_lfw_view_1_has_a_thousand_pairs() -> None:
    pairs = read_lfw_pairs(shared_file("data/lfw/pairsDevTest.txt"))
    assert (len(pairs), int(pairs.same.sum()), pairs.folds) == (1000, 500, None)
    assert (pairs.left[0], pairs.right[0]) == (
        "Abdullah_Gul/Abdullah_Gul_0013",
        "Abdullah_Gul/Abdullah_Gul_0014",
    )
