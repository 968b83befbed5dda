"""Made-up films in real libraries, for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from personae.adapters.stores.library import SqliteStore
from personae.core.arrays import Crop, Vector
from personae.core.detections import Kind
from personae.core.embedding import Space, unit
from personae.core.frame import SourceInfo
from personae.core.quality import Quality
from personae.core.records import Media, Template
from personae.core.segment import Counts, Segment
from personae.core.track import Shot, Track
from personae.flows.people import Verbs

SPACE = Space("made-up", "0123456789abcdef", 32)
BASE = Fraction(1, 1000)
INFO = SourceInfo("film", 1920, 1080, BASE, 60.0, 25.0, still=False, live=False)
PHOTO = replace(INFO, name="photo", base=Fraction(1), duration=None, fps=None, still=True)


def jpeg(crop: Crop) -> bytes:
    """Bytes that can be found again in a file."""
    return b"JPEG" + crop.tobytes()


def opened(folder: Path) -> SqliteStore:
    return SqliteStore(folder, jpeg, create=True)


def verbs(store: SqliteStore) -> Verbs:
    return Verbs(store.people, store.acts, store.sightings, store.together)


def who(person: int, look: int = 0, spread: float = 0.35) -> Vector:
    """A view of a person: near their own direction, far from anybody else's."""
    own = np.random.default_rng(person).standard_normal(SPACE.size)
    noise = np.random.default_rng([person, look + 1]).standard_normal(SPACE.size)
    return unit(unit(own) + spread * unit(noise))


def shot(pts: int, quality: float, seed: int = 0) -> Shot:
    pixels = np.random.default_rng([seed, pts]).integers(0, 256, (8, 8, 3), np.uint8)
    box = np.array([10, 10, 60, 60], np.float32)
    return Shot(pts, box, np.zeros((5, 2), np.float32), Quality(*[quality] * 6), pixels)


def track(
    number: int,
    span: tuple[int, int],
    left: float,
    vector: Vector | None = None,
    kind: Kind = "face",
) -> Track:
    """Something that stays ``left`` pixels from the left from span[0] to span[1] ms."""
    first, last = span
    times = np.arange(first, last, 200, dtype=np.int64)
    boxes = np.tile(np.array([left, 100, left + 80, 200], np.float32), (len(times), 1))
    face = kind == "face"
    return Track(
        number,
        kind,
        BASE,
        first,
        last,
        times,
        boxes,
        shots=(shot(first, 0.8, number),) if face else (),
        vector=vector,
        space=None if vector is None else SPACE,
        quality=0.8,
    )


def film(store: SqliteStore, folder: Path, name: str, content: str | None = None) -> Media:
    """A film's row; its file holds its name, so that it has a place and a size."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content or name)
    return store.media.add(path, sha(content or name), INFO, None)


def sha(content: str) -> str:
    return content.encode().hex().ljust(64, "0")[:64]


def index(
    store: SqliteStore, media: Media, tracks: Sequence[Track], settings: str = "one"
) -> dict[str, int]:
    """One analysis from start to end."""
    run = store.runs.begin(media.id, settings)
    store.runs.keep(run.id, Segment(0, list(tracks), Counts(frames=10)))
    return store.runs.finish(run.id, 60_000, 5)


def cast(people: Sequence[int], *, shift: float = 0.0, late: int = 0) -> list[Track]:
    """One track a person, side by side and one after the other, ten seconds each."""
    return [
        track(
            n,
            (n * 10_000 + late, n * 10_000 + 9_000 + late),
            100 + 150 * (n % 8) + shift,
            who(person, look=n),
        )
        for n, person in enumerate(people)
    ]


def template(person: int, looks_like: int, sha256: str = "f" * 64) -> Template:
    return Template(person, SPACE, sha256, "photo.jpg", who(looks_like), 1, 0.9, b"JPEG")
