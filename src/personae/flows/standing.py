"""Who stands where at which moment: kept tracks brought to common moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
        """(n, 2) middle of the lowest row of pixels: within the picture, also at its lower edge."""
        across = (self.boxes[:, 0] + self.boxes[:, 2]) / 2
        return np.stack([across, self.boxes[:, 3] - 0.5], 1).astype(np.float64)


def standing(
    traces: Sequence[Trace],
    times: Doubles,
    expectation: Expectation | None = None,
    shrink: float = 1.0,
) -> list[Stand]:
    """Tracks of one medium at common moments.

    A body has one face: its own, else one that lies in it. Faces left over are people whose body
    was not found.

    Args:
        traces: everything that was seen.
        times: (K,) moments in seconds, increasing.
        expectation: what a body's box means; None where each is taken for one person.
        shrink: size of the pictures that were searched over that of the film.
    """
    bodies = [_body(t, times, expectation, shrink) for t in traces if t.kind == "body"]
    there: dict[int, dict[int, Boxes]] = {}
    for one in bodies:
        for moment, box in zip(one.moments.tolist(), one.boxes, strict=True):
            there.setdefault(moment, {})[one.trace.id] = box
    faces = [_face(t, times) for t in traces if t.kind == "face"]
    alone = _alone(faces, there)
    left = [_without(one, flags) for one, flags in zip(faces, alone, strict=True)]
    return [one for one in bodies + left if len(one.moments)]


def _body(trace: Trace, times: Doubles, expectation: Expectation | None, shrink: float) -> Stand:
    moments, boxes = _at(trace, times)
    if expectation is None:
        return Stand(trace, moments, boxes, np.ones(len(moments)), True, 1.0)
    heights = (boxes[:, 3] - boxes[:, 1]).astype(np.float64) * shrink
    sure = float(expectation.true(trace.quality))
    people = expectation.people(trace.quality, heights)
    return Stand(trace, moments, boxes, people, sure >= 0.5, sure)


def _face(trace: Trace, times: Doubles) -> Stand:
    moments, boxes = _at(trace, times)
    return Stand(trace, moments, boxes, np.ones(len(moments)), True, 1.0)


def _alone(faces: Sequence[Stand], there: Mapping[int, Mapping[int, Boxes]]) -> list[Flags]:
    """For each face the moments at which no body is its."""
    alone = [np.ones(len(one.moments), np.bool_) for one in faces]
    looks: dict[int, list[tuple[int, int]]] = {}
    for number, one in enumerate(faces):
        for at, moment in enumerate(one.moments.tolist()):
            looks.setdefault(moment, []).append((number, at))
    for moment, here in looks.items():
        free = dict(there.get(moment, {}))
        # Those whose body is known first: they take no other's
        for number, at in sorted(here, key=lambda k: faces[k[0]].trace.body not in free):
            one = faces[number]
            own = one.trace.body
            found = own if own in free else _around(one.boxes[at], free)
            alone[number][at] = found is None
            if found is not None:
                del free[found]
    for one, flags in zip(faces, alone, strict=True):
        # Seen with a body for most of the time, it is no second person while that body moves on
        if len(flags) and flags.mean() <= 0.5:
            flags &= np.array([m not in there for m in one.moments.tolist()], np.bool_)
    return alone


def _around(face: Boxes, bodies: Mapping[int, Boxes]) -> int | None:
    """The body that most of a face lies in."""
    if not bodies:
        return None
    numbers, stacked = list(bodies), np.stack(list(bodies.values()))
    sides = (stacked[:, 2:] - stacked[:, :2]) * GROWN
    wide = np.concatenate([stacked[:, :2] - sides, stacked[:, 2:] + sides], 1)
    shares = inside(face[None], wide.astype(np.float32))[0]
    best = int(shares.argmax())
    return numbers[best] if shares[best] >= ON_BODY else None


def _without(one: Stand, kept: Flags) -> Stand:
    return replace(one, moments=one.moments[kept], boxes=one.boxes[kept], people=one.people[kept])


def _at(trace: Trace, times: Doubles) -> tuple[Ids, Boxes]:
    """Moments of a track and its boxes then, drawn straight between those that are known."""
    low = int(np.searchsorted(times, trace.start - 1e-9, "left"))
    high = int(np.searchsorted(times, trace.end - 1e-9, "left"))
    moments = np.arange(low, max(high, low), dtype=np.int64)
    columns = [np.interp(times[moments], trace.times, trace.boxes[:, k]) for k in range(4)]
    return moments, np.stack(columns, 1).astype(np.float32).reshape(-1, 4)
