"""Profiles that live: which views stay, which profiles go, which two are one; pure decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np

from personae.core.arrays import Vector
from personae.core.calibration import SEVERAL, Calibration
from personae.core.profiles import Profile, Seen, View
from personae.flows.cluster import FALSE_LINKS, TOGETHER_S
from personae.flows.varied import best_and_different, mean_of

DAY_MS = 86_400_000
Pair = frozenset[int]
"""Two people."""


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """How profiles live.

    Attributes:
        vectors: face vectors that are kept of what cameras saw of a person.
        brief_s: a profile seen for less than this in total is brief ...
        brief_days: ... and goes when it was not seen for so many days.
        merge_fmr: highest false-match rate at which two profiles are one.
        merge: do it, only propose it, or do not look for it.
        undo_days: for so long after a merge each of the two keeps a view of its own, so that an
            undo gives back profiles that can be recognised.
        every_s: pause between two looks.
    """

    vectors: int = 5
    brief_s: float = 10.0
    brief_days: float = 7.0
    merge_fmr: float = 1e-5
    merge: Literal["do", "propose", "off"] = "do"
    undo_days: float = 30.0
    every_s: float = 120.0

    def __post_init__(self) -> None:
        if self.vectors < 1 or not 0 < self.merge_fmr < 1 or self.every_s <= 0:
            raise ValueError(
                "vectors must be 1 or more, merge_fmr between 0 and 1, every_s above 0"
            )
        if min(self.brief_s, self.brief_days, self.undo_days) < 0:
            raise ValueError("brief_s, brief_days and undo_days cannot be negative")


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of one face vector, and why."""

    sighting: int
    kept: bool
    why: str


