"""Are the groups the people? Pairwise and BCubed precision, recall and F, and purity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Ids
from personae.core.errors import ShapeError, UsageError

NOISE = -1
"""Label of what was put into no cluster; each such item counts as a cluster of its own."""


@dataclass(frozen=True, slots=True)
class Clustering:
    """How well predicted clusters agree with the true people.

    Args:
        pairwise_precision: of the pairs put together, the share that belongs together.
        pairwise_recall: of the pairs that belong together, the share put together.
        bcubed_precision: mean over items of the share of its cluster that is the same person.
        bcubed_recall: mean over items of the share of its person that is in the same cluster.
        purity: share of items that belong to the commonest person of their cluster.
        clusters: number of clusters, items in none counted one each.
        clusters_of_several: number of clusters with two items or more.
        people: number of true people.
        mixed: clusters that hold more than one person.
        items: number of items.
    """

    pairwise_precision: float
    pairwise_recall: float
    bcubed_precision: float
    bcubed_recall: float
    purity: float
    clusters: int
    clusters_of_several: int
    people: int
    mixed: int
    items: int

    @property
    def pairwise_f(self) -> float:
        """Harmonic mean of pairwise precision and recall."""
        return _harmonic(self.pairwise_precision, self.pairwise_recall)

    @property
    def bcubed_f(self) -> float:
        """Harmonic mean of BCubed precision and recall."""
        return _harmonic(self.bcubed_precision, self.bcubed_recall)

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate clustering --json``."""
        return {
            "pairwise_f": self.pairwise_f,
            "pairwise_precision": self.pairwise_precision,
            "pairwise_recall": self.pairwise_recall,
            "bcubed_f": self.bcubed_f,
            "bcubed_precision": self.bcubed_precision,
            "bcubed_recall": self.bcubed_recall,
            "purity": self.purity,
            "clusters": self.clusters,
            "clusters_of_several": self.clusters_of_several,
            "people": self.people,
            "mixed": self.mixed,
            "items": self.items,
        }


def score_clusters(clusters: Ids, people: Ids) -> Clustering:
    """Compare clusters with people; labels are any integers, only equality counts.

    Pairs as in Levine and Domany 2001; BCubed as in Bagga and Baldwin 1998, formulas of Amigó et
    al. 2009. No pair put together makes pairwise precision 1, none to find makes recall 1.

    Args:
        clusters: (N,) predicted cluster of each item, -1 for none.
        people: (N,) true person of each item.

    Raises:
        UsageError: there are no items.
        ShapeError: lengths differ.
    """
    if clusters.ndim != 1 or clusters.shape != people.shape:
        raise ShapeError(f"clusters {clusters.shape} and people {people.shape} must be alike")
    if not len(clusters):
        raise UsageError("there is nothing to score: no items were given")
    # Only the filled cells of the table clusters x people are kept: (cluster, person, count).
    labels = np.unique(separate_noise(clusters), return_inverse=True)[1]
    names = np.unique(people, return_inverse=True)[1]
    cells, counts = np.unique(np.stack([labels, names]), axis=1, return_counts=True)
    shared = counts.astype(np.float64)
    by_cluster = np.bincount(labels).astype(np.float64)
    by_person = np.bincount(names).astype(np.float64)
    together = _pairs(shared)
    largest = np.zeros(len(by_cluster))
    np.maximum.at(largest, cells[0], shared)
    items = len(clusters)
    return Clustering(
        pairwise_precision=_share(together, _pairs(by_cluster)),
        pairwise_recall=_share(together, _pairs(by_person)),
        bcubed_precision=float((shared**2 / by_cluster[cells[0]]).sum() / items),
        bcubed_recall=float((shared**2 / by_person[cells[1]]).sum() / items),
        purity=float(largest.sum() / items),
        clusters=len(by_cluster),
        clusters_of_several=int((by_cluster > 1).sum()),
        people=len(by_person),
        mixed=int((np.bincount(cells[0]) > 1).sum()),
        items=items,
    )


def separate_noise(clusters: Ids) -> Ids:
    """The labels (N,) with each -1 replaced by a label of its own."""
    labels = clusters.astype(np.int64)
    noise = labels == NOISE
    labels[noise] = labels.max(initial=0) + 1 + np.arange(int(noise.sum()))
    return labels


def _pairs(sizes: Doubles) -> float:
    return float((sizes * (sizes - 1) / 2).sum())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
