"""HOTA: detection and association weighed alike, at nineteen strictnesses of overlap.

Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021. The
handling of ties and of empty sequences follows the authors' TrackEval (MIT licence), so that the
numbers are equal to those published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles
from personae.flows.evaluation.assignment import assign
from personae.flows.evaluation.moments import EPS, Moment, Moments

ALPHAS: Doubles = np.arange(0.05, 0.99, 0.05)
"""(19,) overlaps from which on two boxes may be the same."""


@dataclass(frozen=True, slots=True)
class Hota:
    """Sums over matched boxes, one for each alpha (19,); the metrics are ratios of them.

    Args:
        tp: boxes matched.
        fn: true boxes unmatched.
        fp: predicted boxes unmatched.
        overlap: sum of the matched boxes' overlaps.
        association: sum over the matched boxes of their tracks' Jaccard index.
        association_recall: the same of the share of the true track that is covered.
        association_precision: the same of the share of the predicted track that is right.
    """

    tp: Doubles
    fn: Doubles
    fp: Doubles
    overlap: Doubles
    association: Doubles
    association_recall: Doubles
    association_precision: Doubles

    @property
    def det_a_curve(self) -> Doubles:
        """Detection accuracy at each alpha (19,)."""
        return np.asarray(self.tp / np.maximum(1, self.tp + self.fn + self.fp))

    @property
    def ass_a_curve(self) -> Doubles:
        """Association accuracy at each alpha (19,)."""
        return np.asarray(self.association / np.maximum(1, self.tp))

    @property
    def curve(self) -> Doubles:
        """HOTA at each alpha (19,)."""
        return np.asarray(np.sqrt(self.det_a_curve * self.ass_a_curve))

    def as_json(self) -> dict[str, object]:
        """Means over the alphas, 0..1."""
        matched = np.maximum(1, self.tp)
        # Where nothing matched, nothing was placed badly.
        placed = np.where(self.tp > 0, self.overlap / matched, 1.0)
        curves = {
            "hota": self.curve,
            "deta": self.det_a_curve,
            "assa": self.ass_a_curve,
            "detre": self.tp / np.maximum(1, self.tp + self.fn),
            "detpr": self.tp / np.maximum(1, self.tp + self.fp),
            "assre": self.association_recall / matched,
            "asspr": self.association_precision / matched,
            "loca": placed,
        }
        return {name: float(curve.mean()) for name, curve in curves.items()}


def score_hota(moments: Moments) -> Hota:
    """HOTA of one sequence."""
    truths, tracks = moments.truth_lengths[:, None], moments.track_lengths[None, :]
    alignment = _alignment(moments)
    matches = np.zeros((len(ALPHAS), *moments.shape))
    tp, overlap = np.zeros(len(ALPHAS)), np.zeros(len(ALPHAS))
    for moment in moments.frames:
        cells = np.ix_(moment.truths, moment.tracks)
        rows, columns = assign(alignment[cells] * moment.iou)
        matched = moment.iou[rows, columns]
        # (alphas, pairs)
        valid = matched[None, :] >= ALPHAS[:, None] - EPS
        tp += valid.sum(axis=1)
        overlap += (valid * matched).sum(axis=1)
        matches[:, moment.truths[rows], moment.tracks[columns]] += valid
    sums = [
        (matches * (matches / np.maximum(1, whole))).sum(axis=(1, 2))
        for whole in (truths + tracks - matches, truths, tracks)
    ]
    return Hota(tp, truths.sum() - tp, tracks.sum() - tp, overlap, *sums)


def sum_hota(parts: Sequence[Hota]) -> Hota:
    """HOTA of several sequences taken as one."""
    names = Hota.__dataclass_fields__
    return Hota(*(np.sum([getattr(part, name) for part in parts], axis=0) for name in names))


def _alignment(moments: Moments) -> Doubles:
    """How much two tracks (T, K) share over the whole sequence, before any matching."""
    shared = np.zeros(moments.shape)
    for moment in moments.frames:
        shared[np.ix_(moment.truths, moment.tracks)] += _soft_overlap(moment)
    whole = moments.truth_lengths[:, None] + moments.track_lengths[None, :] - shared
    return np.asarray(shared / whole)


def _soft_overlap(moment: Moment) -> Doubles:
    """Overlap (n, m) as a share of all the overlap that either box has in this frame."""
    iou = moment.iou
    whole = iou.sum(axis=0, keepdims=True) + iou.sum(axis=1, keepdims=True) - iou
    share: Doubles = np.divide(iou, whole, out=np.zeros_like(iou), where=whole > EPS)
    return share
