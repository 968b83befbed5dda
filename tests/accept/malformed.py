"""Broken, hostile and odd files: each gets an answer, none harms the others."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import personae
from personae.adapters.demo import FilmSettings, demo_plan, make_film, photos
from personae.core.errors import error_codes
from personae.core.records import Job
from tests.accept.meter import Meter
from tests.accept.odd_files import generated
from tests.accept.proof import Room, Row, at_most, beside, exactly

MOST_S = 20.0
MOST_GB = 2.0
CRASHED = "P209"


class Stopwatch:
    """How long each file was worked on."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began: dict[str, float] = {}

    def __call__(self, jobs: Sequence[Job], total: int) -> None:
        """Told several times a second how things go."""
        now = time.monotonic()
        for job in jobs:
            path = job.payload["path"]
            if job.state == "running":
                self._began.setdefault(path, now)
            if path in self._began:
                if job.state in ("waiting", "running"):
                    self.seconds[path] = now - self._began[path]
                else:
                    self.seconds.setdefault(path, 0.0)
                    self._began.pop(path)


def proof(room: Room) -> list[Row]:
    """Every malformed file at once, with good ones among them."""
    shared = sorted(p for p in room.shared("data/malformed").rglob("*") if p.is_file())
    good = [room.folder / "good.mp4", *(still.path for still in photos(room.folder / "good"))]
    make_film(good[0], demo_plan()[:3], FilmSettings(width=640, height=360))
    odd = generated(room.folder / "odd", good[0])
    files = [*shared, *odd, *good]
    watch = Stopwatch()
    settings = personae.Settings(library=room.folder / "library")
    with Meter(os.getpid(), itself=False) as meter, personae.Library(settings) as lib:
        summary = lib.index(files, watch=watch)
        kept = {media.sha256 for media in lib.media()}
    indexed = {one.path for one in summary.indexed}
    failed = {one.path: one.code for one in summary.failed}
    silent = [str(p) for p in files if str(p) not in indexed | set(failed) | set(summary.skipped)]
    unknown = sorted(set(failed.values()) - set(error_codes()))
    crashed = sorted(Path(path).name for path, code in failed.items() if code == CRASHED)
    wrong = sorted(p.name for p in odd if (str(p) in indexed) != p.name.startswith("sound"))
    slowest = max(watch.seconds, key=lambda path: watch.seconds[path])
    return [
        beside("files", len(files)),
        exactly("files without an answer", str(silent or "none"), "none"),
        exactly("answers with an unknown code", str(unknown or "none"), "none"),
        exactly("files that crashed a worker", str(crashed or "none"), "none"),
        exactly("made files answered wrongly", str(wrong or "none"), "none"),
        at_most(f"slowest file, seconds ({Path(slowest).name})", watch.seconds[slowest], MOST_S),
        at_most("peak resident GB of one worker", meter.peak_of_one / 1e9, MOST_GB),
        exactly("good files beside them indexed", sum(str(p) in indexed for p in good), len(good)),
        beside("malformed files that could be indexed", sum(str(p) in indexed for p in shared)),
        beside("contents in the library", len(kept)),
    ]
