"""Are these two the same person? Accuracy in ten folds, ROC, and TAR at FAR with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Flags, Ids, Scores
from personae.core.errors import ShapeError, UsageError
from personae.flows.evaluation.confidence import Range, strict_threshold, wilson

FARS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
_FOLDS = 10
_ROC_POINTS = 100


@dataclass(frozen=True, slots=True)
class Roc:
    """The receiver operating characteristic, one point for each distinct score, strict first.

    Args:
        far: (K,) float64, share of impostor pairs with a score of at least the threshold.
        tar: (K,) float64, share of genuine pairs with a score of at least the threshold.
        thresholds: (K,) float64, descending.
    """

    far: Doubles
    tar: Doubles
    thresholds: Doubles

    @property
    def auc(self) -> float:
        """Area under the curve, 0..1."""
        return float(np.trapezoid(np.append(0.0, self.tar), np.append(0.0, self.far)))

    @property
    def eer(self) -> float:
        """Equal error rate: where FAR and 1 - TAR come nearest, their mean."""
        miss = 1.0 - self.tar
        nearest = int(np.argmin(np.abs(self.far - miss)))
        return float((self.far[nearest] + miss[nearest]) / 2)

    def thinned(self, count: int = _ROC_POINTS) -> list[list[float]]:
        """At most ``count`` [far, tar] pairs, the first and last among them, for a chart."""
        picks = np.unique(np.linspace(0, len(self.far) - 1, count).round().astype(np.int64))
        return [[float(self.far[i]), float(self.tar[i])] for i in picks]


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What one false accept rate buys.

    Args:
        far: the rate asked for (FAR, also called FMR); the rate reached is never above it.
        tar: share of genuine pairs accepted; FNMR is 1 - tar.
        threshold: accept a score that is at least this.
        tar_range: 95 % Wilson interval of ``tar``.
        false_accepts: impostor pairs accepted at the threshold.
    """

    far: float
    tar: float
    threshold: float
    tar_range: Range
    false_accepts: int


@dataclass(frozen=True, slots=True)
class Verification:
    """How well scores tell same from not same.

    Args:
        accuracy: mean over the folds, each judged at the best threshold of all the others.
        accuracy_std: standard deviation over the folds (population form, as commonly printed).
        accuracy_error: standard error of the mean (Huang et al. 2007, LFW, equation 3).
        accuracy_range: 95 % Wilson interval over all pairs.
        threshold: mean of the folds' thresholds.
        folds: number of folds.
        points: one for each FAR that the impostor pairs support.
        roc: the whole curve.
        genuine: number of pairs of one person.
        impostors: number of pairs of two people.
    """

    accuracy: float
    accuracy_std: float
    accuracy_error: float
    accuracy_range: Range
    threshold: float
    folds: int
    points: tuple[OperatingPoint, ...]
    roc: Roc
    genuine: int
    impostors: int

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate verification --json``; rates are keyed like ``"0.001"``."""
        keyed = {rate_key(point.far): point for point in self.points}
        return {
            "accuracy": self.accuracy,
            "accuracy_std": self.accuracy_std,
            "accuracy_error": self.accuracy_error,
            "accuracy_95": list(self.accuracy_range),
            "threshold": self.threshold,
            "folds": self.folds,
            "tar_at_far": {key: point.tar for key, point in keyed.items()},
            "tar_at_far_95": {key: list(point.tar_range) for key, point in keyed.items()},
            "fnmr_at_fmr": {key: 1.0 - point.tar for key, point in keyed.items()},
            "threshold_at_far": {key: point.threshold for key, point in keyed.items()},
            "auc": self.roc.auc,
            "eer": self.roc.eer,
            "roc": self.roc.thinned(),
            "pairs": self.genuine + self.impostors,
            "genuine": self.genuine,
            "impostors": self.impostors,
        }


def rate_key(rate: float) -> str:
    """``0.001`` for 1e-3: the form in which rates are JSON keys."""
    return np.format_float_positional(rate, trim="-")


def score_pairs(
    scores: Scores | Doubles,
    same: Flags,
    *,
    folds: Ids | None = None,
    fars: Sequence[float] = FARS,
) -> Verification:
    """Judge scored pairs.

    Without folds, ten are made by rank: the genuine pairs in order, and the impostor pairs in
    order, are each cut into ten equal runs. Always the same, and neighbours (files are sorted by
    name) stay together. A FAR is reported only where it stands for at least one impostor pair.

    Args:
        scores: (N,) finite, higher is more alike.
        same: (N,) the truth.
        folds: (N,) fold of each pair, any integers.
        fars: false accept rates wanted, each above 0 and at most 1.

    Raises:
        UsageError: no genuine or no impostor pairs, or a single fold.
        ShapeError: lengths differ, or a score is not finite.
    """
    values = np.asarray(scores, dtype=np.float64)
    _check(values, same, folds)
    parts = _ranked_folds(same) if folds is None else np.unique(folds, return_inverse=True)[1]
    order = np.argsort(-values, kind="stable")
    ranked = _Ranked(values[order], same[order], parts[order])
    accuracies, thresholds, right = _cross_validate(ranked)
    count = len(accuracies)
    error = float(np.std(accuracies, ddof=1) / np.sqrt(count))
    return Verification(
        accuracy=float(np.mean(accuracies)),
        accuracy_std=float(np.std(accuracies)),
        accuracy_error=error,
        accuracy_range=wilson(right, len(values)),
        threshold=float(np.mean(thresholds)),
        folds=count,
        points=_points(ranked, fars),
        roc=_roc(ranked),
        genuine=int(same.sum()),
        impostors=int((~same).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Pairs in descending order of score."""

    scores: Doubles
    same: Flags
    folds: Ids


