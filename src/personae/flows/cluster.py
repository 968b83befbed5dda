"""Groups the unnamed by person: tracks together, people in one picture apart, a word kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.calibration import Calibration
from personae.core.records import (
    UNKNOWN,
    AssignedBy,
    Constraint,
    FaceVector,
    Person,
    Template,
)
from personae.flows.linking import Question, Thresholds, link
from personae.flows.words import Words
from personae.ports import PeopleStore, SightingStore

TOGETHER_S = 0.3
"""Two faces seen at once for longer than this are two people (shorter: one track took over)."""
POOR = 0.2
"""Groups whose best view is worse than this are left alone: nobody could say who it is."""
BRIEF_S = 0.5
"""Somebody seen in films for less than this and nowhere else is left alone: two or three analysed
frames, often the blend of two faces in a dissolve. Search finds such sightings all the same."""
FMR = 1e-4
"""Highest false-match rate of a link, in small libraries."""
FALSE_LINKS = 0.05
"""Expected number of false links of one face in large ones: the rate falls as they grow."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a clustering did."""

    faces: int
    people: int
    created: int
    joined: int
    left_alone: int
    fmr: float


def thresholds_for(calibration: Calibration, faces: int) -> tuple[Thresholds, float]:
    """Thresholds for a library with so many faces, and the false-match rate they stand for."""
    fmr = min(FMR, FALSE_LINKS / max(faces, 1))
    return (
        Thresholds(
            calibration.threshold(fmr, 1, 1),
            calibration.threshold(fmr, 1, 5),
            calibration.threshold(fmr, 5, 5),
        ),
        fmr,
    )


def seen_together(faces: Sequence[FaceVector], seconds: dict[int, float]) -> list[tuple[int, int]]:
    """Pairs of rows that are in one picture at one time.

    Args:
        faces: of all media.
        seconds: length of one time unit of each medium; photos have none (0).
    """
    rows: dict[int, list[int]] = defaultdict(list)
    for row, face in enumerate(faces):
        rows[face.media].append(row)
    pairs = []
    for media, mine in rows.items():
        unit = seconds.get(media, 0.0)
        mine.sort(key=lambda row: faces[row].first)
        for i, a in enumerate(mine):
            for b in mine[i + 1 :]:
                if faces[b].first >= faces[a].last:
                    break
                shared = min(faces[a].last, faces[b].last) - faces[b].first
                if unit == 0.0 or shared * unit > TOGETHER_S:
                    pairs.append((a, b))
    return pairs


def cluster(
    sightings: SightingStore,
    people: PeopleStore,
    calibration: Calibration,
    units: dict[int, float],
) -> Grouping:
    """Gives every face without a person one, and joins people that turn out to be one.

    Whoever has a name, a gender or a hand-made face keeps what they have; people that only a
    clustering made may be joined with others. Names are never made up.

    Args:
        sightings: to read vectors from.
        people: to read and change.
        calibration: of the space.
        units: seconds of one time unit of each medium, 0 for photos.
    """
    faces = sightings.vectors(calibration.space)
    everybody = {person.id: person for person in people.all()}
    templates = people.templates(calibration.space)
    thresholds, fmr = thresholds_for(calibration, len(faces))
    question = _question(faces, templates, everybody, people.constraints(), units)
    groups = link(question, thresholds)
    telling = [face.quality >= POOR and not 0.0 < _seconds(face, units) < BRIEF_S for face in faces]
    done = _settle(groups, (faces, telling), templates, everybody, people)
    empty = [p.id for p in people.all() if p.sightings == 0 and _made_by_clustering(p)]
    kept_empty = {t.person for t in templates}
    people.remove([p for p in empty if p not in kept_empty])
    return Grouping(len(faces), *done, fmr)


def _made_by_clustering(person: Person) -> bool:
    return person.kind == "auto" and person.gender == UNKNOWN and not person.tags


def _question(
    faces: Sequence[FaceVector],
    templates: Sequence[Template],
    everybody: dict[int, Person],
    constraints: Sequence[Constraint],
    units: dict[int, float],
) -> Question:
    size = len((faces[0] if faces else templates[0]).vector) if faces or templates else 0
    vectors = [face.vector for face in faces] + [made.vector for made in templates]
    several = [face.shots > 1 for face in faces] + [made.shots > 1 for made in templates]
    owners = [face.person for face in faces] + [made.person for made in templates]
    together: dict[int, list[int]] = defaultdict(list)
    for row, owner in enumerate(owners):
        if owner is not None:
            together[owner].append(row)
    owned = list(together.values())
    labelled = [
        rows[0] for owner, rows in together.items() if not _made_by_clustering(everybody[owner])
    ]
    words = Words(len(vectors), owned, labelled)
    row_of = {face.sighting: row for row, face in enumerate(faces)}
    # What was said last holds; how things are now is older than nothing that was said
    for word in reversed(constraints):
        a, b = row_of.get(word.a), row_of.get(word.b)
        if a is not None and b is not None:
            words.say(word.same, a, b)
    return Question(
        np.array(vectors, np.float32).reshape(len(vectors), size),
        np.array(several, np.int64),
        groups=words.groups(),
        apart=[*seen_together(faces, units), *words.apart],
        labelled=labelled,
    )


def _settle(
    groups: list[list[int]],
    judged: tuple[Sequence[FaceVector], Sequence[bool]],
    templates: Sequence[Template],
    everybody: dict[int, Person],
    people: PeopleStore,
) -> tuple[int, int, int, int]:
    """Writes groups down as people; (people, created, joined, left alone)."""
    faces, telling = judged
    count = joined = alone = 0
    fresh: list[dict[int, float]] = []
    for group in groups:
        mine = [faces[row] for row in group if row < len(faces)]
        owners = {f.person for f in mine if f.person is not None}
        owners |= {templates[row - len(faces)].person for row in group if row >= len(faces)}
        new = [face for face in mine if face.person is None]
        if not owners and not any(telling[row] for row in group):
            alone += len(new)
            continue
        count += 1
        if not owners:
            fresh.append(_scores(group, faces, new))
            continue
        keeper = min(owners, key=lambda o: (_made_by_clustering(everybody[o]), o))
        for other in sorted(owners - {keeper}):
            people.take_over(keeper, other)
            joined += 1
        if new:
            by: AssignedBy = (
                "match" if keeper in everybody and everybody[keeper].name else "cluster"
            )
            scores = _scores(group, faces, new)
            people.assign([face.sighting for face in new], keeper, by, scores)
    # In one go: a photo archive has thousands of people, and each would be two transactions
    created = people.found(fresh) if fresh else 0
    return count, created, joined, alone


def _seconds(face: FaceVector, units: dict[int, float]) -> float:
    """How long a sighting lasts; 0 on photos."""
    return (face.last - face.first) * units.get(face.media, 0.0)


def _scores(
    group: list[int], faces: Sequence[FaceVector], new: Sequence[FaceVector]
) -> dict[int, float]:
    """Mean cosine of each new face with the others of its group; 1 for one alone."""
    rows = [row for row in group if row < len(faces)]
    if len(rows) < 2:
        return {face.sighting: 1.0 for face in new}
    vectors = np.stack([faces[row].vector for row in rows])
    total = vectors.sum(0)
    return {
        face.sighting: round(float((face.vector @ total - 1) / (len(rows) - 1)), 4) for face in new
    }
