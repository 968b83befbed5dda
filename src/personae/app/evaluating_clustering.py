"""``evaluate clustering``: a folder of people grouped as the product groups, beside others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from personae.adapters.models.calibrated import load_calibration
from personae.adapters.sources.kinds import PHOTO_NAMES
from personae.app.build import choose
from personae.app.evaluating_photos import EmbeddedPhotos, Failed, Progress, embed_photos
from personae.app.settings import Settings
from personae.core.arrays import Doubles, Flags, Ids, Vectors
from personae.core.errors import SourceMissing, UsageError
from personae.flows.cluster import POOR, thresholds_for
from personae.flows.evaluation.clustering import NOISE, Clustering, score_clusters
from personae.flows.evaluation.rivals import RIVALS, Rival, score_rivals
from personae.flows.linking import Question, Thresholds, link

GRID: Doubles = np.arange(0.2, 0.601, 0.025)
"""Least cosines that a rival may choose from on one half of the people."""
NO_THRESHOLD = frozenset({"HDBSCAN"})
"""Rivals that take none: there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Halved:
    """A rival at its best: its threshold chosen on half of the people, scored on the others.

    Attributes:
        threshold: the chosen least cosine, None for a rival that takes none.
        score: on the other half.
    """

    threshold: float | None
    score: Clustering


@dataclass(frozen=True, slots=True)
class ClusteringReport:
    """How well a folder of people was grouped.

    Attributes:
        ours: everything, with the thresholds that a library of this size uses.
        thresholds: those.
        fmr: the false-match rate they stand for.
        same: rivals at our threshold, on everything.
        half: ours on the half of the people on which the rivals in ``chosen`` are scored.
        chosen: rivals at their best threshold.
        failed: photos without a vector; each counts as a group of its own, with everybody.
    """

    ours: Clustering
    thresholds: Thresholds
    fmr: float
    same: Mapping[str, Clustering]
    half: Clustering
    chosen: Mapping[str, Halved]
    failed: tuple[Failed, ...]

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate clustering --json``."""
        return self.ours.as_json() | {
            "threshold": self.thresholds.one_one,
            "fmr": self.fmr,
            "rivals_same_threshold": {n: score.as_json() for n, score in self.same.items()},
            "half": self.half.as_json(),
            "rivals_chosen_threshold": {
                name: {"threshold": halved.threshold, **halved.score.as_json()}
                for name, halved in self.chosen.items()
            },
            "failures": [
                {"path": f.path, "code": f.code, "message": f.message} for f in self.failed
            ],
        }


def clustering(
    folder: Path, settings: Settings, progress: Progress = lambda done, total: None
) -> ClusteringReport:
    """Groups the photos of a folder whose sub-folders are people.

    Args:
        folder: people are its sub-folders, or those one level deeper.
        settings: models and provider; nothing is tuned on the folder.
        progress: is told how many photos are done.

    Raises:
        SourceMissing: the folder is not there.
        UsageError: it has fewer than two people.
    """
    photos, people = photos_of_people(folder)
    embedded = embed_photos(photos, settings, progress)
    calibration = load_calibration(choose(settings.face_model).space)
    return compare(embedded, people, *thresholds_for(calibration, int(embedded.known.sum())))


def photos_of_people(folder: Path) -> tuple[list[Path], Ids]:
    """Photos, and the number (N,) of the person each shows: the folder it lies in.

    Raises:
        SourceMissing: the folder is not there.
        UsageError: it has fewer than two people.
    """
    if not folder.is_dir():
        raise SourceMissing(f"{folder} is no folder")
    found = [
        path
        for pattern in ("*/*", "*/*/*")
        for path in folder.glob(pattern)
        if path.suffix.lower() in PHOTO_NAMES and path.is_file()
    ]
    photos = sorted(path for path in found if not path.name.startswith("."))
    names = [str(path.parent) for path in photos]
    people = np.unique(names, return_inverse=True)[1] if names else np.zeros(0)
    if len(set(names)) < 2:
        raise UsageError(
            f"{folder} has {len(set(names))} folders with photos",
            "Every person needs a folder of photos in it, or one level deeper.",
        )
    return photos, people.astype(np.int64)


def compare(
    embedded: EmbeddedPhotos, people: Ids, thresholds: Thresholds, fmr: float
) -> ClusteringReport:
    """Our grouping and those of others, on the same vectors."""
    known = embedded.known
    if not known.any():
        raise UsageError("no photo of the folder gave a face: there is nothing to group")
    vectors, truth = embedded.vectors[known], people[known]
    ours = np.full(len(people), NOISE, np.int64)
    ours[known] = grouped(vectors, embedded.quality[known].tolist(), thresholds)
    first = _half(truth)
    half = grouped(vectors[~first], embedded.quality[known][~first].tolist(), thresholds)
    return ClusteringReport(
        ours=score_clusters(ours, people),
        thresholds=thresholds,
        fmr=fmr,
        same=score_rivals(vectors, truth, thresholds.one_one),
        half=score_clusters(half, truth[~first]),
        chosen={name: _chosen(name, vectors, truth, first) for name in RIVALS},
        failed=embedded.failed,
    )


def grouped(vectors: Vectors, quality: list[float], thresholds: Thresholds) -> Ids:
    """(N,) group of each photo, -1 for what the product leaves alone because nobody could tell."""
    labels = np.full(len(vectors), NOISE, np.int64)
    question = Question(vectors, np.zeros(len(vectors), np.int64))
    for number, group in enumerate(link(question, thresholds)):
        if max(quality[row] for row in group) >= POOR:
            labels[group] = number
    return labels


def _half(people: Ids) -> Flags:
    """(N,) whether a photo's person is in the half on which thresholds are chosen."""
    names = np.unique(people)
    drawn = np.random.default_rng(0).permutation(names)[: len(names) // 2]
    return np.isin(people, drawn)


def _chosen(name: str, vectors: Vectors, people: Ids, first: Flags) -> Halved:
    rival: Rival = RIVALS[name]
    threshold = None if name in NO_THRESHOLD else _best(rival, vectors[first], people[first])
    labels = rival(vectors[~first], threshold or 0.0)
    return Halved(threshold, score_clusters(labels, people[~first]))


def _best(rival: Rival, vectors: Vectors, people: Ids) -> float:
    """The threshold with the best BCubed F; of several, the one in the middle."""
    scores = [score_clusters(rival(vectors, t), people).bcubed_f for t in GRID.tolist()]
    best = np.flatnonzero(np.array(scores) >= max(scores) - 1e-12)
    return round(float(GRID[best[len(best) // 2]]), 4)
