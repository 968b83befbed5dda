"""IDF1: each true track is given to one predicted track for the whole sequence.

Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking",
ECCV workshops 2016.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.flows.evaluation.assignment import assign
from personae.flows.evaluation.moments import Moments

LEAST_IOU = 0.5


@dataclass(frozen=True, slots=True)
class Identity:
    """Boxes that carry the right, a wrong or no identity."""

    idtp: int
    idfp: int
    idfn: int

    @property
    def idf1(self) -> float:
        """Harmonic mean of identity precision and recall; 0 when there are no boxes at all."""
        return self.idtp / max(1.0, self.idtp + 0.5 * self.idfp + 0.5 * self.idfn)

    @property
    def precision(self) -> float:
        """Share of predicted boxes with the right identity."""
        return self.idtp / max(1, self.idtp + self.idfp)

    @property
    def recall(self) -> float:
        """Share of true boxes with the right identity."""
        return self.idtp / max(1, self.idtp + self.idfn)

    def as_json(self) -> dict[str, object]:
        """Under the names of the JSON contract."""
        return {
            "idf1": self.idf1,
            "idp": self.precision,
            "idr": self.recall,
            "idtp": self.idtp,
            "idfp": self.idfp,
            "idfn": self.idfn,
        }


def score_identity(moments: Moments) -> Identity:
    """Identity metrics of one sequence at an overlap of one half."""
    shared = np.zeros(moments.shape)
    for moment in moments.frames:
        shared[np.ix_(moment.truths, moment.tracks)] += moment.iou >= LEAST_IOU
    # The paper minimises IDFN + IDFP with stand-ins for tracks left alone. Both fall by one for
    # every shared box, so the pairs with most shared boxes are the same solution.
    rows, columns = assign(shared)
    idtp = int(shared[rows, columns].sum())
    truth, tracks = int(moments.truth_lengths.sum()), int(moments.track_lengths.sum())
    return Identity(idtp, tracks - idtp, truth - idtp)


def sum_identity(parts: Sequence[Identity]) -> Identity:
    """Identity metrics of several sequences taken as one."""
    return Identity(
        sum(part.idtp for part in parts),
        sum(part.idfp for part in parts),
        sum(part.idfn for part in parts),
    )
