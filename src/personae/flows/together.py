"""Who shares the screen with whom: seconds together, beside what chance alone would give."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations

import numpy as np

from personae.core.intervals import Span, length, union
from personae.flows.chance import (
    Lengths,
    Met,
    Spans,
    drawn_between,
    expected_between,
    met_within,
    p_value,
    seconds_of,
    shared_seconds,
)
from personae.flows.figures import By, Film, JsonValue, Row, ScreenTime

SHIFTS = 999
"""Random shifts for each pair; the least p that can come out is 2 / (SHIFTS + 1)."""
SPANS_SHIFTED = 500_000
"""Appearances that are shifted for one report, about a minute of one core's time."""
_SEED = 20_080


@dataclass(frozen=True, slots=True)
class Unit:
    """One person, or one gender (``person`` is None; seconds are the union of its people)."""

    key: str
    person: int | None
    gender: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, two genders, or one gender with itself (two different people of it).

    Attributes:
        seconds: both on screen at once.
        share_a: of the seconds of ``a``; ``share_b`` likewise. 0 where there are none.
        expected: seconds together if when each appears in a film did not hang on the other.
        lift: seconds / expected; None where nothing is expected.
        p: two-sided, from random circular shifts: how often chance differs so much; None where
            others have more seconds together and drawing it would take too long.
        films: in how many films they are on screen at once.
    """

    a: str
    b: str
    seconds: float
    share_a: float
    share_b: float
    expected: float
    lift: float | None
    p: float | None
    films: int


@dataclass(frozen=True, slots=True)
class Together:
    """``personae report together``: units most seconds first, pairs most seconds together first."""

    by: By
    total_seconds: float
    units: tuple[Unit, ...]
    pairs: tuple[Pair, ...]
    media: tuple[Film, ...]
    method: tuple[str, ...]

    def as_json(self) -> dict[str, JsonValue]:
        """The contract of ``--json``."""
        return {
            "by": self.by,
            "total_seconds": self.total_seconds,
            "units": [asdict(unit) for unit in self.units],
            "pairs": [asdict(pair) for pair in self.pairs],
            "media": [asdict(film) for film in self.media],
            "method": " ".join(self.method),
        }


def together(report: ScreenTime, *, by: By, shifts: int = SHIFTS) -> Together:
    """Who is on screen with whom.

    Pairs that never share a film are left out: neither chance nor the films put them together.

    Args:
        report: screen time by person; its appearances, breaks closed, are what counts.
        by: pairs of people, or of genders as people tagged them.
        shifts: random shifts for the p-value of each pair.
    """
    lengths = {film.media: film.duration for film in report.media if film.duration > 0}
    shown = [row for row in report.rows if row.intervals]
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in shown:
        groups[row.gender if by == "gender" else row.key].append(row)
    spans = {key: [_spans(row) for row in rows] for key, rows in groups.items()}
    whole = {key: _joined(many) for key, many in spans.items()}
    units = [
        Unit(
            key, rows[0].person if by == "person" else None, rows[0].gender, seconds_of(whole[key])
        )
        for key, rows in groups.items()
    ]
    units.sort(key=lambda unit: (-unit.seconds, unit.key))
    pairs = _within(units, spans, lengths, shifts) if by == "gender" else []
    pairs += _between(units, whole, lengths, shifts)
    pairs.sort(key=lambda pair: (-pair.seconds, -pair.expected, pair.a, pair.b))
    drawn = sum(pair.p is not None for pair in pairs)
    said = _method(report.gap, by, shifts, (drawn, len(pairs)))
    return Together(by, report.total_seconds, tuple(units), tuple(pairs), report.media, said)


def _within(
    units: Sequence[Unit],
    spans: Mapping[str, Sequence[Spans]],
    lengths: Lengths,
    shifts: int,
) -> list[Pair]:
    """Each gender with itself."""
    found = []
    for number, unit in enumerate(units):
        draw = np.random.default_rng([_SEED, number])
        met = met_within(spans[unit.key], lengths, shifts, draw)
        if met.seconds > 0 or met.expected > 0:
            found.append(_pair(unit, unit, met))
    return found


def _between(
    units: Sequence[Unit], whole: Mapping[str, Spans], lengths: Lengths, shifts: int
) -> list[Pair]:
    """Each two; chance is drawn for those with the most seconds together, as far as time allows."""
    timed = {
        key: {film: spans for film, spans in here.items() if film in lengths}
        for key, here in whole.items()
    }
    shared = shared_seconds(timed)
    long = {key: {f: length(spans) for f, spans in here.items()} for key, here in timed.items()}
    found: list[tuple[Unit, Unit, Met]] = []
    for a, b in combinations(units, 2):
        here = shared.get((min(a.key, b.key), max(a.key, b.key)), {})
        expected = expected_between(long[a.key], long[b.key], lengths)
        if here or expected > 0:
            seconds = math.fsum(here.values())
            found.append((a, b, Met(seconds, expected, None, sum(s > 0 for s in here.values()))))
    found.sort(key=lambda one: (-one[2].seconds, -one[2].expected, one[0].key, one[1].key))
    left, pairs = SPANS_SHIFTED, []
    for number, (a, b, met) in enumerate(found):
        left -= sum(len(spans) for film, spans in timed[b.key].items() if film in timed[a.key])
        if left >= 0:
            draw = np.random.default_rng([_SEED, len(units) + number])
            by_chance = drawn_between(timed[a.key], timed[b.key], lengths, shifts, draw)
            met = replace(met, p=p_value(met.seconds, by_chance))
        pairs.append(_pair(a, b, met))
    return pairs


def _spans(row: Row) -> Spans:
    found: dict[int, list[Span]] = defaultdict(list)
    for one in row.intervals:
        found[one.media].append((one.start, one.end))
    return found


def _joined(many: Sequence[Mapping[int, Sequence[Span]]]) -> Spans:
    films = {film for spans in many for film in spans}
    return {film: union(s for spans in many for s in spans.get(film, ())) for film in sorted(films)}


def _pair(a: Unit, b: Unit, met: Met) -> Pair:
    return Pair(
        a=a.key,
        b=b.key,
        seconds=met.seconds,
        share_a=min(met.seconds / a.seconds, 1.0) if a.seconds else 0.0,
        share_b=min(met.seconds / b.seconds, 1.0) if b.seconds else 0.0,
        expected=met.expected,
        lift=met.seconds / met.expected if met.expected > 0 else None,
        p=met.p,
        films=met.films,
    )


def _method(gap: float, by: By, shifts: int, pairs: tuple[int, int]) -> tuple[str, ...]:
    drawn, everybody = pairs
    only = "" if drawn == everybody else f" Drawn for the {drawn} pairs with the most seconds only."
    said = [
        "Together are the seconds in which both are on screen, their breaks of up to "
        f"{gap:g} s closed; shares are of the time of each.",
        "Expected is what chance gives when each one's appearances are shifted circularly by any "
        "amount within the same film: seconds of one × seconds of the other / length, summed over "
        "the films. Lift is seconds together / expected: 1 is chance, 2 twice as much.",
        f"p is two-sided, of {shifts} random shifts with a fixed seed; of {drawn} looked at, "
        f"about {drawn / 20:.1f} lie below 0.05 by chance alone.{only}",
    ]
    if by == "gender":
        said.append(
            "Gender is as a person tagged it, never guessed from a picture. A gender with itself "
            "is the time in which two or more people of it are on screen; chance then shifts each "
            "person alone."
        )
    return tuple(said)
