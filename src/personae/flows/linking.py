"""Average-link clustering under constraints: the maths, on columns.

Two groups join when the mean over all their pairs of (cosine - threshold of that pair) is not
negative, the best pair of groups first. Sums of vectors give the mean without a matrix of pairs;
a pair's threshold depends only on whether each side averages several views, so four counts give
the mean threshold.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from personae.core.arrays import Ids, Numbers, Vectors

BLOCK = 2048
"""Rows of the cosine matrix that are held at once."""
REACH = 0.12
"""Pairs this far below the threshold are still neighbours: the mean of their groups may reach it.
"""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least cosine for one view against one, one against several, several against several."""

    one_one: float
    one_several: float
    several_several: float

    @property
    def least(self) -> float:
        """The lowest of the three."""
        return min(self.one_one, self.one_several, self.several_several)


@dataclass(slots=True)
class Question:
    """What is to be grouped.

    Attributes:
        vectors: (N, D) unit rows.
        several: (N,) whether the row averages several views.
        groups: rows that are together from the start.
        apart: pairs of rows that must never be together.
        labelled: first rows of groups that must never join one another (named people).
    """

    vectors: Vectors
    several: Ids
    groups: list[list[int]] = field(default_factory=list)
    apart: list[tuple[int, int]] = field(default_factory=list)
    labelled: list[int] = field(default_factory=list)


class _Clusters:
    """Open clusters with their sums, counts and neighbours."""

    def __init__(self, question: Question, thresholds: Thresholds) -> None:
        count = len(question.vectors)
        self._thresholds = thresholds
        parent = np.arange(count)
        for group in question.groups:
            parent[group] = min(group)
        self.members: dict[int, list[int]] = {}
        for row, leader in enumerate(parent.tolist()):
            self.members.setdefault(leader, []).append(row)
        self.of = parent
        self.sums = {k: question.vectors[m].sum(0) for k, m in self.members.items()}
        self.many = {k: int(question.several[m].sum()) for k, m in self.members.items()}
        self.near: dict[int, set[int]] = {k: set() for k in self.members}
        self.apart: dict[int, set[int]] = {k: set() for k in self.members}
        for a, b in question.apart:
            self.part(int(parent[a]), int(parent[b]))
        leaders = sorted({int(parent[row]) for row in question.labelled})
        for i, a in enumerate(leaders):
            for b in leaders[i + 1 :]:
                self.part(a, b)

    def part(self, a: int, b: int) -> None:
        """Never join these two."""
        if a != b:
            self.apart[a].add(b)
            self.apart[b].add(a)

    def margins(self, a: int, others: list[int]) -> Numbers:
        """Mean of (cosine - threshold) over the pairs of ``a`` with each other cluster."""
        t = self._thresholds
        sizes = np.array([len(self.members[b]) for b in others], np.float64)
        many = np.array([self.many[b] for b in others], np.float64)
        dots = np.stack([self.sums[b] for b in others]) @ self.sums[a]
        n, m = len(self.members[a]), self.many[a]
        single = n - m
        limits = (
            single * (sizes - many) * t.one_one
            + (single * many + m * (sizes - many)) * t.one_several
            + m * many * t.several_several
        )
        return np.asarray((dots - limits) / (n * sizes), np.float32)

    def join(self, a: int, b: int, number: int) -> list[int]:
        """Makes cluster ``number`` of two; answers its neighbours."""
        self.members[number] = self.members.pop(a) + self.members.pop(b)
        self.sums[number] = self.sums.pop(a) + self.sums.pop(b)
        self.many[number] = self.many.pop(a) + self.many.pop(b)
        for table in (self.near, self.apart):
            merged = (table.pop(a) | table.pop(b)) - {a, b}
            table[number] = merged
            for other in merged:
                table[other] -= {a, b}
                table[other].add(number)
        self.near[number] -= self.apart[number]
        return sorted(self.near[number])


def link(question: Question, thresholds: Thresholds) -> list[list[int]]:
    """Groups of rows, each sorted; those that stay alone too."""
    if not len(question.vectors):
        return []
    clusters = _Clusters(question, thresholds)
    heap = _first_pairs(clusters, question.vectors, thresholds)
    number = len(question.vectors)
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in clusters.members or b not in clusters.members:
            continue
        near = clusters.join(a, b, number)
        if near:
            _offer(heap, clusters, number, near)
        number += 1
    return sorted(sorted(group) for group in clusters.members.values())


def _first_pairs(
    clusters: _Clusters, vectors: Vectors, thresholds: Thresholds
) -> list[tuple[float, int, int]]:
    """Who might join whom to begin with."""
    heap: list[tuple[float, int, int]] = []
    for a, b in _neighbours(vectors, thresholds.least - REACH):
        first, second = int(clusters.of[a]), int(clusters.of[b])
        if first != second and second not in clusters.apart[first]:
            clusters.near[first].add(second)
            clusters.near[second].add(first)
    for leader, near in clusters.near.items():
        later = sorted(other for other in near if other > leader)
        if later:
            _offer(heap, clusters, leader, later)
    return heap


def _offer(
    heap: list[tuple[float, int, int]], clusters: _Clusters, a: int, others: list[int]
) -> None:
    for b, margin in zip(others, clusters.margins(a, others).tolist(), strict=True):
        if margin >= 0:
            heapq.heappush(heap, (-margin, min(a, b), max(a, b)))


def _neighbours(vectors: Vectors, least: float) -> Iterable[tuple[int, int]]:
    """Pairs of rows with a cosine of ``least`` or more, in blocks."""
    for start in range(0, len(vectors), BLOCK):
        alike = vectors[start : start + BLOCK] @ vectors[start:].T
        rows, columns = np.nonzero(alike >= least)
        upper = columns > rows
        pairs = zip((rows[upper] + start).tolist(), (columns[upper] + start).tolist(), strict=True)
        yield from pairs
