"""A process that keeps faces, makes profiles and maintains them without end, until it is killed.

Each line on stdout is an acknowledgement: what it tells is in the library.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np

import personae
from personae.app.maintaining import Maintenance
from personae.core.arrays import Vector
from personae.core.embedding import Space
from personae.core.quality import Quality
from personae.core.segment import Segment
from personae.core.track import Shot, Track
from personae.flows.profiles import DAY_MS, ProfileSettings
from personae.flows.watch import BASE

BEGINNING = 1_800_000_000_000
SETTINGS = ProfileSettings(vectors=2, brief_s=5.0, brief_days=3.0, undo_days=2.0)
PEOPLE = 6


def face(first: int, vector: Vector, space: Space, chance: np.random.Generator) -> Track:
    """Two seconds of somebody."""
    quality = Quality(*chance.uniform(0.5, 1.0, 6))
    box = np.array([100, 100, 200, 200], np.float32)
    crop = chance.integers(0, 255, (16, 16, 3)).astype(np.uint8)
    shot = Shot(first + 500, box, None, quality, crop)
    times = np.array([first, first + 1000, first + 2000], np.int64)
    whole = Track(0, "face", BASE, first, first + 2000, times, np.stack([box] * 3), (shot,))
    return replace(whole, vector=vector, space=space, quality=quality.total)


def main(folder: Path, seed: int) -> None:
    """Goes on from where the process before was killed."""
    chance = np.random.default_rng(seed)
    known = np.random.default_rng(1).normal(size=(PEOPLE, 128))
    with personae.Library(personae.Settings(library=folder)) as library:
        store, space = library.store, library.calibration.space
        door = store.presence.camera("door", (640, 360), BEGINNING)
        step = len(store.sightings.all())
        while True:
            loud = known[chance.integers(PEOPLE)] + chance.normal(size=128) * 0.3
            vector = (loud / np.linalg.norm(loud)).astype(np.float32)
            track = face(step * DAY_MS // 2, vector, space, chance)
            (sighting,) = store.presence.keep(door, Segment(step, [track]), track.last)
            say({"kept": sighting, "first": track.first})
            say({"profile": store.profiles.make(sighting), "sighting": sighting})
            step += 1
            if step % 2 == 0:
                clock = partial(int, BEGINNING + step * DAY_MS // 2)
                say({"done": asdict(Maintenance(library, SETTINGS, clock).run_once())})


def say(what: dict[str, object]) -> None:
    """Acknowledges."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
