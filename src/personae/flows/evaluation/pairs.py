"""Pairs of photos to be told same or not same: LFW pair files, and all pairs of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from personae.core.arrays import Flags, Ids, Scores, Vectors
from personae.core.errors import ShapeError, SourceMissing, SourceUnreadable, UsageError

_BLOCK_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of photos and the truth about them.

    Args:
        left: N photos, as ``Name/Name_0001`` below the folder of the data set, no extension.
        right: N photos, the other halves.
        same: (N,) whether both show one person.
        folds: (N,) 0-based fold of each pair, or None where the file has none (LFW View 1).
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    same: Flags
    folds: Ids | None

    def __post_init__(self) -> None:
        count = len(self.left)
        if len(self.right) != count or self.same.shape != (count,):
            raise ShapeError(f"pairs: {count} left, {len(self.right)} right, {self.same.shape}")
        if self.folds is not None and self.folds.shape != (count,):
            raise ShapeError(f"pairs: {count} pairs but folds of shape {self.folds.shape}")

    def __len__(self) -> int:
        return len(self.left)

    def photos(self) -> tuple[str, ...]:
        """Every photo once, sorted: what has to be embedded."""
        return tuple(sorted({*self.left, *self.right}))


def read_lfw_pairs(path: Path) -> Pairs:
    """Pairs from a file in LFW's format.

    The first line holds the pairs of each kind (``500``: View 1, no folds) or folds and pairs of
    each kind in a fold (``10 300``: View 2). Then ``Name 1 2`` is one person's photos 1 and 2 and
    ``Name 1 Other 2`` are two people; in every fold the pairs of one person come first.

    Raises:
        SourceMissing: there is no such file.
        SourceUnreadable: a line is not in the format, or the count is not the promised one.
    """
    if not path.is_file():
        raise SourceMissing(f"{path} does not exist")
    try:
        lines = [line.split() for line in path.read_text("utf-8").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise SourceUnreadable(f"{path} is not UTF-8 text: {error}") from error
    folds, each = _header(path, lines)
    rows = [_pair(path, line) for line in lines[1:]]
    if len(rows) != (folds or 1) * each * 2:
        promised = (folds or 1) * each * 2
        raise SourceUnreadable(f"{path} promises {promised} pairs and holds {len(rows)}")
    return Pairs(
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        np.array([row[2] for row in rows], dtype=np.bool_),
        np.arange(len(rows), dtype=np.int64) // (2 * each) if folds else None,
    )


def _header(path: Path, lines: list[list[str]]) -> tuple[int, int]:
    """(folds or 0, pairs of each kind)."""
    try:
        numbers = [int(word) for word in lines[0]]
    except (IndexError, ValueError):
        numbers = []
    if len(numbers) not in (1, 2) or min(numbers) < 1:
        raise SourceUnreadable(f"{path} does not begin with LFW's counts of pairs")
    return (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])


def _pair(path: Path, words: list[str]) -> tuple[str, str, bool]:
    try:
        if len(words) == 3:
            name, first, second = words
            return _photo(name, first), _photo(name, second), True
        name, first, other, second = words
        return _photo(name, first), _photo(other, second), name == other
    except ValueError as error:
        raise SourceUnreadable(f"{path} has a line that is no pair: {' '.join(words)}") from error


def _photo(name: str, number: str) -> str:
    if Path(name).name != name:  # a pair file must not lead out of the data set's folder
        raise ValueError(name)
    return f"{name}/{name}_{int(number):04d}"


def all_pairs(vectors: Vectors, labels: Ids) -> tuple[Scores, Flags]:
    """Cosine and truth of every pair of rows; 5 bytes a pair, N (N - 1) / 2 pairs.

    Args:
        vectors: (N, D), rows of length 1.
        labels: (N,) who each row is.

    Returns:
        scores (P,) -1..1 and same (P,), in the order (0, 1), (0, 2), … (1, 2), …

    Raises:
        UsageError: fewer than two rows.
        ShapeError: labels and vectors differ in length.
    """
    count = len(vectors)
    if labels.shape != (count,):
        raise ShapeError(f"{count} vectors but labels of shape {labels.shape}")
    if count < 2:
        raise UsageError("a single photo makes no pair", "Give a folder with two photos or more.")
    scores = np.empty(count * (count - 1) // 2, dtype=np.float32)
    same = np.empty(len(scores), dtype=np.bool_)
    at = 0
    for start in range(0, count, _BLOCK_ROWS):  # blocks: the full square would be twice as large
        block = vectors[start : start + _BLOCK_ROWS] @ vectors[start:].T
        for i, row in enumerate(block):
            size = len(row) - i - 1
            scores[at : at + size] = row[i + 1 :]
            same[at : at + size] = labels[start + i + 1 :] == labels[start + i]
            at += size
    return scores, same
