"""How far counts of people are from the truth, and what boxes mean, learnt from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from personae.core.arrays import Doubles, Flags, Ids
from personae.flows.crowd import running_median
from personae.flows.evaluation.assignment import assign
from personae.flows.evaluation.moments import EPS, Boxed, box_iou, rows_by_frame
from personae.flows.evaluation.mot_files import NO_CLASS, PEDESTRIAN, MotRows
from personae.flows.expected import Expectation, fit

MATCH = 0.5 - EPS
"""Least overlap of a box with the person it stands for."""


@dataclass(frozen=True, slots=True)
class CountScore:
    """Counts against the truth, frame by frame.

    Attributes:
        frames: that were compared.
        truth: mean of people in a frame.
        mean: of the counts.
        mae: mean absolute error, in people.
        bias: mean error, positive where too many were counted.
    """

    frames: int
    truth: float
    mean: float
    mae: float
    bias: float

    @property
    def relative(self) -> float:
        """Mean absolute error as a share of the true mean."""
        return self.mae / self.truth if self.truth else float("inf")

    def as_json(self) -> dict[str, object]:
        """Figures with ``mae_of_mean``, which is ``mae / truth``."""
        return {
            "frames": self.frames,
            "truth": self.truth,
            "mean": self.mean,
            "mae": self.mae,
            "mae_of_mean": self.relative,
            "bias": self.bias,
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """Every followed box at every frame of the truth.

    Attributes:
        boxed: frame, sighting and box in the pixels that were searched.
        scores: (N,) best score of each box's track.
    """

    boxed: Boxed
    scores: Doubles


def pedestrians(truth: MotRows) -> Boxed:
    """People that must be counted: class 1 where there are classes, and none marked as ignored."""
    wanted = truth.scores != 0
    if not (truth.classes == NO_CLASS).all():
        wanted &= truth.classes == PEDESTRIAN
    return truth.boxed.only(np.flatnonzero(wanted))


def counts(boxed: Boxed, frames: Ids) -> Doubles:
    """(F,) boxes in each of these frames."""
    return np.array([(boxed.frames == frame).sum() for frame in frames], np.float64)


def score_counts(found: Doubles, truth: Doubles) -> CountScore:
    """Counts (F,) against true counts (F,)."""
    error = found - truth
    return CountScore(
        len(truth),
        float(truth.mean()),
        float(found.mean()),
        float(np.abs(error).mean()),
        float(error.mean()),
    )


def learnt(seen: Seen, truth: Boxed, frames: Ids, source: str) -> Expectation:
    """What boxes mean, from these frames only."""
    mine = np.flatnonzero(np.isin(seen.boxed.frames, frames))
    theirs = np.flatnonzero(np.isin(truth.frames, frames))
    boxes, people = seen.boxed.only(mine), truth.only(theirs)
    true, found = _matched(boxes, people)
    heights = people.boxes[:, 3] - people.boxes[:, 1]
    return fit(seen.scores[mine], true, heights, found, source)


def expected(seen: Seen, frames: Ids, known: Expectation) -> Doubles:
    """(F,) expected people in each of these frames."""
    heights = seen.boxed.boxes[:, 3] - seen.boxed.boxes[:, 1]
    people = known.people(seen.scores, heights)
    return np.array([people[seen.boxed.frames == frame].sum() for frame in frames], np.float64)


def held_out(
    seen: Seen, truth: Boxed, frames: Ids, times: Doubles, folds: int, window_s: float
) -> CountScore:
    """Each of so many stretches of time counted with what the others taught, smoothed within it.

    Stretches and not single frames: neighbours are nearly the same picture.
    """
    found: list[Doubles] = []
    for here in np.array_split(np.arange(len(frames)), folds):
        others = np.delete(frames, here)
        known = learnt(seen, truth, others, "the other stretches")
        values = expected(seen, frames[here], known)
        found.append(running_median(values, times[here], window_s))
    return score_counts(np.concatenate(found), counts(truth, frames))


def shrunk(boxed: Boxed, factor: float) -> Boxed:
    """The same boxes on a picture of another size."""
    return replace(boxed, boxes=boxed.boxes * factor)


def _matched(boxes: Boxed, people: Boxed) -> tuple[Flags, Flags]:
    """Which boxes lie on a person, and on which people a box lies; one to one."""
    true, found = np.zeros(len(boxes), np.bool_), np.zeros(len(people), np.bool_)
    pairs: Sequence[tuple[Ids, Ids]] = rows_by_frame(boxes.frames, people.frames)
    for rows, columns in pairs:
        iou = box_iou(boxes.boxes[rows], people.boxes[columns])
        iou[iou < MATCH] = 0.0
        left, right = assign(iou)
        fits = iou[left, right] > 0
        true[rows[left[fits]]] = True
        found[columns[right[fits]]] = True
    return true, found
