"""Known or nobody: who a track is, decided over several views and changed only with reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from personae.core.arrays import Vector, Vectors
from personae.core.calibration import Calibration
from personae.core.embedding import unit
from personae.core.records import FaceVector, Person, Template
from personae.core.track import Track
from personae.flows.varied import best_and_different, mean_of

SHOTS = 5
"""More views than this make a mean no surer."""
FEWEST = 2
"""Views of different moments before anybody is told by name: never one frame."""
STRANGER = 3
"""Views before somebody is said to be unknown."""
PATIENCE = 6
"""Views after which a score between known and unknown counts as unknown."""
DOUBT = 100.0
"""A false-match rate so many times the limit is neither a match nor a stranger yet."""
TURNS = 3
"""Looks in a row that must speak against a decision before it is changed."""
CONTINUES = 0.5
"""Cosine with the view before, or with the mean, below which a view hardly shows the same face.
From look to look one person's stays above 0.6 while the head turns (twenty clips of five people);
another's in the same place reaches 0.46."""
ALIKE = 1e-3
"""Highest false-match rate at which a whole track may be of whoever it was told to be."""
MARGIN = 0.05
"""Cosine that the best person must be ahead of the second."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Everybody who can be recognised: one mean vector each.

    Attributes:
        calibration: of the space the vectors live in.
        persons: (P,) in the order of the rows.
        means: (P, D) unit rows.
        shots: (P,) views averaged.
    """

    calibration: Calibration
    persons: tuple[Person, ...]
    means: Vectors
    shots: tuple[int, ...]

    @staticmethod
    def of(
        faces: Iterable[FaceVector],
        templates: Iterable[Template],
        people: Mapping[int, Person],
        calibration: Calibration,
        best: int = SHOTS,
    ) -> Gallery:
        """Means of each person's ``best`` views, as good and as different as there are.

        Enrolled views come before sightings; hidden people stay out.
        """
        mine: dict[int, list[tuple[float, int, Vector]]] = defaultdict(list)
        for face in faces:
            if face.person is not None:
                mine[face.person].append((face.quality, face.shots, face.vector))
        for made in templates:
            # An enrolled view was chosen by a person: it outranks what a camera happened to see
            mine[made.person].append((1.0 + made.quality, made.shots, made.vector))
        kept, means, shots = [], [], []
        for number, rows in sorted(mine.items()):
            if number not in people or people[number].kind == "hidden":
                continue
            vectors = np.stack([vector for _, _, vector in rows])
            qualities = np.array([quality for quality, _, _ in rows])
            chosen = best_and_different(vectors, qualities, best)
            averaged = np.array([rows[row][1] for row in chosen])
            means.append(mean_of(vectors[chosen], qualities[chosen] * averaged))
            shots.append(int(min(averaged.sum(), SHOTS)))
            kept.append(people[number])
        size = calibration.space.size
        stacked = np.array(means, np.float32).reshape(len(means), size)
        return Gallery(calibration, tuple(kept), stacked, tuple(shots))

    def best(self, vector: Vector, shots: int) -> list[Candidate]:
        """The two likeliest people, best first."""
        if not self.persons:
            return []
        scores = self.means @ vector
        order = np.argsort(-scores, kind="stable")[:2]
        return [self._candidate(int(row), float(scores[row]), shots) for row in order]

    def may_be(self, person: int, track: Track) -> bool:
        """Whether a track could be of somebody who is in the gallery; one without vector could."""
        rows = [row for row, one in enumerate(self.persons) if one.id == person]
        if not rows or track.vector is None:
            return bool(rows)
        score = float(self.means[rows[0]] @ track.vector)
        shots = min(len(track.shots), SHOTS)
        return self.calibration.fmr(score, shots, self.shots[rows[0]]) <= ALIKE

    def _candidate(self, row: int, score: float, shots: int) -> Candidate:
        theirs, mine = self.shots[row], min(shots, SHOTS)
        return Candidate(
            self.persons[row],
            score,
            self.calibration.fmr(score, mine, theirs),
            self.calibration.probability(score, mine, theirs, len(self.persons)),
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a track may be."""

    person: Person
    score: float
    fmr: float
    probability: float


Verdict = Literal["known", "unknown", "undecided"]


@dataclass(slots=True)
class Identity:
    """Who one track is, so far.

    Attributes:
        fmr: highest false-match rate of a name.
        verdict: known is anybody in the gallery, named or not.
        candidate: who, where known.
    """

    fmr: float
    verdict: Verdict = "undecided"
    candidate: Candidate | None = None
    _views: dict[int, tuple[float, Vector]] = field(default_factory=dict)
    _against: int = 0
    _last: Vector | None = None

    @property
    def shots(self) -> int:
        """Views it rests on."""
        return len(self._views)

    @property
    def vector(self) -> Vector:
        """(D,) the mean of the views, by quality."""
        weights = np.array([quality for quality, _ in self._views.values()])
        vectors = np.stack([vector for _, vector in self._views.values()])
        return unit((vectors * weights[:, None]).sum(0))

    def knows(self, moment: int) -> bool:
        """Whether the view of this moment is taken into account already."""
        return moment in self._views

    def learn(self, moment: int, quality: float, vector: Vector, room: int = SHOTS) -> None:
        """One more view; of too many the worst goes."""
        self._views[moment] = (max(quality, 1e-3), vector)
        if len(self._views) > room:
            worst = min(self._views, key=lambda key: self._views[key][0])
            del self._views[worst]

    def contradicts(self, vector: Vector) -> bool:
        """Whether a view is hardly of the same face as those before; without any, it is not."""
        if self._last is None or not self._views:
            return False
        return max(float(self._last @ vector), float(self.vector @ vector)) < CONTINUES

    def follow(self, vector: Vector) -> None:
        """The view of a look that did not contradict those before."""
        self._last = vector

    def decide(self, gallery: Gallery) -> None:
        """Looks again, after new views or with a new gallery."""
        if not self._views:
            return
        verdict, candidate = self._judged(gallery)
        if self.verdict == "undecided" or _same(self.candidate, candidate):
            if verdict != "undecided":
                self.verdict, self.candidate, self._against = verdict, candidate, 0
            return
        gone = self.candidate is not None and self.candidate.person.id not in {
            person.id for person in gallery.persons
        }
        self._against += 1
        if gone or self._against >= TURNS:
            self.verdict, self.candidate, self._against = verdict, candidate, 0

    def _judged(self, gallery: Gallery) -> tuple[Verdict, Candidate | None]:
        found = gallery.best(self.vector, self.shots)
        if not found:
            return ("unknown" if self.shots >= STRANGER else "undecided"), None
        first = found[0]
        ahead = len(found) < 2 or first.score - found[1].score >= MARGIN
        if first.fmr <= self.fmr and ahead:
            return ("known", first) if self.shots >= FEWEST else ("undecided", None)
        doubtful = first.fmr <= DOUBT * self.fmr and self.shots < PATIENCE
        if self.shots < STRANGER or doubtful:
            return "undecided", None
        return "unknown", None


def _same(a: Candidate | None, b: Candidate | None) -> bool:
    return (a.person.id if a else None) == (b.person.id if b else None)
