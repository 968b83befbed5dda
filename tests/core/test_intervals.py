"""The algebra of screen time, against the plain truth of counting whole units."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.intervals import (
    Span,
    hull,
    intersect,
    length,
    overlap,
    share,
    span_iou,
    subtract,
    union,
)

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)
proper = st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1]))


def units(found: list[Span]) -> set[int]:
    return {u for start, end in found for u in range(int(start), int(end))}


def disjoint(found: list[Span]) -> bool:
    return all(a[1] < b[0] for a, b in itertools.pairwise(found))


@given(spans, spans)
def test_operations_are_those_of_sets(a: list[Span], b: list[Span]) -> None:
    assert units(union([*a, *b])) == units(a) | units(b)
    assert units(intersect(a, b)) == units(a) & units(b)
    assert units(subtract(a, b)) == units(a) - units(b)
    assert length(a) == len(units(a))


@given(spans, spans)
def test_answers_are_sorted_disjoint_and_not_empty(a: list[Span], b: list[Span]) -> None:
    for found in (union([*a, *b]), intersect(a, b), subtract(a, b)):
        assert found == sorted(found) and all(end > start for start, end in found)
    assert disjoint(union([*a, *b]))


@given(spans, spans, st.integers(0, 10))
def test_union_is_idempotent_and_order_does_not_matter(
    a: list[Span], b: list[Span], gap: int
) -> None:
    assert union(union(a, gap), gap) == union(a, gap)
    assert union([*a, *b], gap) == union([*b, *a], gap)
    assert union(union(a) + union(b)) == union([*a, *b])


@given(spans, spans)
def test_intersection_is_idempotent_and_commutative(a: list[Span], b: list[Span]) -> None:
    assert union(intersect(a, a)) == union(a)
    assert intersect(a, b) == intersect(b, a)


@given(spans, spans)
def test_lengths_add_up(a: list[Span], b: list[Span]) -> None:
    assert length([*a, *b]) == length(a) + length(b) - length(intersect(a, b))
    assert length(a) == length(intersect(a, b)) + length(subtract(a, b))


@given(spans, st.integers(0, 10))
def test_gaps_up_to_the_limit_are_closed_and_no_others(a: list[Span], gap: int) -> None:
    joined = union(a, gap)
    assert all(b[0] - a[1] > gap for a, b in itertools.pairwise(joined))
    plain = union(a)
    small = [(x[1], y[0]) for x, y in itertools.pairwise(plain) if y[0] - x[1] <= gap]
    assert units(joined) == units(plain) | units(small)


def test_touching_spans_are_one() -> None:
    assert union([(2, 3), (0, 1), (1, 2), (5, 5), (9, 7)]) == [(0, 3)]
    assert union([(0, 1.0), (1.5, 2)], gap=0.5) == [(0, 2)]
    assert union([(0, 1.0), (1.5, 2)], gap=0.4) == [(0, 1.0), (1.5, 2)]


@given(proper, proper)
def test_overlap_of_two_is_the_length_both_have(a: Span, b: Span) -> None:
    assert overlap(a, b) == length(intersect([a], [b])) == overlap(b, a)
    assert span_iou(a, b) == pytest.approx(length(intersect([a], [b])) / length([a, b]))
    assert span_iou(a, a) == 1.0


@given(st.lists(proper, min_size=1, max_size=8))
def test_a_hull_holds_everything(a: list[Span]) -> None:
    low, high = hull(a)
    assert units(a) <= set(range(int(low), int(high)))
    assert low in {s for s, _ in a} and high in {e for _, e in a}


def test_shares_are_of_the_total_and_never_more_than_all() -> None:
    assert share([(0, 5), (3, 8)], 16) == 0.5
    assert share([(0, 20)], 10) == 1.0
    assert share([(0, 20)], 0) == 0.0
    assert span_iou((3, 3), (3, 3)) == 0.0
