"""What a library costs that cameras filled for a long time, against one a tenth as large.

    python benchmarks/long_watch.py [--json] [--faces 300000]

A busy wall of four cameras keeps about 6,700 faces an hour. Their rows are made here by dice: 500
people, five vectors of each, as the maintenance of profiles leaves them. Measured at a tenth of the
faces and at all of them: from a face being kept to recognition knowing it; a look of the
maintenance at everybody; one person's appearances; the list of people. Following must not depend on
how much there is; the rest may grow as what is there does, not faster.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np

import personae
from personae.adapters.stores.library import SqliteStore
from personae.app.maintaining import Maintenance
from personae.core.arrays import Vectors
from personae.core.embedding import Space, unit
from personae.core.quality import Quality
from personae.core.segment import Segment
from personae.core.track import Shot, Track
from personae.flows.living_gallery import LivingGallery

PEOPLE, CAMERAS, VECTORS, AT_ONCE = 500, 4, 5, 1000
BEGAN = 1_750_000_000_000
STAY_MS, EVERY_MS = 5_000, 2_000
MILLISECOND = Fraction(1, 1000)
GOOD = Quality(0.9, 0.8, 0.8, 0.9, 0.9, 0.95)
FOLLOWED_S, SAME, LINEAR = 1.0, 3.0, 15.0
"""Promised: seconds to know of a face; times as long with ten times the faces."""


class Wall:
    """Cameras that see people come and go."""

    def __init__(self, library: personae.Library) -> None:
        self.library = library
        self._store: SqliteStore = library.store
        self._space: Space = library.calibration.space
        self._dice = np.random.default_rng(7)
        size = (PEOPLE, self._space.size)
        self._looks: Vectors = unit(self._dice.standard_normal(size, np.float32))
        self._cameras = [
            self._store.presence.camera(f"camera {n}", (640, 480), BEGAN) for n in range(CAMERAS)
        ]
        self._seen = np.zeros(PEOPLE, np.int64)
        self.people = [self._store.people.create(None, "auto", "Unknown") for _ in range(PEOPLE)]
        self.faces = 0

    def fill(self, faces: int) -> None:
        """Until so many faces were kept."""
        while self.faces < faces:
            with self._store.together():
                self.keep(min(AT_ONCE, faces - self.faces))

    def keep(self, count: int) -> None:
        """So many more."""
        who = self._dice.integers(0, PEOPLE, count)
        tracks = [self._track(n, int(person)) for n, person in enumerate(who)]
        camera = self._cameras[(self.faces // AT_ONCE) % CAMERAS]
        until = (self.faces + count) * EVERY_MS + STAY_MS
        made = self._store.presence.keep(camera, Segment(self.faces, tracks), until)
        for person in set(who.tolist()):
            mine = [face for face, whose in zip(made, who, strict=True) if whose == person]
            self._store.people.assign(mine, self.people[person], "match", dict.fromkeys(mine, 0.6))
        self.faces += count

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        return BEGAN + self.faces * EVERY_MS

    def _track(self, number: int, person: int) -> Track:
        first = (self.faces + number) * EVERY_MS
        times = np.arange(first, first + STAY_MS, 200, dtype=np.int64)
        box = np.array([500, 200, 620, 350], np.float32)
        shot = Shot(first, box, np.zeros((5, 2), np.float32), GOOD, None)
        self._seen[person] += 1
        looks = self._looks[person] + 0.03 * self._dice.standard_normal(self._space.size)
        kept = self._seen[person] <= VECTORS
        return Track(
            number=number,
            kind="face",
            base=MILLISECOND,
            first=first,
            last=first + STAY_MS,
            times=times,
            boxes=np.tile(box, (len(times), 1)),
            shots=(shot,),
            vector=unit(looks.astype(np.float32)) if kept else None,
            space=self._space if kept else None,
            quality=GOOD.total,
        )


def measured(wall: Wall) -> dict[str, float]:
    """Seconds that each takes with what is there now."""
    library, store = wall.library, wall.library.store
    living = LivingGallery(store.people, store.sightings, library.calibration)
    first = timed(living.now)
    keeping = timed(lambda: wall.keep(1))
    return {
        "faces": wall.faces,
        "first_read_s": first,
        "kept_s": keeping,
        "followed_s": timed(living.now),
        "maintained_s": timed(Maintenance(library, clock=lambda: wall.now).run_once),
        "appearances_s": timed(lambda: library.appearances(f"#{wall.people[0]}")),
        "people_s": timed(library.people),
    }


def timed(what: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def main() -> int:
    """Prints the figures beside what is promised; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--faces", type=int, default=300_000)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        personae.open(Path(folder) / "library") as library,
    ):
        wall = Wall(library)
        wall.fill(asked.faces // 10)
        small = measured(wall)
        wall.fill(asked.faces)
        large = measured(wall)
    grown = {name: large[name] / max(small[name], 1e-3) for name in large if name != "faces"}
    if asked.json:
        sys.stdout.write(json.dumps({"small": small, "large": large, "grown": grown}) + "\n")
    else:
        sys.stdout.write(f"faces that cameras kept: {small['faces']} and {large['faces']}\n")
        for name, times in grown.items():
            promised = SAME if name in ("kept_s", "followed_s") else LINEAR
            sys.stdout.write(
                f"{name:14} {small[name]:8.3f} {large[name]:8.3f}   {times:5.1f} times as long "
                f"(promised: at most {promised:g})\n"
            )
    same = max(grown["kept_s"], grown["followed_s"]) > SAME
    rest = max(times for name, times in grown.items() if name not in ("kept_s", "followed_s"))
    return int(same or rest > LINEAR or large["followed_s"] > FOLLOWED_S)


if __name__ == "__main__":
    sys.exit(main())