def _check(values: Doubles, same: Flags, folds: Ids | None) -> None:
    shape = values.shape
    if len(shape) != 1 or same.shape != shape or (folds is not None and folds.shape != shape):
        raise ShapeError(f"scores {shape}, same {same.shape} and folds must be of one length")
    if not np.isfinite(values).all():
        raise ShapeError("a score is not a finite number")
    if same.all() or not same.any():
        raise UsageError(
            f"all {len(values)} pairs are {'the same person' if same.any() else 'two people'}",
            "Verification needs pairs of both kinds.",
        )
    if folds is not None and len(np.unique(folds)) < 2:
        raise UsageError("all pairs are in one fold", "Give no folds, or at least two.")


def _ranked_folds(same: Flags) -> Ids:
    folds = np.empty(len(same), dtype=np.int64)
    for kind in (same, ~same):
        total = int(kind.sum())
        folds[kind] = np.arange(total) * _FOLDS // total
    return folds


def _cross_validate(ranked: _Ranked) -> tuple[Doubles, Doubles, int]:
    """Accuracy and threshold of each fold, and the pairs judged rightly in all."""
    accuracies: list[float] = []
    thresholds: list[float] = []
    right = 0
    for fold in np.unique(ranked.folds):
        held = ranked.folds == fold
        threshold = _best_threshold(ranked.scores[~held], ranked.same[~held])
        correct = int(((ranked.scores[held] >= threshold) == ranked.same[held]).sum())
        right += correct
        accuracies.append(correct / int(held.sum()))
        thresholds.append(threshold)
    return np.array(accuracies), np.array(thresholds), right


def _best_threshold(scores: Doubles, same: Flags) -> float:
    """The threshold with most right answers; of several, the one in the middle.

    Candidates lie halfway between neighbouring distinct scores and just outside the extremes.
    """
    ends = np.flatnonzero(np.append(scores[1:] < scores[:-1], True))
    genuine = np.cumsum(same)[ends]
    impostors = ends + 1 - genuine
    gain = np.append(0, genuine - impostors)  # right answers, less a constant
    best = np.flatnonzero(gain == gain.max())
    pick = int(best[len(best) // 2])
    if pick == 0:
        return float(np.nextafter(scores[0], np.inf))
    last = ends[pick - 1]
    if last + 1 == len(scores):
        return float(scores[last])
    # Rounding may put the midpoint of two adjacent numbers onto the lower one.
    middle = (scores[last] + scores[last + 1]) / 2
    return float(middle if middle > scores[last + 1] else scores[last])


def _roc(ranked: _Ranked) -> Roc:
    ends = np.flatnonzero(np.append(ranked.scores[1:] < ranked.scores[:-1], True))
    genuine = np.cumsum(ranked.same)[ends]
    impostors = ends + 1 - genuine
    return Roc(impostors / impostors[-1], genuine / genuine[-1], ranked.scores[ends])


def _points(ranked: _Ranked, fars: Sequence[float]) -> tuple[OperatingPoint, ...]:
    genuine, impostors = ranked.scores[ranked.same], ranked.scores[~ranked.same]
    points: list[OperatingPoint] = []
    for far in fars:
        if not 0 < far <= 1:
            raise UsageError(f"a false accept rate of {far} is not between 0 and 1")
        if far * len(impostors) < 1 - 1e-9:
            continue
        # With FAR 1 everything passes; the lowest score says so and, unlike -inf, is JSON.
        threshold = max(strict_threshold(impostors, far), float(ranked.scores[-1]))
        accepted = int((genuine >= threshold).sum())
        points.append(
            OperatingPoint(
                far=far,
                tar=accepted / len(genuine),
                threshold=threshold,
                tar_range=wilson(accepted, len(genuine)),
                false_accepts=int((impostors >= threshold).sum()),
            )
        )
    return tuple(points)
