"""Photos of one person each to vectors, as the product makes them, over worker processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.models.yunet import YuNet
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.app.build import choose, face_embedder, session
from personae.app.settings import Settings
from personae.core.align import CROP, similarity
from personae.core.arrays import Crop, Flags, Scores, Vectors
from personae.core.detections import Detections
from personae.core.errors import SourceCrashed, SourceError
from personae.core.frame import Picture
from personae.core.quality import judge
from personae.flows.scales import closely
from personae.ports import Embedder

TOGETHER = 16
"""Photos of one task: enough to hide what handing it over costs, few enough to show progress."""

Progress = Callable[[int, int], None]
"""Called with the photos that are done and the photos in all."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A photo that gave no vector."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class EmbeddedPhotos:
    """One row a photo, in the order they were given.

    Attributes:
        vectors: (N, D) unit rows; zeros where there is none.
        quality: (N,) of the face, 0 where there is none.
        failed: photos that could not be read, or show no face.
    """

    vectors: Vectors
    quality: Scores
    failed: tuple[Failed, ...]

    @property
    def known(self) -> Flags:
        """(N,) whether the photo gave a vector."""
        return np.asarray(np.abs(self.vectors).max(1) > 0, np.bool_)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one task gave: (n, D) vectors, (n,) qualities and what failed."""

    vectors: Vectors
    quality: Scores
    failed: tuple[Failed, ...]


def embed_photos(
    paths: Sequence[Path], settings: Settings, progress: Progress = lambda done, total: None
) -> EmbeddedPhotos:
    """The face nearest to the middle of each photo, found, aligned and embedded as when indexed.

    Nothing is kept on disk.

    Raises:
        SourceCrashed: a worker process died.
        ModelError: a model cannot be loaded.
    """
    parts: list[_Part] = []
    done = 0
    for part in _worked(paths, settings):
        parts.append(part)
        done += len(part.vectors)
        progress(done, len(paths))
    if not parts:
        size = choose(settings.face_model).space.size
        return EmbeddedPhotos(np.zeros((0, size), np.float32), np.zeros(0, np.float32), ())
    return EmbeddedPhotos(
        np.concatenate([part.vectors for part in parts]),
        np.concatenate([part.quality for part in parts]),
        tuple(failed for part in parts for failed in part.failed),
    )


def _worked(paths: Sequence[Path], settings: Settings) -> Iterator[_Part]:
    tasks = [paths[at : at + TOGETHER] for at in range(0, len(paths), TOGETHER)]
    wanted = min(settings.worker_count(), len(tasks))
    if wanted <= 1:
        faces = Faces(settings)
        yield from map(faces.of, tasks)
        return
    # A fork would take threads' locks along; a new interpreter takes nothing
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(wanted, context, _begin, (settings,)) as pool:
            yield from pool.map(_task, tasks)
    except BrokenProcessPool as error:
        raise SourceCrashed("a process that was reading photos died") from error


class Faces:
    """The models of one process."""

    def __init__(self, settings: Settings) -> None:
        chosen = choose(settings.face_model)
        self._max_pixels = settings.max_pixels
        self._detector = YuNet(
            session(chosen.faces, settings.provider), score=settings.observe.face_score
        )
        self._embedder: Embedder = face_embedder(chosen.embedder, settings.provider)
        self._cutter = OpenCvCutter()

    def of(self, paths: Sequence[Path]) -> _Part:
        """Vectors of a few photos."""
        vectors = np.zeros((len(paths), self._embedder.space.size), np.float32)
        quality = np.zeros(len(paths), np.float32)
        failed: list[Failed] = []
        crops: list[Crop] = []
        rows: list[int] = []
        for row, path in enumerate(paths):
            try:
                with open_source(path, SourceOptions(max_pixels=self._max_pixels)) as source:
                    picture = next(iter(source.frames())).picture
            except SourceError as error:
                failed.append(Failed(str(path), error.code, error.message))
                continue
            found = closely(self._detector, picture)
            if not len(found):
                failed.append(Failed(str(path), "P101", "no face was found"))
                continue
            crop, quality[row] = self._cut(picture, found)
            crops.append(crop)
            rows.append(row)
        if rows:
            vectors[rows] = self._embedder.embed(np.stack(crops))
        return _Part(vectors, quality, tuple(failed))

    def _cut(self, picture: Picture, found: Detections) -> tuple[Crop, float]:
        """The upright crop of the face nearest to the middle, and how good it is."""
        middle = np.array([picture.width, picture.height]) / 2
        centres = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
        nearest = int(np.argmin(((centres - middle) ** 2).sum(1)))
        marks = found.landmarks
        assert marks is not None
        crop = self._cutter.cut(picture.rgb(), [similarity(marks[nearest])], CROP)[0]
        return crop, judge(crop, marks[nearest], float(found.scores[nearest])).total


class _Here:
    """The models of this worker process."""

    faces: Faces | None = None


def _begin(settings: Settings) -> None:
    os.nice(5)
    _Here.faces = Faces(settings)


def _task(paths: Sequence[Path]) -> _Part:
    assert _Here.faces is not None
    return _Here.faces.of(paths)
