"""Libraries of made people: rows as an index leaves them, with pictures and vectors by dice."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from personae.app.build import choose
from personae.app.library import Library
from personae.core.arrays import Crop, Vector
from personae.core.embedding import Space, unit
from personae.core.frame import SourceInfo
from personae.core.quality import Quality
from personae.core.segment import Segment
from personae.core.track import Shot, Track

PER_FILM = 250
"""Faces of one film."""
UNIT = Fraction(1, 25)
GOOD = Quality(0.9, 0.8, 0.8, 0.9, 0.9, 0.95)


def portrait(rng: np.random.Generator) -> Crop:
    """(112, 112, 3) a disc on a ground, in colours and with grain of its own."""
    rows, columns = np.mgrid[0:112, 0:112]
    face = (rows - 60) ** 2 / 46**2 + (columns - 56) ** 2 / 36**2 < 1
    colours = rng.integers(40, 220, (2, 3))
    picture = np.where(face[..., None], colours[0], colours[1]) + rng.normal(0, 9, (112, 112, 1))
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def made_library(library: Library, people: int, *, seed: int = 1) -> None:
    """Fills a library with so many people, each seen once, three seconds long, in films of 250."""
    rng = np.random.default_rng(seed)
    space = choose(library.settings.face_model).space
    store = library.store
    for film, start in enumerate(range(0, people, PER_FILM)):
        count = min(PER_FILM, people - start)
        info = SourceInfo(f"{film}.mp4", 1280, 720, UNIT, 4.0 * count, 25.0, False, False)
        path = library.folder / f"made-{film}.mp4"
        path.write_bytes(b"")
        medium = store.media.add(path, f"{film:064d}", info, None)
        run = store.runs.begin(medium.id, "made")
        vectors = unit(rng.standard_normal((count, space.size), np.float32))
        tracks = [_track(k, vectors[k], space, portrait(rng)) for k in range(count)]
        store.runs.keep(run.id, Segment(0, tracks))
        store.runs.finish(run.id, None, 5)
    faces = [one.id for one in store.sightings.all()]
    store.people.found([{face: 1.0} for face in faces])


def _track(number: int, vector: Vector, space: Space, crop: Crop) -> Track:
    first = number * 100
    times = np.arange(first, first + 75, 5, dtype=np.int64)
    box = np.array([500, 200, 620, 350], np.float32)
    marks = np.array([[530, 260], [590, 260], [560, 290], [538, 320], [582, 320]], np.float32)
    return Track(
        number=number,
        kind="face",
        base=UNIT,
        first=first,
        last=first + 75,
        times=times,
        boxes=np.tile(box, (len(times), 1)),
        shots=(Shot(first, box, marks, GOOD, crop),),
        vector=vector,
        space=space,
        quality=GOOD.total,
    )
