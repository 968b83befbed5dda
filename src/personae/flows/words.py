"""What people said about pairs of faces, made consistent: the last word holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence


class Words:
    """Groups of rows that are together, grown by words from the newest to the oldest.

    Args:
        count: of rows.
        owned: rows that belong to one person now. They are, and stay, together.
        labelled: a row of each person who never joins another of these.
    """

    def __init__(self, count: int, owned: Sequence[Sequence[int]], labelled: Sequence[int]) -> None:
        self._parent = list(range(count))
        self._enemies: dict[int, set[int]] = defaultdict(set)
        self._labelled: set[int] = set()
        self.apart: list[tuple[int, int]] = []
        for rows in owned:
            for row in rows[1:]:
                self._unite(self._root(rows[0]), self._root(row))
        self._labelled = {self._root(row) for row in labelled}

    def say(self, same: bool, a: int, b: int) -> None:
        """Takes in a word unless later ones, or how things are, speak against it."""
        first, second = self._root(a), self._root(b)
        if first == second:
            return
        if not same:
            self.apart.append((a, b))
            self._enemies[first].add(second)
            self._enemies[second].add(first)
        elif not (second in self._enemies[first] or {first, second} <= self._labelled):
            self._unite(first, second)

    def groups(self) -> list[list[int]]:
        """The rows that are together, groups of one left out."""
        found: dict[int, list[int]] = defaultdict(list)
        for row in range(len(self._parent)):
            found[self._root(row)].append(row)
        return [rows for rows in found.values() if len(rows) > 1]

    def _root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def _unite(self, a: int, b: int) -> None:
        if a == b:
            return
        keeper, gone = min(a, b), max(a, b)
        self._parent[gone] = keeper
        for enemy in self._enemies.pop(gone, set()):
            self._enemies[enemy].discard(gone)
            self._enemies[enemy].add(keeper)
            self._enemies[keeper].add(enemy)
        if gone in self._labelled:
            self._labelled.add(keeper)
