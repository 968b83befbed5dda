"""Average-link clustering under constraints: the maths, on columns.

Two groups join when the mean over all their pairs of (cosine - threshold of that pair) is not
negative, the best pair of groups first. Sums of vectors give the mean without a matrix of pairs;
a pair's threshold depends only on whether each side averages several views, so counts give the
mean threshold. A mean reaches 0 only where some pair does, so pairs below are never looked at
again. Of a group with very many pairs above, only the nearest are held, and another round follows
where that left pairs out: memory grows with the rows, not with their pairs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from personae.core.arrays import Doubles, Flags, Ids, Numbers, Vectors

BLOCK = 512
"""Rows of the matrix of margins that are held at once."""
ROUNDING = 1e-4
"""What single precision may take off a margin."""
NEAREST = 48
"""Neighbours of a group that a round looks at: more than most people have tracks."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least cosine for one view against one, one against several, several against several."""

    one_one: float
    one_several: float
    several_several: float


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
    """Open clusters; each has the slot of its first row and a number that is never used again."""

    def __init__(self, question: Question, thresholds: Thresholds) -> None:
        count = len(question.vectors)
        self._thresholds = thresholds
        self.slot_of = together(count, question.groups)
        self.sums = np.zeros(question.vectors.shape, np.float64)
        np.add.at(self.sums, self.slot_of, question.vectors)
        self.size = np.bincount(self.slot_of, minlength=count).astype(np.float64)
        self.many = np.bincount(self.slot_of, question.several.astype(np.float64), count)
        self.labelled = np.zeros(count, np.bool_)
        self.labelled[self.slot_of[question.labelled]] = True
        self.number = np.arange(count)
        self.newest = count
        self.rows: dict[int, list[int]] = {}
        for row, slot in enumerate(self.slot_of.tolist()):
            self.rows.setdefault(slot, []).append(row)
        self.near: dict[int, set[int]] = {slot: set() for slot in self.rows}
        self.apart: dict[int, set[int]] = {slot: set() for slot in self.rows}
        for a, b in question.apart:
            first, second = int(self.slot_of[a]), int(self.slot_of[b])
            if first != second:
                self.apart[first].add(second)
                self.apart[second].add(first)

    def may_join(self, a: int, b: int) -> bool:
        """Whether nothing speaks against it."""
        return b not in self.apart[a] and not (self.labelled[a] and self.labelled[b])

    def margins(self, a: int, others: Ids) -> Doubles:
        """Mean of (cosine - threshold) over the pairs of ``a`` with each other cluster."""
        t = self._thresholds
        mine, theirs = self.many[a] / self.size[a], self.many[others] / self.size[others]
        limits = (
            (1 - mine) * (1 - theirs) * t.one_one
            + ((1 - mine) * theirs + mine * (1 - theirs)) * t.one_several
            + mine * theirs * t.several_several
        )
        dots = self.sums[others] @ self.sums[a] / (self.size[a] * self.size[others])
        return np.asarray(dots - limits, np.float64)

    def columns(self, slots: Ids) -> tuple[Numbers, Numbers]:
        """Two tables whose product is the matrix of margins: thresholds are bilinear as well."""
        t = self._thresholds
        means = self.sums[slots] / self.size[slots, None]
        share = self.many[slots] / self.size[slots]
        one = np.ones(len(slots))
        step = t.one_several - t.one_one
        bend = t.several_several - 2 * t.one_several + t.one_one
        left = np.column_stack([means, one, share, share])
        right = np.column_stack([means, -t.one_one - share * step, -step * one, -share * bend])
        return left.astype(np.float32), right.astype(np.float32)

    def join(self, a: int, b: int) -> None:
        """Takes cluster ``b`` into ``a``."""
        self.rows[a] += self.rows.pop(b)
        for table in (self.sums, self.size, self.many):
            table[a] += table[b]
        self.labelled[a] |= self.labelled[b]
        self.number[a], self.number[b] = self.newest, -1
        self.newest += 1
        for links in (self.near, self.apart):
            theirs = links.pop(b)
            for other in theirs:
                links[other].discard(b)
                links[other].add(a)
            links[a] |= theirs
            links[a].discard(a)
        for other in self.near[a] & self.apart[a]:
            self.near[other].discard(a)
        self.near[a] -= self.apart[a]


