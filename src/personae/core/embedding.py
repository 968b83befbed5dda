"""Vectors that know which model made them, and the answers of a search among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Ids, Numbers, Scores, Vectors
from personae.core.errors import ShapeError, SpaceMismatch


@dataclass(frozen=True, slots=True, order=True)
class Space:
    """Where vectors live: two vectors may be compared only when their spaces are equal.

    Attributes:
        model: the model's versioned name, such as ``sface-2021dec``.
        weights: the first 16 hex digits of the weight file's SHA-256.
        size: numbers in a vector.
    """

    model: str
    weights: str
    size: int

    def __str__(self) -> str:
        return f"{self.model}/{self.weights}/{self.size}"

    def require(self, other: Space) -> None:
        """Raise SpaceMismatch unless both are the same space."""
        if self != other:
            raise SpaceMismatch(f"vectors of {other} cannot be compared with those of {self}")


@dataclass(frozen=True, slots=True)
class Embeddings:
    """N unit vectors of one space with the quality (N,) 0..1 of what they were made from."""

    space: Space
    vectors: Vectors
    quality: Scores

    def __post_init__(self) -> None:
        n = len(self.vectors)
        if self.vectors.shape != (n, self.space.size):
            raise ShapeError(f"vectors must be ({n}, {self.space.size}), got {self.vectors.shape}")
        if self.quality.shape != (n,):
            raise ShapeError(f"quality must be ({n},), got {self.quality.shape}")

    def __len__(self) -> int:
        return len(self.vectors)


@dataclass(frozen=True, slots=True)
class Matches:
    """The k nearest of each of Q questions, best first.

    Attributes:
        ids: (Q, k) int64, -1 where fewer than k were found.
        scores: (Q, k) float32 cosines.
        counts: (Q,) how many of each row are real.
    """

    ids: Ids
    scores: Scores
    counts: Ids


def unit(vectors: Numbers | Doubles) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays zeros. (N, D) or (D,) in, the same out."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
