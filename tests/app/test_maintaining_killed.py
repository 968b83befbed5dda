"""Maintenance killed at any moment: what it said is done is done, and nothing is half done."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import personae
from personae.core.errors import NothingToUndo
from personae.core.records import Act

CHILD = Path(__file__).with_name("maintained_child.py")
KILLS = 5


def killed(folder: Path, seed: int) -> list[dict[str, object]]:
    """What a process acknowledged before it was killed."""
    command = [sys.executable, str(CHILD), str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        time.sleep(random.Random(seed).uniform(0.3, 1.5))
        child.kill()
        said += child.stdout.readlines()
    return [json.loads(line) for line in said if line.endswith("\n")]


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    said = [line for seed in range(KILLS) for line in killed(folder, seed)]
    kept = {line["kept"]: line["first"] for line in said if "kept" in line}
    made = {line["profile"]: line["sighting"] for line in said if "profile" in line}
    done = [line["done"] for line in said if "done" in line]
    merged = {pair["other"] for one in done for pair in one["merged"]}  # type: ignore[index]
    pruned = {number for one in done for number in one["pruned"]}  # type: ignore[index]
    assert len(kept) > 20 and merged and pruned
    assert sum(one["vectors"] for one in done) > 0  # type: ignore[index]
    with sqlite3.connect(folder / "library.db") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    with personae.Library(personae.Settings(library=folder), create=False) as library:
        # Every time that was told is there, whatever became of vectors and profiles
        there = {s.id: s.first for s in library.store.sightings.all()}
        assert kept.items() <= there.items()
        everybody = {p.id for p in library.store.people.all()}
        acts = library.history()
        assert {act.by for act in acts} == {"watch"}
        gone = made.keys() - everybody
        assert merged | pruned >= gone - _said_by(acts) and not (merged | pruned) & everybody
        # What did not stand at the end was done whole: all of it can be taken back
        while True:
            try:
                library.undo()
            except NothingToUndo:
                break
        owner = {s.id: s.person for s in library.store.sightings.all()}
        assert made.keys() <= {p.id for p in library.store.people.all()}
        assert all(owner[sighting] == number for number, sighting in made.items())


def _said_by(acts: list[Act]) -> set[int]:
    """The profiles that acts say went: done, but killed before it was acknowledged."""
    return {int(act.summary.split()[0].removeprefix("unknown-")) for act in acts}
