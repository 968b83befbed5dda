"""Who was on screen when? Predicted intervals of each person against the true ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from personae.core.arrays import Doubles
from personae.core.errors import UsageError
from personae.core.intervals import Span, intersect, length, span_iou, subtract, union
from personae.flows.evaluation.assignment import assign, assign_above
from personae.flows.evaluation.verification import rate_key

Timelines: TypeAlias = Mapping[str, Sequence[Span]]
"""A person's key or name → (start, end) in seconds, in any order, overlaps allowed."""

IOUS = (0.5, 0.9)
_MIXED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class IntervalScore:
    """Intervals found at one strictness, over all people.

    Args:
        iou: least overlap of a predicted and a true interval that are to count as one.
        hits: pairs made, one to one.
        predicted: predicted intervals.
        true: true intervals.
    """

    iou: float
    hits: int
    predicted: int
    true: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 when there was nothing to find or to say."""
        total = self.predicted + self.true
        return 2 * self.hits / total if total else 1.0


@dataclass(frozen=True, slots=True)
class PersonTime:
    """One true person.

    Args:
        true_seconds: time on screen.
        predicted_seconds: time they were reported on screen.
        predicted_as: key under which they were found, None when not found.
        f1: interval F1 of this person at each overlap of the score, in its order.
        right_seconds: time they were reported on screen and were.
    """

    true_seconds: float
    predicted_seconds: float
    predicted_as: str | None
    f1: tuple[float, ...]
    right_seconds: float = 0.0

    @property
    def bias(self) -> float:
        """Relative error of the screen time with its sign: -1 when the person was not found."""
        return (self.predicted_seconds - self.true_seconds) / self.true_seconds


@dataclass(frozen=True, slots=True)
class Timeline:
    """How well a report of who is on screen when agrees with the truth.

    Args:
        scores: intervals found, one score for each overlap asked for.
        in_ms: absolute error of each found interval's start, milliseconds, at the first overlap.
        out_ms: the same of its end.
        persons: every true person by name.
        strangers: predicted people who are no true person.
        mixed: predicted people of whose time a tenth or more shows another true person alone.
        told_seconds: reported, strangers included.
    """

    scores: tuple[IntervalScore, ...]
    in_ms: tuple[float, ...]
    out_ms: tuple[float, ...]
    persons: Mapping[str, PersonTime]
    strangers: tuple[str, ...]
    mixed: tuple[str, ...]
    told_seconds: float = 0.0

    @property
    def time_recall(self) -> float:
        """Share of the true seconds, over all people, that were reported of the right person."""
        true = sum(person.true_seconds for person in self.persons.values())
        return self._right / true if true else 1.0

    @property
    def time_precision(self) -> float:
        """Share of the reported seconds, over all people and strangers, that are right."""
        return self._right / self.told_seconds if self.told_seconds else 1.0

    @property
    def _right(self) -> float:
        return sum(person.right_seconds for person in self.persons.values())

    @property
    def people(self) -> int:
        """Number of predicted people."""
        found = sum(person.predicted_as is not None for person in self.persons.values())
        return found + len(self.strangers)

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate timeline --json``.

        ``screen_time_error`` is relative and without sign (1 for a person not found);
        ``screen_time_bias`` has the sign. Boundary errors are null when nothing was found.
        """
        return {
            "interval_f1": {rate_key(score.iou): score.f1 for score in self.scores},
            "screen_time_error": {name: abs(p.bias) for name, p in self.persons.items()},
            "screen_time_bias": {name: p.bias for name, p in self.persons.items()},
            "person_f1": {
                name: {rate_key(s.iou): f1 for s, f1 in zip(self.scores, p.f1, strict=True)}
                for name, p in self.persons.items()
            },
            "boundary_ms": {"in": _median(self.in_ms), "out": _median(self.out_ms)},
            "boundary_rms_ms": _root_mean_square([*self.in_ms, *self.out_ms]),
            "time_recall": self.time_recall,
            "time_precision": self.time_precision,
            "people": self.people,
            "true_people": len(self.persons),
            "found_as": {name: p.predicted_as for name, p in self.persons.items()},
            "strangers": list(self.strangers),
            "mixed": bool(self.mixed),
            "mixed_people": list(self.mixed),
        }


