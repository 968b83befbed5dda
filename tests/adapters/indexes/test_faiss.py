"""What is special to the faiss index: half precision, no copy left of what went, threads."""

from __future__ import annotations

import threading

import numpy as np

from personae.adapters.indexes.faiss import FaissIndex
from personae.core.arrays import Ids, Vectors
from personae.core.embedding import Space, unit

SPACE = Space("test-model", "0123456789abcdef", 32)
NONE: Ids = np.zeros(0, np.int64)


def vectors(count: int, seed: int = 0) -> Vectors:
    return unit(np.random.default_rng(seed).standard_normal((count, SPACE.size)))


def test_its_codes_are_the_bytes_of_the_store() -> None:
    """Scores are those of the float16 vectors, exactly; only the rounding of a sum differs."""
    rows, asked = vectors(2000), vectors(5, seed=1)
    index = FaissIndex(SPACE)
    index.apply(np.arange(2000), rows, NONE, 1)
    kept = rows.astype(np.float16).astype(np.float32)
    matches = index.search(SPACE, asked, 20, None)
    exact = np.take_along_axis(asked @ kept.T, matches.ids, 1)
    np.testing.assert_allclose(matches.scores, exact, atol=1e-6)


def test_the_memory_of_what_was_removed_is_overwritten() -> None:
    """A forgotten face must not lie on in the spare room behind the last vector."""
    rows = vectors(8)
    index = FaissIndex(SPACE)
    index.apply(np.arange(8), rows, NONE, 1)
    memory = index._view()
    index.apply(NONE, vectors(0), np.array([2, 5]), 2)
    # the buffer did not move: shrinking keeps it, so that the old view shows the spare room
    assert np.shares_memory(index._view(), memory)
    kept = {row.tobytes() for row in memory}
    assert rows[2].astype(np.float16).tobytes() not in kept
    assert rows[5].astype(np.float16).tobytes() not in kept
    assert not memory[6:].any()
    assert len(index) == 6


def test_searching_while_it_grows_gives_whole_answers() -> None:
    rows = vectors(4000)
    index = FaissIndex(SPACE)
    index.apply(np.arange(10), rows[:10], NONE, 1)
    wrong: list[int] = []
    asked = threading.Event()

    def ask() -> None:
        while not asked.is_set():
            best = int(index.search(SPACE, rows[:1], 1, None).ids[0, 0])
            if best != 0:
                wrong.append(best)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for start in range(10, 4000, 10):
        index.apply(np.arange(start, start + 10), rows[start : start + 10], NONE, start)
        index.apply(NONE, vectors(0), np.arange(start, start + 5), start)
    asked.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(index) == 10 + 399 * 5


def test_several_threads_give_the_same_answers() -> None:
    rows, asked = vectors(3000), vectors(40, seed=2)
    answers = []
    for threads in (1, 2):
        index = FaissIndex(SPACE, threads=threads)
        index.apply(np.arange(3000), rows, NONE, 1)
        answers.append(index.search(SPACE, asked, 10, None))
    np.testing.assert_array_equal(answers[0].ids, answers[1].ids)
