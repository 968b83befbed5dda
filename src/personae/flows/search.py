"""Who looks like this? Every appearance, grouped by person, with how wrong it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from personae.core.align import CROP, similarity
from personae.core.arrays import Crop, Vectors
from personae.core.calibration import Calibration
from personae.core.detections import Detections
from personae.core.errors import NoFaceFound, SeveralFaces
from personae.core.frame import Picture
from personae.core.quality import judge
from personae.core.records import FaceVector
from personae.flows.portraits import MARGIN
from personae.flows.scales import closely
from personae.ports import Cutter, Detector, Embedder, VectorIndex


@dataclass(frozen=True, slots=True)
class ProbeFace:
    """One face of the picture that is searched with; counted from the left, starting with 1."""

    number: int
    box: tuple[float, float, float, float]
    quality: float
    crop: Crop


@dataclass(frozen=True, slots=True)
class Match:
    """One sighting that looks like the probe.

    Attributes:
        score: cosine.
        fmr: share of strangers that score as high or higher in one comparison.
        probability: that it is the same person, in a library of this size.
        through: it was found through the person it belongs to, not by its own score.
    """

    sighting: int
    media: int
    person: int | None
    score: float
    fmr: float
    probability: float
    through: bool


def probe_faces(picture: Picture, detector: Detector, cutter: Cutter) -> list[ProbeFace]:
    """Faces of a picture from left to right.

    Raises:
        NoFaceFound: there is none.
    """
    found = closely(detector, picture)
    if not len(found):
        raise NoFaceFound("no face was found in the picture")
    order = np.argsort(found.boxes[:, 0], kind="stable")
    return _cut(picture, found.take(order), cutter)


def _cut(picture: Picture, found: Detections, cutter: Cutter) -> list[ProbeFace]:
    marks = found.landmarks
    if marks is None:
        raise NoFaceFound("the detector gives no landmarks")
    shift = np.array([[0, 0, MARGIN], [0, 0, MARGIN]], np.float64)
    maps = [similarity(points) + shift for points in marks]
    crops = cutter.cut(picture.rgb(), maps, CROP + 2 * MARGIN)
    faces = []
    for row, crop in enumerate(crops):
        inner = crop[MARGIN:-MARGIN, MARGIN:-MARGIN]
        quality = judge(inner, marks[row], float(found.scores[row])).total
        x1, y1, x2, y2 = (round(float(v), 1) for v in found.boxes[row])
        faces.append(ProbeFace(row + 1, (x1, y1, x2, y2), round(quality, 4), crop))
    return faces


def chosen_face(faces: Sequence[ProbeFace], number: int | None) -> ProbeFace:
    """The face to search with.

    Raises:
        SeveralFaces: there are several and none was chosen.
        NoFaceFound: there is no face with this number.
    """
    if number is None:
        if len(faces) > 1:
            raise SeveralFaces(f"the picture shows {len(faces)} faces")
        return faces[0]
    for face in faces:
        if face.number == number:
            return face
    raise NoFaceFound(f"the picture has no face {number}; it has {len(faces)}")


def embed_faces(faces: Sequence[ProbeFace], embedder: Embedder) -> Vectors:
    """(N, D) vectors of faces."""
    crops = np.stack([face.crop[MARGIN:-MARGIN, MARGIN:-MARGIN] for face in faces])
    return embedder.embed(crops)


def search(
    vector: Vectors,
    faces: Mapping[int, FaceVector],
    index: VectorIndex,
    calibration: Calibration,
    fmr: float,
) -> list[Match]:
    """Everything that looks like the probe, best person first, then best appearance first.

    A person whose best view passes is found in all their sightings, the unlike ones too: they
    belong together for other reasons (the track, better views between, a person's word).

    Args:
        vector: (1, D) the probe.
        faces: by sighting.
        index: over the same faces.
        calibration: of the space.
        fmr: highest false-match rate of a comparison.
    """
    if not faces:
        return []
    found = index.search(calibration.space, vector, min(len(faces), 2000), None)
    scores = {
        int(i): float(s)
        for i, s in zip(found.ids[0], found.scores[0], strict=True)
        if i >= 0 and int(i) in faces
    }
    direct = {i: s for i, s in scores.items() if s >= calibration.threshold(fmr, 1, faces[i].shots)}
    people = {faces[i].person for i in direct} - {None}
    through = {i for i, face in faces.items() if face.person in people and i not in direct}
    everyone = {face.person for face in faces.values() if face.person is not None}
    gallery = max(len(everyone), 1)
    matches = []
    for i in [*direct, *sorted(through)]:
        face = faces[i]
        score = scores.get(i)
        if score is None:
            score = float(vector[0] @ face.vector)
        chance = calibration.probability(score, 1, face.shots, gallery)
        # No rate is claimed that was not measured
        rate = max(calibration.fmr(score, 1, face.shots), calibration.supported)
        matches.append(Match(i, face.media, face.person, score, rate, chance, through=i in through))
    return _ordered(matches)


def _ordered(matches: Sequence[Match]) -> list[Match]:
    best: dict[int, float] = {}
    for match in matches:
        if match.person is not None and not match.through:
            best[match.person] = max(best.get(match.person, -1.0), match.score)

    def key(match: Match) -> tuple[float, int, float, int]:
        top = match.score if match.person is None else best[match.person]
        return (-top, match.person or 0, -match.score, match.sighting)

    return sorted(matches, key=key)
