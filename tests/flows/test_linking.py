"""Clustering under constraints: nothing said is broken, and the order of rows says nothing."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personae.core.arrays import Ids, Vectors
from personae.core.embedding import unit
from personae.flows import linking
from personae.flows.linking import Question, Thresholds, link
from personae.flows.words import Words

LIMITS = Thresholds(0.5, 0.48, 0.46)


def crowd(rows: int, people: int, seed: int, noise: float = 0.8) -> tuple[Vectors, Ids]:
    """Views of people and who each is of."""
    random = np.random.default_rng(seed)
    who = random.integers(0, people, rows)
    faces = unit(random.standard_normal((people, 128)))[who]
    return unit(faces + noise * unit(random.standard_normal((rows, 128)))), who


def asked(vectors: Vectors, seed: int = 0) -> Question:
    several = (np.random.default_rng(seed).random(len(vectors)) < 0.7).astype(np.int64)
    return Question(vectors, several)


def truth(who: Ids) -> list[list[int]]:
    return sorted(np.flatnonzero(who == one).tolist() for one in set(who.tolist()))


def test_nothing_gives_nothing() -> None:
    assert link(asked(np.zeros((0, 128), np.float32)), LIMITS) == []


def test_people_are_found() -> None:
    vectors, who = crowd(400, 40, 1)
    assert link(asked(vectors), LIMITS) == truth(who)


def by_the_book(question: Question, limits: Thresholds) -> list[list[int]]:
    """Average linkage over the whole matrix, the best pair first, one join at a time."""
    levels = np.array(
        [[limits.one_one, limits.one_several], [limits.one_several, limits.several_several]]
    )
    vectors = question.vectors.astype(np.float64)
    margin = vectors @ vectors.T - levels[question.several][:, question.several]
    groups = [[row] for row in range(len(vectors))]
    while True:
        means = [
            (float(margin[np.ix_(a, b)].mean()), i, j)
            for i, a in enumerate(groups)
            for j, b in enumerate(groups[:i])
        ]
        best, i, j = max(means, default=(-1.0, 0, 0))
        if best < 0:
            return sorted(sorted(group) for group in groups)
        groups[j] += groups.pop(i)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("nearest", [3, 48])
def test_it_is_average_linkage(seed: int, nearest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a crowd so alike that links are doubtful, where all neighbours are looked at."""
    vectors, _ = crowd(40, 6, seed, noise=1.1)
    question = asked(vectors, seed)
    expected = by_the_book(question, LIMITS)
    monkeypatch.setattr(linking, "NEAREST", nearest)
    found = link(question, LIMITS)
    if nearest >= len(vectors):
        assert found == expected
    else:
        # In rounds the order may differ, but no two groups are left that should join
        again = link(Question(vectors, question.several, groups=found), LIMITS)
        assert again == found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_what_was_said_is_never_broken(data: st.DataObject) -> None:
    vectors, _ = crowd(30, 4, data.draw(st.integers(0, 50)), noise=1.0)
    row = st.integers(0, 29)
    # Each row in one group at most, and nobody apart from their own group
    shuffled = data.draw(st.permutations(range(30)))
    groups = [list(shuffled[n : n + 3]) for n in range(0, data.draw(st.integers(0, 5)) * 3, 3)]
    home = {member: number for number, group in enumerate(groups) for member in group}
    pairs = data.draw(st.lists(st.tuples(row, row), max_size=20))
    apart = [(a, b) for a, b in pairs if a != b and home.get(a, -1) != home.get(b, -2)]
    leaders = data.draw(st.sets(row, max_size=6))
    labelled = sorted({home.get(one, one + 100): one for one in leaders}.values())
    question = Question(vectors, np.ones(30, np.int64), groups, apart, labelled)
    found = link(question, Thresholds(0.2, 0.2, 0.2))
    cluster_of = {member: n for n, group in enumerate(found) for member in group}
    assert sorted(cluster_of) == list(range(30))
    assert all(cluster_of[a] != cluster_of[b] for a, b in apart)
    assert all(len({cluster_of[member] for member in group}) == 1 for group in groups)
    assert len({cluster_of[one] for one in labelled}) == len(labelled)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_says_nothing(seed: int) -> None:
    vectors, _ = crowd(300, 30, seed, noise=1.0)
    random = np.random.default_rng(seed)
    question = asked(vectors, seed)
    question.apart = [(int(a), int(b)) for a, b in random.integers(0, 300, (40, 2)) if a != b]
    found = link(question, LIMITS)
    order = random.permutation(300)
    place = np.argsort(order)
    turned = Question(
        vectors[order],
        question.several[order],
        apart=[(int(place[a]), int(place[b])) for a, b in question.apart],
    )
    back = sorted(sorted(int(order[row]) for row in group) for group in link(turned, LIMITS))
    assert back == found


def test_one_person_with_very_many_tracks(monkeypatch: pytest.MonkeyPatch) -> None:
    """More neighbours than are looked at in one round."""
    monkeypatch.setattr(linking, "NEAREST", 8)
    vectors, who = crowd(600, 3, 3)
    assert link(asked(vectors), LIMITS) == truth(who)


def test_a_large_film_takes_seconds_and_little_memory() -> None:
    vectors, who = crowd(5_000, 1_000, 7)
    question = asked(vectors)
    tracemalloc.start()
    began = time.process_time()
    found = link(question, LIMITS)
    took = time.process_time() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == truth(who)
    assert took < 30, f"{took:.1f} s of processor time"
    assert peak < 150e6, f"{peak / 1e6:.0f} MB"


def said(words: Words) -> list[list[int]]:
    return sorted(words.groups())


def test_the_last_word_holds() -> None:
    """Merged, then split again: what was said first is not heard any more."""
    words = Words(4, [[0, 1], [2, 3]], [])
    words.say(False, 0, 2)
    words.say(True, 1, 3)
    assert said(words) == [[0, 1], [2, 3]] and words.apart == [(0, 2)]
    words = Words(4, [[0, 1]], [])
    words.say(True, 1, 3)
    words.say(False, 0, 3)
    assert said(words) == [[0, 1, 3]] and words.apart == []


def test_enemies_of_one_are_enemies_of_all() -> None:
    words = Words(5, [], [])
    words.say(False, 3, 4)
    words.say(True, 0, 3)
    words.say(True, 1, 0)
    words.say(True, 4, 1)
    assert said(words) == [[0, 1, 3]]


def test_words_never_join_two_named_people() -> None:
    words = Words(5, [[0, 1], [2, 3]], [1, 2])
    words.say(True, 4, 3)
    words.say(True, 0, 4)
    assert said(words) == [[0, 1], [2, 3, 4]]