@dataclass(frozen=True, slots=True)
class Going:
    """A profile that goes, and why."""

    profile: Profile
    why: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two profiles that turned out to be one; ``other`` becomes ``keeper``.

    Attributes:
        score: cosine of their means.
        fmr: false-match rate at it, for as many views as both have.
    """

    keeper: int
    other: int
    score: float
    fmr: float
    why: str


def choose(views: Sequence[View], most: int, parts: Iterable[frozenset[int]] = ()) -> list[Choice]:
    """Which face vectors of a person stay: the best and most different.

    Args:
        views: all there are.
        most: how many stay, where nothing else asks for more.
        parts: sightings that were different people before a recent merge; each keeps its best.
    """
    if not views:
        return []
    first = [row for row, view in enumerate(views) if view.fixed]
    for part in parts:
        mine = [row for row, view in enumerate(views) if view.sighting in part]
        best = max(mine, key=lambda row: (views[row].quality, -row), default=None)
        if best is not None and best not in first:
            first.append(best)
    vectors = np.stack([view.vector for view in views])
    qualities = np.array([view.quality for view in views])
    chosen = best_and_different(vectors, qualities, most, first)
    rank = {row: place for place, row in enumerate(chosen)}
    nearest = 1.0 - (vectors @ vectors[chosen].T)
    told = []
    for row, view in enumerate(views):
        kept = row in rank
        others = [float(d) for place, d in enumerate(nearest[row]) if chosen[place] != row]
        away = f"{min(others):.2f} from the nearest kept view" if others else "the only view"
        if view.fixed:
            why = "given or spoken of by hand"
        elif row in first:
            why = "the best view of a profile that was merged in; an undo needs it"
        else:
            why = f"quality {view.quality:.2f}, {away}"
        told.append(Choice(view.sighting, kept, why))
    return told


def too_brief(profiles: Iterable[Profile], now: int, settings: ProfileSettings) -> list[Going]:
    """Profiles that were seen too briefly and not again; what a person touched never goes.

    Args:
        profiles: unnamed and untagged ones that only cameras saw.
        now: milliseconds since 1970.
    """
    found = []
    for one in profiles:
        days = (now - one.last_seen) / DAY_MS
        if one.touched or one.seconds >= settings.brief_s or days < settings.brief_days:
            continue
        why = f"seen for {one.seconds:.1f} s in total and not again for {days:.1f} days"
        found.append(Going(one, why))
    return found


def together(seen: Mapping[int, Sequence[Seen]]) -> set[Pair]:
    """Pairs that were before one camera at one time for longer than a track takes to change.

    Args:
        seen: every time at which each of some people was seen.
    """
    by_camera: dict[int, list[tuple[Seen, int]]] = defaultdict(list)
    for person, times in seen.items():
        for one in times:
            by_camera[one.media].append((one, person))
    found: set[Pair] = set()
    for rows in by_camera.values():
        rows.sort(key=lambda row: row[0].first)
        there: list[tuple[Seen, int]] = []
        for one, person in rows:
            there = [row for row in there if row[0].last > one.first]
            for other, whose in there:
                shared = min(other.last, one.last) - one.first
                if whose != person and shared > TOGETHER_S * 1000:
                    found.add(frozenset((whose, person)))
            there.append((one, person))
    return found


def same_people(
    profiles: Sequence[Profile],
    apart: set[Pair],
    seen: Callable[[Collection[int]], Mapping[int, Sequence[Seen]]],
    calibration: Calibration,
    settings: ProfileSettings,
) -> list[Merge]:
    """Pairs of profiles that are one, the surest first; nobody is in two of them.

    The false-match rate falls as there are more profiles, like that of a clustering's links: each
    profile is compared with all others, and each comparison can be wrong.

    Args:
        profiles: unnamed and untagged ones that only cameras saw.
        apart: pairs that may not become one: said to be different, or undone before.
        seen: tells when some people were seen; asked only of those who are alike.
        calibration: of the space.
        settings: of the limit.
    """
    able = [one for one in profiles if one.views]
    if len(able) < 2:
        return []
    offers = [
        offer for offer in _alike(able, settings, calibration) if frozenset(offer[2:]) not in apart
    ]
    barred = together(seen({person for offer in offers for person in offer[2:]}))
    taken: set[int] = set()
    found = []
    for fmr, minus, a, b in sorted(offers):
        if not taken & {a, b} and frozenset((a, b)) not in barred:
            taken |= {a, b}
            why = f"{-minus:.2f} alike, which {fmr:.1e} of strangers are; never seen together"
            found.append(Merge(min(a, b), max(a, b), -minus, fmr, why))
    return found


_Offer: TypeAlias = tuple[float, float, int, int]
"""False-match rate, minus cosine, two people."""


def _alike(
    able: Sequence[Profile], settings: ProfileSettings, calibration: Calibration
) -> list[_Offer]:
    """Pairs whose means are so much alike that few strangers' are."""
    limit = min(settings.merge_fmr, FALSE_LINKS / len(able))
    made = [_template(one, settings.vectors) for one in able]
    means = np.stack([mean for mean, _ in made])
    lowest = min(calibration.threshold(limit, a, b) for a, b in _CLASSES)
    offers = []
    for a in range(len(able)):
        scores = means[a + 1 :] @ means[a]
        for b in (np.flatnonzero(scores >= lowest) + a + 1).tolist():
            score = float(means[a] @ means[b])
            fmr = calibration.fmr(score, made[a][1], made[b][1])
            if fmr <= limit:
                offers.append((fmr, -score, able[a].person, able[b].person))
    return offers


_CLASSES = tuple(pairwise((1, 1, SEVERAL, SEVERAL)))


def _template(one: Profile, most: int) -> tuple[Vector, int]:
    """A profile's mean over its best and most different views, and how many shots are in it."""
    vectors = np.stack([view.vector for view in one.views])
    qualities = np.array([view.quality for view in one.views])
    rows = best_and_different(vectors, qualities, most)
    shots = np.array([one.views[row].shots for row in rows])
    return mean_of(vectors[rows], qualities[rows] * shots), int(min(shots.sum(), SEVERAL))
