"""What every vector index promises; a new adapter is one more line in INDEXES."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personae.adapters.indexes.faiss import FaissIndex
from personae.core.arrays import Ids, Vectors
from personae.core.embedding import Space, unit
from personae.core.errors import ShapeError, SpaceMismatch
from personae.ports import VectorIndex

SPACE = Space("test-model", "0123456789abcdef", 24)
NONE: Ids = np.zeros(0, np.int64)
INDEXES: dict[str, Callable[[Space], VectorIndex]] = {"faiss": FaissIndex}


@pytest.fixture(params=sorted(INDEXES))
def index(request: pytest.FixtureRequest) -> VectorIndex:
    return INDEXES[request.param](SPACE)


def vectors(count: int, seed: int = 0) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, SPACE.size)))


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int64)


def brute(held: dict[int, Vectors], question: Vectors, k: int) -> tuple[list[int], list[float]]:
    scores = {key: float(row @ question) for key, row in held.items()}
    best = sorted(scores, key=lambda key: -scores[key])[:k]
    return best, [scores[key] for key in best]


def test_a_new_index_is_empty_and_at_the_beginning(index: VectorIndex) -> None:
    assert index.space == SPACE
    assert index.cursor == 0
    matches = index.search(SPACE, vectors(2), 3, None)
    assert matches.ids.tolist() == [[-1] * 3] * 2
    assert matches.counts.tolist() == [0, 0]


def test_it_finds_what_an_exact_search_finds(index: VectorIndex) -> None:
    rows, asked = vectors(500), vectors(7, seed=1)
    index.apply(np.arange(500) * 3 + 10, rows, NONE, 1)
    matches = index.search(SPACE, asked, 5, None)
    truth = np.argsort(-(asked @ rows.T), axis=1)[:, :5]
    assert matches.ids.dtype == np.int64 and matches.scores.dtype == np.float32
    assert matches.ids.tolist() == (truth * 3 + 10).tolist()
    exact = np.take_along_axis(asked @ rows.T, truth, 1)
    np.testing.assert_allclose(matches.scores, exact, atol=1e-3)
    assert matches.counts.tolist() == [5] * 7


def test_fewer_vectors_than_asked_for_are_filled_up(index: VectorIndex) -> None:
    index.apply(ids(4, 9), vectors(2), NONE, 1)
    matches = index.search(SPACE, vectors(2)[:1], 5, None)
    assert matches.ids.tolist() == [[4, 9, -1, -1, -1]]
    assert matches.counts.tolist() == [2]
    assert matches.scores.shape == (1, 5) and np.isfinite(matches.scores).all()
    assert (np.diff(matches.scores[0]) <= 0).all()


def test_no_question_is_no_answer(index: VectorIndex) -> None:
    index.apply(ids(1), vectors(1), NONE, 1)
    assert index.search(SPACE, vectors(0), 3, None).ids.shape == (0, 3)


def test_a_vector_is_replaced(index: VectorIndex) -> None:
    old, new = vectors(1, seed=2), vectors(1, seed=3)
    index.apply(ids(1, 2, 3), np.concatenate([vectors(1), old, vectors(1, 9)]), NONE, 1)
    index.apply(ids(2), new, NONE, 2)
    assert index.cursor == 2
    assert index.search(SPACE, new, 1, None).ids.tolist() == [[2]]
    assert index.search(SPACE, new, 1, None).scores[0, 0] == pytest.approx(1, abs=1e-3)
    asked = index.search(SPACE, old, 3, ids(2)).scores[0, 0]
    assert asked == pytest.approx(float(old[0] @ new[0]), abs=1e-3)


def test_of_an_id_given_twice_the_last_counts(index: VectorIndex) -> None:
    rows = vectors(2)
    index.apply(ids(5, 5), rows, NONE, 1)
    matches = index.search(SPACE, rows[1:], 3, None)
    assert matches.ids.tolist() == [[5, -1, -1]]
    assert matches.scores[0, 0] == pytest.approx(1, abs=1e-3)


def test_what_is_removed_is_never_found_again(index: VectorIndex) -> None:
    rows = vectors(50)
    index.apply(np.arange(50), rows, NONE, 1)
    index.apply(NONE, vectors(0), ids(0, 17, 49, 1234), 2)
    found = index.search(SPACE, rows, 50, None)
    assert found.counts.tolist() == [47] * 50
    assert set(found.ids[:, :47].ravel()) == set(range(50)) - {0, 17, 49}
    assert index.search(SPACE, rows[17:18], 1, ids(17)).counts.tolist() == [0]


def test_everything_can_be_removed_and_come_back(index: VectorIndex) -> None:
    rows = vectors(9)
    index.apply(np.arange(9), rows, NONE, 1)
    index.apply(NONE, vectors(0), np.arange(9), 2)
    assert index.search(SPACE, rows[:1], 2, None).counts.tolist() == [0]
    index.apply(ids(3), rows[3:4], NONE, 3)
    assert index.search(SPACE, rows[3:4], 2, None).ids.tolist() == [[3, -1]]


def test_to_forget_wins_over_to_add(index: VectorIndex) -> None:
    index.apply(ids(1, 2), vectors(2), ids(2), 1)
    assert index.search(SPACE, vectors(2), 2, None).ids[:, 1].tolist() == [-1, -1]


def test_only_allowed_ids_are_found(index: VectorIndex) -> None:
    rows = vectors(300)
    index.apply(np.arange(300) + 1000, rows, NONE, 1)
    some = ids(1299, 1003, 1064, 77, 1003)
    matches = index.search(SPACE, rows[:4], 10, some)
    assert matches.counts.tolist() == [3] * 4
    truth = ids(1003, 1064, 1299)[np.argsort(-(rows[:4] @ rows[[3, 64, 299]].T), axis=1)]
    assert matches.ids[:, :3].tolist() == truth.tolist()
    assert index.search(SPACE, rows[:1], 3, NONE).counts.tolist() == [0]


def test_the_wrong_space_is_refused(index: VectorIndex) -> None:
    index.apply(ids(1), vectors(1), NONE, 1)
    other = Space("test-model", "fedcba9876543210", 24)
    with pytest.raises(SpaceMismatch):
        index.search(other, vectors(1), 1, None)


@pytest.mark.parametrize(
    ("numbers", "rows"),
    [
        (ids(1), np.ones((1, 23), np.float32)),
        (ids(1, 2), vectors(1)),
        (ids(-1), vectors(1)),
        (ids(1), np.full((1, 24), np.nan, np.float32)),
        (ids(1), np.full((1, 24), 1e6, np.float32)),
    ],
    ids=["width", "count", "nobody", "nan", "no unit vector"],
)
def test_what_does_not_fit_changes_nothing(index: VectorIndex, numbers: Ids, rows: Vectors) -> None:
    index.apply(ids(7), vectors(1), NONE, 5)
    with pytest.raises(ShapeError):
        index.apply(numbers, rows, ids(7), 6)
    assert index.cursor == 5
    assert index.search(SPACE, vectors(1), 2, None).ids.tolist() == [[7, -1]]


@pytest.mark.parametrize(("rows", "k"), [(np.ones((1, 23), np.float32), 1), (vectors(1), 0)])
def test_questions_that_make_no_sense_are_refused(
    index: VectorIndex, rows: Vectors, k: int
) -> None:
    with pytest.raises(ShapeError):
        index.search(SPACE, rows, k, None)


changes = st.lists(
    st.tuples(st.lists(st.integers(0, 30), max_size=12), st.lists(st.integers(0, 30), max_size=12)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", sorted(INDEXES))
@settings(max_examples=60, deadline=None)
@given(story=changes, seed=st.integers(0, 9999))
def test_after_any_story_it_equals_a_dictionary(
    name: str, story: list[tuple[list[int], list[int]]], seed: int
) -> None:
    index = INDEXES[name](SPACE)
    held: dict[int, Vectors] = {}
    for step, (added, removed) in enumerate(story, start=1):
        rows = vectors(len(added), seed + step)
        index.apply(np.array(added, np.int64), rows, np.array(removed, np.int64), step)
        held.update(zip(added, rows, strict=True))
        held = {key: row for key, row in held.items() if key not in removed}
    asked = vectors(1, seed)
    matches = index.search(SPACE, asked, 40, None)
    count = int(matches.counts[0])
    _, scores = brute(held, asked[0], 40)
    assert set(matches.ids[0, :count]) == set(held)
    assert index.cursor == len(story)
    np.testing.assert_allclose(matches.scores[0, :count], scores, atol=2e-3)
    for key, score in zip(matches.ids[0, :count], matches.scores[0, :count], strict=True):
        assert score == pytest.approx(float(held[int(key)] @ asked[0]), abs=2e-3)