def together(count: int, groups: list[list[int]]) -> Ids:
    """(count,) the first row of those that each row is together with; groups may share rows."""
    parent = list(range(count))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for group in groups:
        for row in group[1:]:
            a, b = root(group[0]), root(row)
            parent[max(a, b)] = min(a, b)
    return np.array([root(row) for row in range(count)], np.int64)


def link(question: Question, thresholds: Thresholds) -> list[list[int]]:
    """Groups of rows, each sorted; those that stay alone too."""
    if not len(question.vectors):
        return []
    clusters = _Clusters(question, thresholds)
    again = True
    while again:
        full = _look_around(clusters)
        again = _join_best_first(clusters) and full
    return sorted(sorted(rows) for rows in clusters.rows.values())


def _look_around(clusters: _Clusters) -> bool:
    """Notes everybody's nearest neighbours; True if somebody has more than are noted."""
    full = False
    clusters.near = {slot: set() for slot in clusters.rows}
    for rows, columns, more in _neighbours(clusters):
        full |= more
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
            clusters.near[a].add(b)
            clusters.near[b].add(a)
    return full


def _join_best_first(clusters: _Clusters) -> bool:
    """Joins neighbours until no two are near enough; whether there were any.

    Each cluster offers to join its best neighbour only. A mean lies between what it is the mean
    of, so what neighbours become by joining one another is never better than the best offer made;
    whoever is refused because the other has changed makes a new one.
    """
    heap: list[_Offer] = []
    for slot in clusters.near:
        _offer(heap, clusters, slot)
    joined = False
    while heap:
        _, mine, a, theirs, b = heapq.heappop(heap)
        if clusters.number[a] != mine:
            continue
        if clusters.number[b] == theirs:
            clusters.join(a, b)
            joined = True
        _offer(heap, clusters, a)
    return joined


_Offer = tuple[float, int, int, int, int]
"""Minus the margin, then number and slot of who offers and of whom they would join."""


def _offer(heap: list[_Offer], clusters: _Clusters, a: int) -> None:
    allowed = [other for other in sorted(clusters.near[a]) if clusters.may_join(a, other)]
    if not allowed:
        return
    margins = clusters.margins(a, np.array(allowed, np.int64))
    best = int(margins.argmax())
    if margins[best] >= 0:
        b = allowed[best]
        numbers = int(clusters.number[a]), int(clusters.number[b])
        heapq.heappush(heap, (-float(margins[best]), numbers[0], a, numbers[1], b))


def _neighbours(clusters: _Clusters) -> Iterator[tuple[Ids, Ids, bool]]:
    """Pairs of slots that may join and are near enough."""
    slots = np.array(sorted(clusters.rows), np.int64)
    place = np.full(len(clusters.sums), -1, np.int64)
    place[slots] = np.arange(len(slots))
    left, right = clusters.columns(slots)
    labelled = clusters.labelled[slots]
    for start in range(0, len(slots), BLOCK):
        part = slots[start : start + BLOCK]
        margins = left[start : start + BLOCK] @ right.T
        margins[np.arange(len(part)), np.arange(start, start + len(part))] = -np.inf
        margins[np.ix_(labelled[start : start + BLOCK], labelled)] = -np.inf
        for row, slot in enumerate(part.tolist()):
            if clusters.apart[slot]:
                margins[row, place[list(clusters.apart[slot])]] = -np.inf
        rows, columns, more = _best(margins)
        yield part[rows], slots[columns], more


def _best(margins: Numbers) -> tuple[Ids, Ids, bool]:
    """Row and column of the NEAREST largest in each row, among those that are not negative."""
    rows, columns = np.divmod(np.flatnonzero(margins >= -ROUNDING), margins.shape[1])
    counts = np.bincount(rows, minlength=len(margins))
    if not len(rows) or counts.max() <= NEAREST:
        return rows, columns, False
    keep: Flags = np.ones(len(rows), np.bool_)
    ends = np.cumsum(counts)
    for row in np.flatnonzero(counts > NEAREST):
        mine = slice(int(ends[row] - counts[row]), int(ends[row]))
        values = margins[row, columns[mine]]
        keep[mine] = values >= np.partition(values, -NEAREST)[-NEAREST]
    return rows[keep], columns[keep], True
