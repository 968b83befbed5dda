"""The algebra of screen time: union, gap closing, overlap and share of [start, end) intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Span: TypeAlias = tuple[float, float]
"""(start, end) with start < end; end is exclusive. Any one unit: seconds, milliseconds or PTS."""


def union(spans: Iterable[Span], gap: float = 0.0) -> list[Span]:
    """Spans joined where they touch, overlap, or lie no more than ``gap`` apart; sorted.

    Empty and inverted spans are dropped.
    """
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def intersect(a: Iterable[Span], b: Iterable[Span]) -> list[Span]:
    """What both have; sorted and disjoint."""
    left, right = union(a), union(b)
    found: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return found


def subtract(a: Iterable[Span], b: Iterable[Span]) -> list[Span]:
    """What ``a`` has and ``b`` has not; sorted and disjoint."""
    holes = union(b)
    found: list[Span] = []
    passed = 0
    for first, end in union(a):
        # What lies wholly before this span lies before all that follow
        while passed < len(holes) and holes[passed][1] <= first:
            passed += 1
        start, hole = first, passed
        while hole < len(holes) and holes[hole][0] < end:
            low, high = holes[hole]
            if low > start:
                found.append((start, low))
            start = max(start, high)
            hole += 1
        if start < end:
            found.append((start, end))
    return found


def length(spans: Iterable[Span]) -> float:
    """How much is covered; what is covered twice counts once."""
    return sum(end - start for start, end in union(spans))


def share(spans: Iterable[Span], total: float) -> float:
    """Covered part of ``total``, 0..1."""
    return min(length(spans) / total, 1.0) if total > 0 else 0.0


def overlap(a: Span, b: Span) -> float:
    """Length both have."""
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0]))


def span_iou(a: Span, b: Span) -> float:
    """Intersection over union of two spans, 0..1."""
    shared = overlap(a, b)
    total = (a[1] - a[0]) + (b[1] - b[0]) - shared
    return shared / total if total > 0 else 0.0


def hull(spans: Sequence[Span]) -> Span:
    """From the first start to the last end; at least one span is needed."""
    return min(start for start, _ in spans), max(end for _, end in spans)
