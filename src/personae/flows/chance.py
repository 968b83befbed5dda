"""Overlap of timelines and what chance makes of it: exact means, and random circular shifts."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from personae.core.arrays import Doubles
from personae.core.intervals import Span, length, union

Spans: TypeAlias = Mapping[int, Sequence[Span]]
"""Film's number → when somebody is in it: seconds, within [0, length of the film)."""
Lengths: TypeAlias = Mapping[int, float]
"""Film's number → its length in seconds."""
_EQUAL_S = 1e-6
"""Sums of decimal seconds that differ by less are equal."""


@dataclass(frozen=True, slots=True)
class Met:
    """Seconds together, the mean of chance, how often chance differs so much, in how many films.

    ``p`` is None where it was not drawn.
    """

    seconds: float
    expected: float
    p: float | None
    films: int


def shared_seconds(timelines: Mapping[str, Spans]) -> dict[tuple[str, str], dict[int, float]]:
    """Seconds that each two timelines share, by film; only what is shared is there.

    One pass over each film: the time it takes is that of what overlaps, not that of all pairs.

    Args:
        timelines: by name; each sorted and disjoint in itself within a film.
    """
    by_film: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
    for name, spans in timelines.items():
        for film, here in spans.items():
            by_film[film] += [(start, end, name) for start, end in here]
    found: dict[tuple[str, str], dict[int, list[float]]] = {}
    for film, rows in by_film.items():
        there: list[tuple[float, str]] = []
        for start, end, name in sorted(rows):
            there = [row for row in there if row[0] > start]
            for until, other in there:
                pair = (min(name, other), max(name, other))
                found.setdefault(pair, {}).setdefault(film, []).append(min(until, end) - start)
            there.append((end, name))
    return {
        pair: {film: math.fsum(parts) for film, parts in films.items()}
        for pair, films in found.items()
    }


def drawn_between(
    a: Spans, b: Spans, lengths: Lengths, shifts: int, draw: np.random.Generator
) -> Doubles:
    """(shifts,) seconds that two timelines share when chance shifts ``b`` within each film."""
    by_chance = np.zeros(shifts)
    for film in sorted(a.keys() & b.keys() & lengths.keys()):
        moved = draw.uniform(0.0, lengths[film], shifts)
        by_chance += shifted_overlaps(a[film], b[film], lengths[film], moved)
    return by_chance


def met_within(
    many: Sequence[Spans], lengths: Lengths, shifts: int, draw: np.random.Generator
) -> Met:
    """Two or more of many at once; chance shifts each of them alone within each film."""
    here: dict[int, float] = {}
    by_chance = np.zeros(shifts)
    for film in sorted({film for spans in many for film in spans} & lengths.keys()):
        ours = [union(spans[film]) for spans in many if film in spans]
        if len(ours) < 2:
            continue
        total = lengths[film]
        here[film] = crowded_seconds(ours)
        moved = draw.uniform(0.0, total, (shifts, len(ours)))
        by_chance += [
            crowded_seconds(
                [shifted(one, float(by), total) for one, by in zip(ours, row, strict=True)]
            )
            for row in moved
        ]
    seconds = math.fsum(here.values())
    expected = expected_within(many, lengths)
    return Met(seconds, expected, p_value(seconds, by_chance), sum(s > 0 for s in here.values()))


def seconds_of(spans: Spans) -> float:
    """Over all films."""
    return math.fsum(length(these) for these in spans.values())


def expected_between(a: Mapping[int, float], b: Mapping[int, float], lengths: Lengths) -> float:
    """Mean overlap over all circular shifts of one of two timelines within each film.

    At a random shift every moment of the one meets the other with the probability that that one has
    in the film: seconds of a x seconds of b / length, summed over the films.

    Args:
        a: seconds of the one in each film.
        b: seconds of the other.
        lengths: of the films.
    """
    return math.fsum(
        a[film] * b[film] / lengths[film] for film in sorted(a.keys() & b.keys() & lengths.keys())
    )


def expected_within(many: Sequence[Spans], lengths: Lengths) -> float:
    """Mean time with two or more at once when each is shifted circularly by itself.

    At a random shift each is there at any moment with probability p = seconds / length, the one
    independently of the other: length x (1 - P(nobody) - P(exactly one)), summed over the films.
    """
    found = []
    for film, total in lengths.items():
        nobody, one = 1.0, 0.0
        here = [spans[film] for spans in many if film in spans]
        if len(here) < 2:
            continue
        for spans in here:
            p = min(length(spans) / total, 1.0)
            nobody, one = nobody * (1 - p), one * (1 - p) + nobody * p
        found.append(total * max(1 - nobody - one, 0.0))
    return math.fsum(found)


def p_value(seconds: float, by_chance: Doubles) -> float:
    """Two-sided: twice the smaller tail, what was seen counted as one more draw.

    Args:
        seconds: what was seen.
        by_chance: (N,) draws.
    """
    more = 1 + int((by_chance >= seconds - _EQUAL_S).sum())
    less = 1 + int((by_chance <= seconds + _EQUAL_S).sum())
    return min(2 * min(more, less) / (len(by_chance) + 1), 1.0)


def shifted(spans: Sequence[Span], by: float, total: float) -> list[Span]:
    """The spans moved on by ``by``; what leaves the film at its end comes in at its start."""
    moved: list[Span] = []
    for start, end in spans:
        first, last = (start + by) % total, (start + by) % total + (end - start)
        moved.append((first, min(last, total)))
        if last > total:
            moved.append((0.0, last - total))
    return union(moved)


def shifted_overlaps(a: Sequence[Span], b: Sequence[Span], total: float, moved: Doubles) -> Doubles:
    """Overlap of ``a`` with ``b`` for each circular shift of ``b``, in one film.

    Args:
        a: within [0, total).
        b: likewise.
        total: length of the film.
        moved: (N,) shifts in [0, total).

    Returns:
        (N,) seconds.
    """
    # How much of a lies before a moment; written down for two rounds, so that no shift wraps.
    edges, before = [0.0], [0.0]
    for turn in (0.0, total):
        for start, end in union(a):
            edges += [turn + start, turn + end]
            before += [before[-1], before[-1] + end - start]
    edges.append(2 * total)
    before.append(before[-1])
    found = np.zeros(len(moved))
    for start, end in union(b):
        found += np.interp(end + moved, edges, before) - np.interp(start + moved, edges, before)
    return found


def crowded_seconds(many: Sequence[Sequence[Span]]) -> float:
    """Seconds in which two or more of them are there; each is disjoint in itself."""
    turns = sorted(
        edge for spans in many for start, end in spans for edge in ((start, 1), (end, -1))
    )
    seconds, count, since = 0.0, 0, 0.0
    for moment, step in turns:
        if count >= 2:
            seconds += moment - since
        count, since = count + step, moment
    return seconds
