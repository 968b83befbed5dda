"""Well-known clusterings of the same vectors, to be printed beside our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from personae.core.arrays import Doubles, Flags, Ids, Vectors
from personae.core.errors import ShapeError
from personae.flows.evaluation.clustering import NOISE, Clustering, score_clusters

# scikit-learn takes a second to import, and only an evaluation with rivals needs it; hence the
# imports inside the functions.

Rival: TypeAlias = Callable[[Vectors, float], Ids]
"""(vectors (N, D) of length 1, least cosine of two views of one person) → (N,) labels, -1 none."""

_ROUNDS = 20


def dbscan(vectors: Vectors, threshold: float) -> Ids:
    """DBSCAN with min_samples 1: chains of neighbours whose cosine reaches the threshold."""
    from sklearn.cluster import DBSCAN

    # Between unit vectors, Euclidean distance d and cosine c hang together by d² = 2 - 2c.
    reach = max(float(np.sqrt(max(2 - 2 * threshold, 0.0))), 1e-6)
    fitted = DBSCAN(eps=reach, min_samples=1, metric="euclidean").fit(vectors)
    return np.asarray(fitted.labels_, dtype=np.int64)


def hdbscan(vectors: Vectors, threshold: float) -> Ids:
    """HDBSCAN, smallest cluster 2; it finds its own density and takes no threshold.

    Its ``cluster_selection_epsilon`` would be the threshold's place, but in scikit-learn 1.9.1 with
    NumPy 2.4 an epsilon that joins clusters ends in a TypeError.
    """
    from sklearn.cluster import HDBSCAN

    if len(vectors) < 2:  # HDBSCAN refuses fewer samples than min_samples
        return np.full(len(vectors), NOISE, dtype=np.int64)
    # min_samples 1: a person may well have been seen twice only.
    model = HDBSCAN(min_cluster_size=2, min_samples=1, metric="euclidean", copy=True)
    return np.asarray(model.fit(vectors.astype(np.float64)).labels_, dtype=np.int64)


def average_link(vectors: Vectors, threshold: float) -> Ids:
    """Agglomerative clustering: join while the mean cosine between two groups is high enough.

    Takes 8 bytes for each of N (N - 1) / 2 pairs, several times over: fine to ten thousand.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    upper = np.triu_indices(len(vectors), 1)
    distances: Doubles = np.clip(1.0 - (vectors @ vectors.T)[upper], 0, 2).astype(np.float64)
    tree = linkage(distances, "average")
    return np.asarray(fcluster(tree, 1.0 - threshold, "distance"), dtype=np.int64)


def chinese_whispers(vectors: Vectors, threshold: float, *, seed: int = 0) -> Ids:
    """Chinese whispers (Biemann 2006): each item takes the heaviest label among its neighbours.

    Neighbours are those whose cosine exceeds the threshold, weighed by it; the order of the
    visits is drawn from ``seed``. At most 20 rounds.
    """
    count = len(vectors)
    cosines = vectors @ vectors.T
    near = cosines > threshold
    np.fill_diagonal(near, False)
    rows = [np.flatnonzero(row) for row in near]
    random = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64)
    for _ in range(_ROUNDS):
        changed = False
        for i in random.permutation(count):
            if not len(rows[i]):
                continue
            names, which = np.unique(labels[rows[i]], return_inverse=True)
            loudest = names[np.bincount(which, weights=cosines[i, rows[i]]).argmax()]
            changed = changed or bool(loudest != labels[i])
            labels[i] = loudest
        if not changed:
            break
    return labels


RIVALS: Mapping[str, Rival] = MappingProxyType(
    {
        "DBSCAN": dbscan,
        "HDBSCAN": hdbscan,
        "average link": average_link,
        "Chinese whispers": chinese_whispers,
    }
)
"""Every rival by the name it is printed under."""


def score_rivals(vectors: Vectors, people: Ids, threshold: float) -> dict[str, Clustering]:
    """What each rival makes of the same vectors.

    Args:
        vectors: (N, D), rows of length 1.
        people: (N,) the truth.
        threshold: least cosine of two views of one person, from the embedding's calibration.

    Raises:
        ShapeError: the rows are not of length 1.
    """
    unit: Flags = np.abs(np.linalg.norm(vectors, axis=1) - 1) < 1e-2
    if not unit.all():
        raise ShapeError("rivals compare cosines and need vectors of length 1")
    return {
        name: score_clusters(rival(vectors, threshold), people) for name, rival in RIVALS.items()
    }