def score_timeline(
    predicted: Timelines,
    truth: Timelines,
    *,
    unnamed: Collection[str] | None = None,
    ious: Sequence[float] = IOUS,
) -> Timeline:
    """Compare predicted screen time with the truth.

    A named prediction stands for the true person of that name. Unnamed ones are given to the true
    people nobody claims by name, one to one, so that they share the most seconds. What remains
    are strangers: all of their intervals are wrong, so a person split in two costs F1.

    Args:
        predicted: what was reported; people without any time are left out.
        truth: what is so; people without any time are left out.
        unnamed: keys of ``predicted`` that are not names; all that are no true name when None.
        ious: least overlaps to score at, each above 0; the first is used for boundaries.

    Raises:
        UsageError: an overlap is not above 0 and at most 1.
    """
    if not ious or not all(0 < iou <= 1 for iou in ious):
        raise UsageError(f"overlaps must be above 0 and at most 1, got {list(ious)}")
    ours, theirs = _joined(predicted), _joined(truth)
    anonymous = (set(ours) - set(theirs)) if unnamed is None else set(unnamed) & set(ours)
    found = _name(ours, theirs, anonymous)
    strangers = tuple(sorted(set(ours) - set(found.values())))
    lost = sum(len(ours[key]) for key in strangers)
    hits = {
        name: [_matched(ours[key], theirs[name], iou) for iou in ious]
        for name, key in found.items()
    }
    scores = [
        IntervalScore(
            iou,
            hits=sum(len(pairs[i]) for pairs in hits.values()),
            predicted=lost + sum(len(ours[key]) for key in found.values()),
            true=sum(map(len, theirs.values())),
        )
        for i, iou in enumerate(ious)
    ]
    pairs = [pair for by_iou in hits.values() for pair in by_iou[0]]
    return Timeline(
        scores=tuple(scores),
        in_ms=tuple(abs(a[0] - b[0]) * 1000 for a, b in pairs),
        out_ms=tuple(abs(a[1] - b[1]) * 1000 for a, b in pairs),
        persons={
            name: _person(spans, found.get(name), ours, [len(h) for h in hits.get(name, [])], ious)
            for name, spans in theirs.items()
        },
        told_seconds=sum(length(spans) for spans in ours.values()),
        strangers=strangers,
        mixed=tuple(sorted(key for key, spans in ours.items() if _is_mixed(spans, theirs))),
    )


def _joined(timelines: Timelines) -> dict[str, list[Span]]:
    joined = {name: union(spans) for name, spans in sorted(timelines.items())}
    return {name: spans for name, spans in joined.items() if spans}


def _name(ours: Timelines, theirs: Timelines, anonymous: Collection[str]) -> dict[str, str]:
    """True name → predicted key."""
    found = {key: key for key in ours if key in theirs and key not in anonymous}
    free = [name for name in theirs if name not in found]
    keys = sorted(anonymous)
    shared: Doubles = np.array(
        [[length(intersect(theirs[name], ours[key])) for key in keys] for name in free],
        dtype=np.float64,
    ).reshape(len(free), len(keys))
    for row, column in zip(*assign(shared), strict=True):
        if shared[row, column] > 0:
            found[free[row]] = keys[column]
    return found


def _matched(ours: Sequence[Span], theirs: Sequence[Span], iou: float) -> list[tuple[Span, Span]]:
    overlaps: Doubles = np.array(
        [[span_iou(a, b) for b in theirs] for a in ours], dtype=np.float64
    ).reshape(len(ours), len(theirs))
    # A millionth forgives what subtracting decimal seconds does to an overlap of exactly one half.
    rows, columns = assign_above(overlaps, iou - 1e-6)
    return [(ours[i], theirs[j]) for i, j in zip(rows, columns, strict=True)]


def _person(
    spans: Sequence[Span],
    key: str | None,
    ours: Timelines,
    hits: Sequence[int],
    ious: Sequence[float],
) -> PersonTime:
    mine = ours[key] if key is not None else []
    f1 = [
        IntervalScore(iou, hit, len(mine), len(spans)).f1
        for iou, hit in zip(ious, hits or [0] * len(ious), strict=True)
    ]
    right = length(intersect(mine, spans))
    return PersonTime(length(spans), length(mine), key, tuple(f1), right)


def _is_mixed(spans: Sequence[Span], theirs: Timelines) -> bool:
    """Whether a tenth of the time shows other true people while the likeliest one is away."""
    if not theirs:
        return False
    own = max(theirs, key=lambda name: length(intersect(spans, theirs[name])))
    away = subtract(spans, theirs[own])
    others = [span for name, shown in theirs.items() if name != own for span in shown]
    return length(intersect(away, others)) >= _MIXED_SHARE * length(spans)


def _root_mean_square(values: Sequence[float]) -> float | None:
    return float(np.sqrt(np.mean(np.square(values)))) if values else None


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None
