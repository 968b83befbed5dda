"""How many of the true appearances of a film were found: at least half of each was seen."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import personae

Span = tuple[float, float]
"""Seconds from, seconds to."""


def true_spans(truth: Path) -> list[Span]:
    """Appearances as a truth file tells them.

    Either ``{"people": {name: {"intervals": [[a, b]]}}}`` or ``{"segments": [{"in_s", "out_s",
    "who"}]}``, of which those count that name one numbered person.
    """
    if not truth.is_file():
        return []
    told = json.loads(truth.read_text("utf-8"))
    if "segments" in told:
        return [
            (float(s["in_s"]), float(s["out_s"])) for s in told["segments"] if _single(s["who"])
        ]
    people = told["people"]
    return [(float(a), float(b)) for one in people.values() for a, b in one["intervals"]]


def _single(who: str) -> bool:
    return who[:1] == "P" and who[1:].isdecimal()


def seen_by_us(library: Path) -> list[Span]:
    """When faces were on screen, as a library says."""
    with personae.open(library, create=False) as opened:
        units = {m.id: m.base_num / m.base_den for m in opened.media()}
        sightings = opened.store.sightings.all()
    return [
        (s.first * units[s.media], s.last * units[s.media]) for s in sightings if s.kind == "face"
    ]


def seen_at(times: Sequence[float], seconds: float) -> list[Span]:
    """Single moments as spans: each lasts as long as a frame does."""
    frame = min((b - a for a, b in itertools.pairwise(times) if b > a), default=seconds)
    return [(time, time + frame) for time in times]


def found(truth: Sequence[Span], seen: Sequence[Span]) -> int:
    """How many of the true spans are covered by half or more."""
    return sum(_covered(span, seen) >= 0.5 * (span[1] - span[0]) for span in truth)


def _covered(span: Span, seen: Sequence[Span]) -> float:
    total, reached = 0.0, span[0]
    for start, end in sorted(seen):
        low, high = max(start, reached), min(end, span[1])
        if high > low:
            total += high - low
            reached = high
    return total
