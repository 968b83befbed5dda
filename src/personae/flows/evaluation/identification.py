"""Who of the enrolled is this, or nobody? Rank-1, and FNIR at FPIR with strangers among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Flags, Ids, Vectors
from personae.core.errors import ShapeError, UsageError
from personae.flows.evaluation.confidence import Range, strict_threshold, wilson
from personae.flows.evaluation.verification import rate_key

FPIRS = (1e-1, 1e-2, 1e-3, 1e-4)
_BLOCK_ROWS = 1024


@dataclass(frozen=True, slots=True)
class OpenSetPoint:
    """What one false positive identification rate costs.

    Args:
        fpir: the rate of strangers taken for somebody that was asked for; never exceeded.
        fnir: share of probes of enrolled people not answered with the right name.
        threshold: an answer is given when the best score is at least this.
        fnir_range: 95 % Wilson interval of ``fnir``.
    """

    fpir: float
    fnir: float
    threshold: float
    fnir_range: Range


@dataclass(frozen=True, slots=True)
class Identification:
    """Closed-set and open-set identification.

    Args:
        rank1: share of probes of enrolled people whose best match is the right person.
        rank5: share whose right person is among the best five people.
        rank1_range: 95 % Wilson interval of ``rank1``.
        points: one for each FPIR that the strangers support.
        people: people enrolled.
        probes: probes of enrolled people.
        strangers: probes of people who are not enrolled.
    """

    rank1: float
    rank5: float
    rank1_range: Range
    points: tuple[OpenSetPoint, ...]
    people: int
    probes: int
    strangers: int

    def as_json(self) -> dict[str, object]:
        """The form of ``evaluate identification --json``; rates are keyed like ``"0.01"``."""
        keyed = {rate_key(point.fpir): point for point in self.points}
        return {
            "rank1": self.rank1,
            "rank1_95": list(self.rank1_range),
            "rank5": self.rank5,
            "fnir_at_fpir": {key: point.fnir for key, point in keyed.items()},
            "fnir_at_fpir_95": {key: list(point.fnir_range) for key, point in keyed.items()},
            "threshold_at_fpir": {key: point.threshold for key, point in keyed.items()},
            "people": self.people,
            "probes": self.probes,
            "strangers": self.strangers,
        }


@dataclass(frozen=True, slots=True)
class Labelled:
    """Vectors and who each of them is.

    Args:
        vectors: (N, D), rows of length 1.
        labels: (N,).
    """

    vectors: Vectors
    labels: Ids

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.labels.shape != (len(self.vectors),):
            raise ShapeError(f"vectors {self.vectors.shape} and labels {self.labels.shape}")


def enrol_one_each(
    vectors: Vectors, labels: Ids, *, seed: int | None = None
) -> tuple[Labelled, Labelled]:
    """Split a folder into gallery and probes.

    One photo of everyone who has two or more is enrolled, the others are probes, and those with
    a single photo are strangers.

    Args:
        vectors: (N, D), rows of length 1.
        labels: (N,).
        seed: choose the enrolled photo at random; the first of each person when None.
    """
    everyone = Labelled(vectors, labels)
    order = np.arange(len(labels))
    if seed is not None:
        order = np.random.default_rng(seed).permutation(order)
    _, first, counts = np.unique(labels[order], return_index=True, return_counts=True)
    enrolled = np.zeros(len(labels), dtype=np.bool_)
    enrolled[order[first[counts > 1]]] = True
    return (
        Labelled(everyone.vectors[enrolled], everyone.labels[enrolled]),
        Labelled(everyone.vectors[~enrolled], everyone.labels[~enrolled]),
    )


def identify(
    gallery: Labelled, probes: Labelled, *, fpirs: Sequence[float] = FPIRS
) -> Identification:
    """Ask the gallery about every probe; a person's score is that of their best photo.

    FNIR counts a probe of an enrolled person as missed when the best match is somebody else or
    lies below the threshold (ISO/IEC 19795-1, rank 1). Probes whose label is not in the gallery
    are the strangers. An FPIR is reported only where it stands for at least one stranger.

    Args:
        gallery: the enrolled photos, any number a person.
        probes: the photos asked about.
        fpirs: false positive identification rates wanted, each above 0 and at most 1.

    Raises:
        UsageError: nobody is enrolled, or no probe shows an enrolled person.
    """
    people = np.unique(gallery.labels)
    known = np.isin(probes.labels, people)
    if not known.any():
        raise UsageError(
            "no probe shows an enrolled person",
            "Identification needs two photos or more of at least one person.",
        )
    best, rank = _ask(gallery, probes, people)
    strangers = np.sort(best[~known])[::-1]
    right = int((rank[known] == 1).sum())
    total = int(known.sum())
    return Identification(
        rank1=right / total,
        rank5=float(np.mean(rank[known] <= 5)),
        rank1_range=wilson(right, total),
        points=_points(best[known], rank[known] == 1, strangers, fpirs),
        people=len(people),
        probes=total,
        strangers=len(strangers),
    )


def _ask(gallery: Labelled, probes: Labelled, people: Ids) -> tuple[Doubles, Ids]:
    """Best score (N,) of each probe, and the right person's rank (N,); 0 for strangers."""
    order = np.argsort(gallery.labels, kind="stable")
    starts = np.searchsorted(gallery.labels[order], people)
    best = np.empty(len(probes.labels))
    rank = np.zeros(len(probes.labels), dtype=np.int64)
    for start in range(0, len(best), _BLOCK_ROWS):
        part = slice(start, start + _BLOCK_ROWS)
        cosines = probes.vectors[part] @ gallery.vectors[order].T
        scores = np.maximum.reduceat(cosines, starts, axis=1)
        best[part] = scores.max(axis=1)
        labels = probes.labels[part]
        column = np.searchsorted(people, labels).clip(max=len(people) - 1)
        own = np.take_along_axis(scores, column[:, None], axis=1)
        # A tie with somebody else counts against us.
        rank[part] = np.where(people[column] == labels, (scores >= own).sum(axis=1), 0)
    return best, rank


def _points(
    best: Doubles, right: Flags, strangers: Doubles, fpirs: Sequence[float]
) -> tuple[OpenSetPoint, ...]:
    points: list[OpenSetPoint] = []
    for fpir in fpirs:
        if not 0 < fpir <= 1:
            raise UsageError(f"a false positive rate of {fpir} is not between 0 and 1")
        if fpir * len(strangers) < 1 - 1e-9:
            continue
        threshold = max(strict_threshold(strangers, fpir), -1.0)
        missed = int((~(right & (best >= threshold))).sum())
        points.append(OpenSetPoint(fpir, missed / len(best), threshold, wilson(missed, len(best))))
    return tuple(points)
