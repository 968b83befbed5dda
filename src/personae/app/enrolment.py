"""Enrolment, wired: photos, folders and short films to named people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.stores.library import SqliteStore
from personae.app.build import build_parts, choose
from personae.app.finding import Finding
from personae.app.indexing import Failure, files_below
from personae.app.settings import Settings
from personae.core.arrays import Vector
from personae.core.embedding import Space
from personae.core.errors import PersonaeError, SourceMissing, UnknownPerson, UsageError
from personae.core.records import UNKNOWN, Person, Template
from personae.flows.enrol import film_views, main_face
from personae.flows.people import Verbs
from personae.flows.search import embed_faces, probe_faces
from personae.ports import FrameSource


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What an enrolment gave.

    Attributes:
        person: number.
        name: as given.
        added: views that are new.
        known: pictures that were enrolled before.
        failed: files that could not be used, with the reason.
    """

    person: int
    name: str
    added: int
    known: int
    failed: tuple[Failure, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _View:
    """A view to keep as a template."""

    vector: Vector
    quality: float
    jpeg: bytes


class Enrolment:
    """Makes people known to one library."""

    def __init__(
        self, store: SqliteStore, settings: Settings, verbs: Verbs, finding: Finding
    ) -> None:
        self._store = store
        self._settings = settings
        self._verbs = verbs
        self._finding = finding
        self._cutter = OpenCvCutter()

    def tree(self, folder: Path) -> list[Enrolled]:
        """One person for each folder below, named like it.

        Raises:
            SourceMissing: the folder is not there.
            UsageError: it has no folders.
        """
        if not folder.is_dir():
            raise SourceMissing(f"{folder} is no folder")
        folders = sorted(f for f in folder.iterdir() if f.is_dir() and not f.name.startswith("."))
        if not folders:
            raise UsageError(f"{folder} has no folders", "Make one for each person.")
        return [self.person(each.name.replace("_", " "), [each]) for each in folders]

    def person(self, name: str, paths: Sequence[Path]) -> Enrolled:
        """Adds views to the person with this name, who is made if there is none.

        Raises:
            UsageError: no file gave a face.
        """
        files, missing = files_below(paths, recursive=True)
        failed = list(missing)
        views: list[tuple[Path, str, list[_View]]] = []
        for file in files:
            try:
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
                views.append((file, digest, self._views(file)))
            except PersonaeError as error:
                failed.append(Failure(str(file), error.code, error.message, error.hint))
        if not views:
            reasons = "; ".join(f"{f.path}: {f.message}" for f in failed[:3]) or "no files"
            raise UsageError(f"nothing could be enrolled for {name!r}: {reasons}")
        person = self._found_or_made(name)
        added = known = 0
        space = choose(self._settings.face_model).space
        for file, digest, found in views:
            for number, view in enumerate(found):
                new = self._store.people.add_template(
                    person.id, self._template(person.id, space, (file, digest, number), view)
                )
                added, known = added + new, known + (not new)
        return Enrolled(person.id, person.label, added, known, tuple(failed))

    def _found_or_made(self, name: str) -> Person:
        clean = " ".join(name.split())
        if not clean:
            raise UsageError("a name needs at least one letter")
        try:
            return self._verbs.find(clean)
        except UnknownPerson:
            with self._store.together():
                before = self._store.acts.snapshot([])
                made = self._store.people.create(clean, "named", UNKNOWN)
                self._store.acts.record("enrol", f"{clean} enrolled", {**before, "created": [made]})
            return self._verbs.find(str(made))

    @staticmethod
    def _template(
        person: int, space: Space, origin: tuple[Path, str, int], view: _View
    ) -> Template:
        file, digest, number = origin
        # Several views of one film are told apart by their number
        unique = digest if number == 0 else digest[:60] + f"{number:04d}"
        return Template(person, space, unique, str(file), view.vector, 1, view.quality, view.jpeg)

    def _views(self, file: Path) -> list[_View]:
        options = SourceOptions(max_pixels=self._settings.max_pixels)
        with open_source(file, options) as source:
            if source.info.still:
                return [self._photo(source)]
            return self._film(source)

    def _photo(self, source: FrameSource) -> _View:
        frame = next(iter(source.frames()))
        face = main_face(probe_faces(frame.picture, self._finding.detector, self._cutter))
        vector = embed_faces([face], self._finding.embedder)[0]
        return _View(vector, face.quality, self._cutter.jpeg(face.crop))

    def _film(self, source: FrameSource) -> list[_View]:
        observe = replace(
            self._settings.observe, shots=16, fps=8.0, bodies=False, refine=False, anonymous=False
        )
        chosen = choose(self._settings.face_model)
        parts = build_parts(chosen, observe, self._settings.provider)
        shots, vectors = film_views(source, parts, observe)
        return [
            _View(vector, shot.quality.total, self._cutter.jpeg(shot.crop))
            for shot, vector in zip(shots, vectors, strict=True)
            if shot.crop is not None
        ]
