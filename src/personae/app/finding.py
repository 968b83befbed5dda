"""Search by photo, wired: models loaded once, the index rebuilt when vectors came or went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from personae.adapters.indexes.faiss import FaissIndex
from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.models.yunet import YuNet
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.stores.library import SqliteStore
from personae.app.build import choose, face_embedder, session
from personae.app.settings import Settings
from personae.core.calibration import Calibration
from personae.core.errors import NoFaceFound, UsageError
from personae.core.frame import Frame
from personae.core.records import FaceVector, Media
from personae.flows.search import (
    Match,
    ProbeFace,
    chosen_face,
    embed_faces,
    probe_faces,
    search,
)
from personae.ports import Embedder


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A match with its names and times. Times in seconds from the first frame."""

    match: Match
    name: str | None
    path: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a search.

    Attributes:
        faces: of the picture that was searched with.
        matches: best person first, then best appearance first.
        threshold_fmr: the false-match rate that was asked for.
        comparisons: how many faces the probe was compared with.
        uncalibrated: rates are a guess: nobody measured this face model.
    """

    faces: tuple[ProbeFace, ...]
    matches: tuple[FoundMatch, ...] = ()
    threshold_fmr: float = 1e-4
    comparisons: int = 0
    uncalibrated: bool = False

    def as_json(self) -> dict[str, object]:
        """The contract of ``search --json``."""
        return {
            "faces": [
                {"face": f.number, "box": list(f.box), "quality": f.quality} for f in self.faces
            ],
            "matches": [
                {
                    "person": m.match.person,
                    "name": m.name,
                    "media": m.match.media,
                    "path": m.path,
                    "start": round(m.start, 4),
                    "end": round(m.end, 4),
                    "score": round(m.match.score, 4),
                    "fmr": m.match.fmr,
                    "probability": int(m.match.probability * 1e4) / 1e4,
                    "sighting": m.match.sighting,
                    "through_person": m.match.through,
                }
                for m in self.matches
            ],
            "threshold_fmr": self.threshold_fmr,
            "comparisons": self.comparisons,
            "expected_false_matches": self.threshold_fmr * self.comparisons,
            "uncalibrated": self.uncalibrated,
        }


class Finding:
    """Searches one library."""

    def __init__(self, store: SqliteStore, settings: Settings, calibration: Calibration) -> None:
        self._store = store
        self._settings = settings
        self._calibration = calibration
        self._generation = -1
        self._index = FaissIndex(calibration.space)
        self._faces: dict[int, FaceVector] = {}
        self._media: dict[int, Media] = {}

    @cached_property
    def detector(self) -> YuNet:
        """For probe pictures."""
        chosen = choose(self._settings.face_model)
        return YuNet(
            session(chosen.faces, self._settings.provider),
            score=self._settings.observe.face_score,
        )

    @cached_property
    def embedder(self) -> Embedder:
        """For probe pictures."""
        return face_embedder(choose(self._settings.face_model).embedder, self._settings.provider)

    def faces(self, image: Path) -> Found:
        """The faces of a picture."""
        picture = self._picture(image).picture
        return Found(tuple(probe_faces(picture, self.detector, OpenCvCutter())))

    def search(self, image: Path, face: int | None, fmr: float, limit: int) -> Found:
        """Who looks like the chosen face of the picture?"""
        if not 0 < fmr < 1:
            raise UsageError(f"a false-match rate lies between 0 and 1, not at {fmr}")
        faces = self.faces(image).faces
        vector = embed_faces([chosen_face(faces, face)], self.embedder)
        self._follow()
        matches = search(vector, self._faces, self._index, self._calibration, fmr)[:limit]
        names = {person.id: person.name for person in self._store.people.all()}
        return replace(
            Found(faces),
            matches=tuple(self._told(match, names) for match in matches),
            threshold_fmr=fmr,
            comparisons=len(self._faces),
            uncalibrated=self._calibration.uncalibrated,
        )

    def _picture(self, image: Path) -> Frame:
        with open_source(image, SourceOptions(max_pixels=self._settings.max_pixels)) as source:
            for frame in source.frames():
                return frame
        raise NoFaceFound(f"{image} holds no picture")

    def _follow(self) -> None:
        """Reads the vectors again if any came, went or changed hands."""
        generation = self._store.sightings.generation()
        if generation == self._generation:
            return
        faces = self._store.sightings.vectors(self._calibration.space)
        index = FaissIndex(self._calibration.space)
        if faces:
            ids = np.array([face.sighting for face in faces], np.int64)
            vectors = np.stack([face.vector for face in faces])
            index.apply(ids, vectors, np.zeros(0, np.int64), generation)
        self._index, self._generation = index, generation
        self._faces = {face.sighting: face for face in faces}
        self._media = {medium.id: medium for medium in self._store.media.shown()}

    def _told(self, match: Match, names: Mapping[int, str | None]) -> FoundMatch:
        medium, face = self._media[match.media], self._faces[match.sighting]
        still = medium.kind == "photo"
        return FoundMatch(
            match,
            None if match.person is None else names.get(match.person),
            medium.path,
            0.0 if still else medium.seconds(face.first),
            0.0 if still else medium.seconds(face.last),
        )
