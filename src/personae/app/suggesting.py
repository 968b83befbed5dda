"""Pairs of people who may be one: alike, but not enough to be joined without being asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Numbers, Vectors
from personae.core.calibration import SEVERAL, Calibration
from personae.core.records import Constraint, FaceVector, Person
from personae.flows.cluster import seen_together
from personae.ports import PeopleStore, SightingStore

WORTH_ASKING = 1e-2
"""Highest false-match rate at which a pair is worth a person's look."""
WASTED = 20.0
"""Pairs of strangers that may be among the suggestions: the rate falls as libraries grow."""
BLOCK = 512
"""Rows of the matrix of cosines that are held at once."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two people who may be one, with the evidence.

    Attributes:
        a: whoever has a name, or was seen more.
        b: the other.
        score: cosine of the means of their faces.
        fmr: share of pairs of strangers that are at least as much alike; never less than what
            was measured.
        probability: that they are one person, when as likely as not before anybody looked.
        uncalibrated: rates are a guess: nobody measured this face model.
    """

    a: Person
    b: Person
    score: float
    fmr: float
    probability: float
    uncalibrated: bool = False


def suggestions(
    sightings: SightingStore,
    people: PeopleStore,
    calibration: Calibration,
    units: dict[int, float],
    shown: Sequence[Person],
    limit: int,
) -> list[Suggestion]:
    """The most probable pairs first.

    Left out are two named people, people who were in one picture at one time, and those whom
    somebody called two people.

    Args:
        sightings: to read vectors from.
        people: to read what was said.
        calibration: of the space.
        units: seconds of one time unit of each medium, 0 for photos.
        shown: who may be suggested.
        limit: most pairs.
    """
    known = {person.id: person for person in shown}
    faces = [f for f in sightings.vectors(calibration.space) if f.person in known]
    rows: dict[int, list[int]] = defaultdict(list)
    for row, face in enumerate(faces):
        rows[face.person or 0].append(row)
    owners = sorted(rows)
    if len(owners) < 2:
        return []
    rate = min(WORTH_ASKING, WASTED / (len(owners) * (len(owners) - 1) / 2))
    shots = np.array([min(sum(faces[r].shots for r in rows[o]), SEVERAL) for o in owners], np.int64)
    # Whichever class of templates needs least; the pair itself is judged by its own below
    floor = min(calibration.threshold(rate, *pair) for pair in ((1, 1), (1, 5), (5, 5)))
    never = _told_apart(faces, people.constraints(), units)
    found = []
    for i, j, score in _near(_means(faces, rows, owners), floor):
        a, b = known[owners[i]], known[owners[j]]
        if (a.name and b.name) or frozenset((a.id, b.id)) in never:
            continue
        evidence = score, int(shots[i]), int(shots[j])
        if calibration.fmr(*evidence) <= rate:
            found.append(_suggestion(a, b, evidence, calibration))
    found.sort(key=lambda one: (one.fmr, -one.score, one.a.id, one.b.id))
    return found[:limit]


def _suggestion(
    a: Person, b: Person, evidence: tuple[float, int, int], calibration: Calibration
) -> Suggestion:
    first, second = sorted((a, b), key=lambda p: (p.name is None, -p.sightings, p.id))
    return Suggestion(
        first,
        second,
        evidence[0],
        max(calibration.fmr(*evidence), calibration.supported),
        calibration.probability(*evidence),
        calibration.uncalibrated,
    )


def _means(
    faces: Sequence[FaceVector], rows: Mapping[int, list[int]], owners: Iterable[int]
) -> Vectors:
    """(P, D) unit mean of each person's faces."""
    sums = np.stack([np.sum([faces[row].vector for row in rows[o]], axis=0) for o in owners])
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / lengths, np.float32)


def _near(means: Vectors, floor: float) -> Iterable[tuple[int, int, float]]:
    """Pairs of rows (the first is the smaller) whose cosine is not below the floor."""
    for start in range(0, len(means), BLOCK):
        cosines: Numbers = means[start : start + BLOCK] @ means.T
        for i, j in zip(*np.nonzero(cosines >= floor), strict=True):
            if start + i < j:
                yield int(start + i), int(j), float(cosines[i, j])


def _told_apart(
    faces: Sequence[FaceVector], constraints: Iterable[Constraint], units: dict[int, float]
) -> set[frozenset[int | None]]:
    """Pairs of people of whom it is known that they are two."""
    owner = {face.sighting: face.person for face in faces}
    never = {frozenset((faces[a].person, faces[b].person)) for a, b in seen_together(faces, units)}
    said: dict[frozenset[int | None], bool] = {}
    for word in constraints:
        if word.a in owner and word.b in owner:
            # The last word holds
            said[frozenset((owner[word.a], owner[word.b]))] = word.same
    return never | {pair for pair, same in said.items() if not same}
