"""Clustering scores against their definitions, and rivals on people who are easy to tell."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.errors import ShapeError, UsageError
from personae.flows.evaluation.clustering import score_clusters, separate_noise
from personae.flows.evaluation.rivals import RIVALS, score_rivals

LABELS = st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 5)), min_size=1, max_size=25)


def _columns(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(rows, dtype=np.int64)
    return table[:, 0], table[:, 1]


def test_a_case_counted_by_hand() -> None:
    # Clusters {a a b} {b b} {c}; pairs together 3 + 1, of them right 1 + 1, to be found 1 + 3.
    result = score_clusters(np.array([0, 0, 0, 1, 1, 2]), np.array([7, 7, 8, 8, 8, 9]))
    assert (result.pairwise_precision, result.pairwise_recall) == (0.5, 0.5)
    assert result.bcubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    assert result.bcubed_recall == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert result.purity == pytest.approx(5 / 6)
    assert (result.clusters, result.clusters_of_several, result.people) == (3, 2, 3)
    assert result.mixed == 1


@given(LABELS)
def test_scores_equal_their_definitions(rows: list[tuple[int, int]]) -> None:
    clusters, people = _columns(rows)
    result = score_clusters(clusters, people)
    together = (clusters[:, None] == clusters) & (clusters[:, None] != -1)
    together |= np.eye(len(rows), dtype=bool)
    alike = people[:, None] == people
    right = (together & alike).sum(axis=1)
    assert result.bcubed_precision == pytest.approx(np.mean(right / together.sum(axis=1)))
    assert result.bcubed_recall == pytest.approx(np.mean(right / alike.sum(axis=1)))
    upper = np.triu_indices(len(rows), 1)
    hits = (together & alike)[upper].sum()
    made, due = together[upper].sum(), alike[upper].sum()
    assert result.pairwise_precision == pytest.approx(hits / made if made else 1)
    assert result.pairwise_recall == pytest.approx(hits / due if due else 1)


@given(LABELS)
def test_perfect_clusters_score_one_whatever_their_labels(rows: list[tuple[int, int]]) -> None:
    people = _columns(rows)[1]
    result = score_clusters(100 - 3 * people, people)
    assert (result.pairwise_f, result.bcubed_f, result.purity) == pytest.approx((1, 1, 1))
    assert (result.clusters, result.mixed) == (result.people, 0)


@given(LABELS, st.permutations(range(6)))
def test_names_and_order_do_not_matter(rows: list[tuple[int, int]], names: list[int]) -> None:
    clusters, people = _columns(rows)
    renamed = np.array([*names, -1])[clusters]
    order = np.random.default_rng(len(rows)).permutation(len(rows))
    before = score_clusters(clusters, people).as_json()
    assert score_clusters(renamed[order], people[order]).as_json() == pytest.approx(before)


def test_noise_is_everyone_alone() -> None:
    assert separate_noise(np.array([-1, 4, -1, 4])).tolist() == [5, 4, 6, 4]
    result = score_clusters(np.full(4, -1), np.zeros(4, dtype=np.int64))
    assert (result.clusters, result.bcubed_precision, result.bcubed_recall) == (4, 1.0, 0.25)
    assert result.pairwise_f == 0.0


def test_json_follows_the_contract() -> None:
    told = score_clusters(np.array([0, 0, 1]), np.array([0, 0, 1])).as_json()
    wanted = {"pairwise_f", "bcubed_f", "bcubed_precision", "bcubed_recall", "clusters"}
    assert wanted <= told.keys()
    assert json.loads(json.dumps(told)) == told


def test_nothing_and_unlike_lengths_are_refused() -> None:
    with pytest.raises(UsageError):
        score_clusters(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    with pytest.raises(ShapeError):
        score_clusters(np.zeros(2, dtype=np.int64), np.zeros(3, dtype=np.int64))


def _people(count: int, photos: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    labels = np.repeat(np.arange(count), photos)
    centres = random.normal(size=(count, 64))
    vectors = centres[labels] + spread * random.normal(size=(len(labels), 64))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32), labels


def test_every_rival_finds_people_who_are_easy_to_tell() -> None:
    results = score_rivals(*_people(12, 6, 0.3), 0.6)
    assert set(results) == set(RIVALS)
    found = {name: (result.clusters, result.bcubed_f) for name, result in results.items()}
    assert found == {name: (12, pytest.approx(1.0)) for name in RIVALS}


@pytest.mark.parametrize("name", [name for name in RIVALS if name != "HDBSCAN"])
def test_a_rival_obeys_its_threshold(name: str) -> None:
    vectors, labels = _people(6, 5, 0.5)
    assert score_clusters(RIVALS[name](vectors, 0.9999), labels).clusters == 30
    # Chinese whispers weighs neighbours by cosine and keeps people apart even when all are joined.
    everybody = 6 if name == "Chinese whispers" else 1
    assert score_clusters(RIVALS[name](vectors, -1.0), labels).clusters == everybody


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_takes_a_single_face(name: str) -> None:
    assert len(RIVALS[name](_people(1, 1, 0.1)[0], 0.5)) == 1


def test_rivals_refuse_vectors_that_are_not_unit() -> None:
    vectors, labels = _people(3, 3, 0.3)
    with pytest.raises(ShapeError, match="length 1"):
        score_rivals(vectors * 2, labels, 0.5)
