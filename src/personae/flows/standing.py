"""Who stands where at which moment: kept tracks brought to common moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Boxes, Doubles, Flags, Ids
from personae.core.geometry import inside
from personae.core.traces import Trace
from personae.flows.expected import Expectation

ON_BODY = 0.5
"""A face of which this much lies in a body is that body's."""
GROWN = 0.15
"""Bodies move between two looks: their boxes are widened by this share on every side."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One track at the moments at which it was there.

    Attributes:
        moments: (n,) numbers of the moments, increasing.
        boxes: (n, 4) pixels.
        people: (n,) how many people it stands for.
        counted: whether it is a person more likely than not.
        sure: the probability of that.
    """

    trace: Trace
    moments: Ids
    boxes: Boxes
    people: Doubles
    counted: bool
    sure: float

    @property
    def feet(self) -> Doubles:
        """(n, 2) middle of the lower edge."""
        across = (self.boxes[:, 0] + self.boxes[:, 2]) / 2
        return np.stack([across, self.boxes[:, 3]], 1).astype(np.float64)


def standing(
    traces: Sequence[Trace],
    times: Doubles,
    expectation: Expectation | None = None,
    shrink: float = 1.0,
) -> list[Stand]:
    """Tracks of one medium at common moments.

    A face is a person where no body is seen about it.

    Args:
        traces: everything that was seen.
        times: (K,) moments in seconds, increasing.
        expectation: what a body's box means; None where each is taken for one person.
        shrink: size of the pictures that were searched over that of the film.
    """
    bodies = [_body(t, times, expectation, shrink) for t in traces if t.kind == "body"]
    crowd: dict[int, list[Boxes]] = {}
    for one in bodies:
        for moment, box in zip(one.moments.tolist(), one.boxes, strict=True):
            crowd.setdefault(moment, []).append(box)
    faces = [_face(t, times, crowd) for t in traces if t.kind == "face"]
    return [one for one in bodies + faces if len(one.moments)]


def _body(trace: Trace, times: Doubles, expectation: Expectation | None, shrink: float) -> Stand:
    moments, boxes = _at(trace, times)
    if expectation is None:
        return Stand(trace, moments, boxes, np.ones(len(moments)), True, 1.0)
    heights = (boxes[:, 3] - boxes[:, 1]).astype(np.float64) * shrink
    sure = float(expectation.true(trace.quality))
    people = expectation.people(trace.quality, heights)
    return Stand(trace, moments, boxes, people, sure >= 0.5, sure)


def _face(trace: Trace, times: Doubles, crowd: dict[int, list[Boxes]]) -> Stand:
    moments, boxes = _at(trace, times)
    alone = np.array(
        [not _covered(box, crowd.get(m)) for m, box in zip(moments.tolist(), boxes, strict=True)],
        np.bool_,
    )
    # Seen beside its body for most of the time, it is no second person for the rest of it
    if trace.body is not None or (len(alone) and alone.mean() <= 0.5):
        alone = alone & _apart(moments, crowd)
    return Stand(trace, moments[alone], boxes[alone], np.ones(int(alone.sum())), True, 1.0)


def _apart(moments: Ids, crowd: dict[int, list[Boxes]]) -> Flags:
    """Moments at which no body at all is followed: the face holds the place of its own."""
    return np.array([moment not in crowd for moment in moments.tolist()], np.bool_)


def _covered(face: Boxes, bodies: list[Boxes] | None) -> bool:
    if not bodies:
        return False
    stacked = np.stack(bodies)
    sides = (stacked[:, 2:] - stacked[:, :2]) * GROWN
    wide = np.concatenate([stacked[:, :2] - sides, stacked[:, 2:] + sides], 1)
    return bool((inside(face[None], wide.astype(np.float32)) >= ON_BODY).any())


def _at(trace: Trace, times: Doubles) -> tuple[Ids, Boxes]:
    """Moments of a track and its boxes then, drawn straight between those that are known."""
    low = int(np.searchsorted(times, trace.start - 1e-9, "left"))
    high = int(np.searchsorted(times, trace.end - 1e-9, "left"))
    moments = np.arange(low, max(high, low), dtype=np.int64)
    columns = [np.interp(times[moments], trace.times, trace.boxes[:, k]) for k in range(4)]
    return moments, np.stack(columns, 1).astype(np.float32).reshape(-1, 4)
