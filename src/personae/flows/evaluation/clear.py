"""CLEAR MOT: misses, false boxes and identity switches, counted frame by frame.

Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance", 2008. Ties are
handled as in TrackEval (MIT licence), so that the numbers are equal to those published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Ids
from personae.flows.evaluation.assignment import Assigned, assign
from personae.flows.evaluation.moments import EPS, Moment, Moments

LEAST_IOU = 0.5
_NOBODY = -1
_LOYALTY = 1000.0


@dataclass(frozen=True, slots=True)
class Clear:
    """Counts over a sequence, or over several.

    Args:
        tp: boxes matched.
        fn: true boxes missed.
        fp: predicted boxes that match nothing.
        id_switches: times a true track was continued by another predicted track.
        fragments: times a true track was picked up again after a gap.
        mostly_tracked: true tracks matched in more than 80 % of their frames.
        mostly_lost: true tracks matched in less than 20 % of their frames.
        truths: number of true tracks.
        overlap: sum of the matched boxes' overlaps.
    """

    tp: int
    fn: int
    fp: int
    id_switches: int
    fragments: int
    mostly_tracked: int
    mostly_lost: int
    truths: int
    overlap: float

    @property
    def mota(self) -> float:
        """1 less all mistakes per true box; below 0 when mistakes outnumber boxes."""
        boxes = self.tp + self.fn
        return (self.tp - self.fp - self.id_switches) / boxes if boxes else 0.0

    @property
    def motp(self) -> float:
        """Mean overlap of matched boxes."""
        return self.overlap / self.tp if self.tp else 0.0

    def as_json(self) -> dict[str, object]:
        """Under the names of the JSON contract."""
        return {
            "mota": self.mota,
            "motp": self.motp,
            "id_switches": self.id_switches,
            "tp": self.tp,
            "fp": self.fp,
            "fn": self.fn,
            "fragments": self.fragments,
            "mostly_tracked": self.mostly_tracked,
            "mostly_lost": self.mostly_lost,
            "true_tracks": self.truths,
        }


def score_clear(moments: Moments) -> Clear:
    """CLEAR metrics of one sequence at an overlap of one half."""
    truths = len(moments.truth_lengths)
    last = np.full(truths, _NOBODY, dtype=np.int64)  # track that ever held it most recently
    held = np.full(truths, _NOBODY, dtype=np.int64)  # track that held it in the frame before
    matched = np.zeros(truths)
    taken_up = np.zeros(truths, dtype=np.int64)
    switches, overlap = 0, 0.0
    for moment in moments.frames:
        # A frame without truth or without tracks leaves `held` alone, as in TrackEval.
        if not len(moment.truths) or not len(moment.tracks):
            continue
        rows, columns = _match(moment, held)
        people, tracks = moment.truths[rows], moment.tracks[columns]
        switches += int(((last[people] != _NOBODY) & (last[people] != tracks)).sum())
        taken_up[people] += held[people] == _NOBODY
        last[people] = tracks
        held[:] = _NOBODY
        held[people] = tracks
        matched[people] += 1
        overlap += float(moment.iou[rows, columns].sum())
    share = matched / moments.truth_lengths
    tp = int(matched.sum())
    return Clear(
        tp=tp,
        fn=int(moments.truth_lengths.sum()) - tp,
        fp=int(moments.track_lengths.sum()) - tp,
        id_switches=switches,
        fragments=int(np.maximum(taken_up - 1, 0).sum()),
        mostly_tracked=int((share > 0.8).sum()),
        mostly_lost=int((share < 0.2).sum()),
        truths=truths,
        overlap=overlap,
    )


def sum_clear(parts: Sequence[Clear]) -> Clear:
    """CLEAR metrics of several sequences taken as one."""
    names = Clear.__dataclass_fields__
    return Clear(*(sum(getattr(part, name) for part in parts) for name in names))


def _match(moment: Moment, held: Ids) -> Assigned:
    """Keep yesterday's pairs wherever they still overlap, then the greatest overlap."""
    loyal = moment.tracks[None, :] == held[moment.truths][:, None]
    scores = np.where(moment.iou >= LEAST_IOU - EPS, _LOYALTY * loyal + moment.iou, 0.0)
    rows, columns = assign(scores)
    made = scores[rows, columns] > EPS
    return rows[made], columns[made]
