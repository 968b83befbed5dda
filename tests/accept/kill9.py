"""Thirty times kill -9 while indexing: afterwards the library is as if nothing had happened."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from personae.adapters.demo import FilmSettings, demo_plan, make_film
from personae.adapters.demo.scenes import Scene, Transition
from tests.accept.command import started
from tests.accept.library_rows import rows_without_ids
from tests.accept.proof import Room, Row, at_least, beside, exactly

KILLS = 30
FILES = 10
SETTINGS = {"PERSONAE_OBSERVE__SEGMENT_S": "1", "PERSONAE_WORKERS": "2"}


def proof(room: Room) -> list[Row]:
    """The same files once in peace and once under fire."""
    media = room.folder / "media"
    media.mkdir()
    for number in range(FILES):
        make_film(media / f"{number}.mp4", _plan(number), FilmSettings(width=640, height=360))
    peace, fire = room.folder / "peace", room.folder / "fire"
    began = time.monotonic()
    undisturbed = _whole(media, peace)
    seconds = time.monotonic() - began
    hits, halves = _shoot(media, fire, seconds)
    last = _whole(media, fire)
    wanted, found = rows_without_ids(peace / "library.db"), rows_without_ids(fire / "library.db")
    differ = {
        table: len(set(wanted[table]) ^ set(found[table]))
        for table in wanted
        if wanted[table] != found[table]
    }
    return [
        exactly("files indexed in peace", len(undisturbed["indexed"]), FILES),
        beside("seconds an undisturbed run takes", seconds),
        at_least("kills that hit work in progress", hits, KILLS),
        at_least("kills that left a film with some segments kept", halves, 1),
        exactly("files done after the last start", _done(last), FILES),
        exactly("tables whose rows differ", json.dumps(differ), "{}"),
        beside("rows compared", sum(len(rows) for rows in wanted.values())),
        *_sound(fire / "library.db"),
    ]


def _plan(number: int) -> tuple[Scene, ...]:
    """Another part of the demo film for each file, so that no two are alike."""
    scenes = demo_plan()
    turned = scenes[number:] + scenes[:number]
    picked = turned[: 6 + number % 3]
    return (Scene(5 + number), *(_hard(scene) for scene in picked))


def _hard(scene: Scene) -> Scene:
    """The scene without its dissolve: after a turn its neighbour may be too short for it."""
    length = min(scene.duration_frames, 75)
    return replace(scene, duration_frames=length, transition_in=Transition())


def _whole(media: Path, library: Path) -> dict[str, list[object]]:
    """An ``index`` that runs to its end."""
    process = started(["index", media, "--library", library, "--json"], SETTINGS, subprocess.PIPE)
    said, _ = process.communicate(timeout=900)
    told: dict[str, list[object]] = json.loads(said)
    return told


def _done(told: dict[str, list[object]]) -> int:
    return len(told["indexed"]) + len(told["skipped"])


def _shoot(media: Path, library: Path, seconds: float) -> tuple[int, int]:
    """Starts and kills; how many kills found work to do, and how many left half-done films."""
    chance = random.Random(9)
    hits = halves = 0
    for _ in range(KILLS):
        process = started(["index", media, "--library", library, "--json"], SETTINGS)
        # From before the first row is written to well into the work
        time.sleep(chance.uniform(0.3, 1.2 + min(seconds / 14, 3.0)))
        hits += process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        halves += _half_done(library / "library.db") > 0
    return hits, halves


def _half_done(database: Path) -> int:
    """Films of which some segments are kept and others are to come."""
    if not database.exists():
        return 0
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchone() is None:
            return 0
        query = "SELECT count(*) FROM run WHERE state = 'hidden' AND segments > 0"
        return int(connection.execute(query).fetchone()[0])


def _sound(database: Path) -> list[Row]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        astray = len(connection.execute("PRAGMA foreign_key_check").fetchall())
        orphans = connection.execute(
            "SELECT count(*) FROM crop WHERE shot NOT IN (SELECT id FROM shot)"
        ).fetchone()[0]
        hidden = connection.execute("SELECT count(*) FROM run WHERE state != 'shown'").fetchone()[0]
    return [
        exactly("PRAGMA integrity_check", verdict, "ok"),
        exactly("rows that refer to nothing", astray, 0),
        exactly("crops without a view", orphans, 0),
        exactly("unfinished runs left", hidden, 0),
    ]
