"""Processes that live days and are killed: what they had said is there, and the days go on."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import personae
from tests.app.days import Days
from tests.app.lived import Step, live
from tests.shared import REPOSITORY

LONGEST_S = 300


@dataclass(frozen=True, slots=True)
class Held:
    """All that a library holds of people.

    Attributes:
        people: number, name and kind.
        owners: face sightings and whose they are.
        vectors: sightings whose face vectors are kept.
        acts: what was done, the newest last, and whether it was undone.
    """

    people: frozenset[tuple[int, str | None, str]]
    owners: frozenset[tuple[int, int | None]]
    vectors: frozenset[int]
    acts: tuple[tuple[str, str, bool], ...]

    @staticmethod
    def of(library: personae.Library) -> Held:
        """What a library holds now."""
        store, space = library.store, library.calibration.space
        faces = [one for one in store.sightings.all() if one.kind == "face"]
        return Held(
            frozenset((one.id, one.name, one.kind) for one in store.people.all()),
            frozenset((one.id, one.person) for one in faces),
            frozenset(one.sighting for one in store.sightings.vectors(space)),
            tuple((act.verb, act.by, act.undone) for act in reversed(library.history())),
        )

    def is_between(self, before: Held, after: Held) -> bool:
        """Whether a step was begun from one and would have come to the other: whole acts only."""
        return (
            self.people in (before.people, after.people)
            and self.owners in (before.owners, after.owners)
            and after.vectors & before.vectors <= self.vectors <= after.vectors | before.vectors
            and self.acts in (before.acts, after.acts)
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """Days that were lived without being killed.

    Attributes:
        plan: name of the plan.
        films: what is played.
        copies: of the library before the first step and after each.
        held: what the library held before the first step and after each.
    """

    plan: str
    films: Path
    copies: tuple[Path, ...]
    held: tuple[Held, ...]


def reference(
    plan: tuple[str, Sequence[Step], Days],
    films: Path,
    folder: Path,
    said: Callable[[int, Step, object], None],
) -> Reference:
    """Lives all days, with a copy of the library before and after each step."""
    name, steps, days = plan
    copies: list[Path] = []
    held: list[Held] = []

    def keep() -> None:
        target = folder / f"copy{len(copies)}"
        _copied(days.library.folder, target)
        copies.append(target)
        held.append(Held.of(days.library))

    def step_done(number: int, step: Step, made: object) -> None:
        keep()
        said(number, step, made)

    keep()
    live(days, steps, 0, step_done)
    return Reference(name, films, tuple(copies), tuple(held))


@dataclass(frozen=True, slots=True)
class Killed:
    """What became of one killed process and the one after it.

    Attributes:
        done: steps that were acknowledged, in all.
        lost: what was acknowledged and is not there, in words; empty is right.
        same: the days ended as those that were never interrupted.
    """

    done: int
    lost: str
    same: bool


def killed(made: Reference, begin: int, delay_s: float, folder: Path) -> Killed:
    """Lives on from a step in a process that is killed some time later, then to the end.

    Args:
        made: days that were not killed.
        begin: steps that are done already.
        delay_s: until the kill, from the moment the library is open.
        folder: for the copy.
    """
    shutil.copytree(made.copies[begin], folder)
    with _child(made, begin, folder) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        time.sleep(delay_s)
        child.kill()
        said += child.stdout.readlines()
    told = [json.loads(line) for line in said if line.endswith("\n")]
    assert told and told[0] == {"ready": begin}
    done = 1 + max((line["step"] for line in told if "step" in line), default=begin - 1)
    lost = _lost(made, folder, told, done)
    with _child(made, done, folder) as child:
        out, _ = child.communicate(timeout=LONGEST_S)
    ended = child.returncode == 0 and json.loads(out.splitlines()[-1]) == {"end": True}
    return Killed(done, lost, ended and _held(folder) == made.held[-1] and not _broken(folder))


def _lost(made: Reference, folder: Path, told: list[dict[str, int]], done: int) -> str:
    broken = _broken(folder)
    if broken:
        return broken
    held = _held(folder)
    owners = dict(held.owners)
    for line in told:
        if "kept" in line and line["kept"] not in owners:
            return f"face {line['kept']} was said to be kept"
    last = [line for line in told if "kept" in line or "step" in line][-1:]
    if last and "kept" in last[0] and owners[last[0]["kept"]] != last[0]["person"]:
        return f"face {last[0]['kept']} was said to be of {last[0]['person']}"
    after = made.held[min(done + 1, len(made.held) - 1)]
    return "" if held.is_between(made.held[done], after) else f"after step {done}: {held}"


def _child(made: Reference, done: int, folder: Path) -> subprocess.Popen[str]:
    given = [str(folder), made.plan, str(made.films), str(done)]
    paths = [str(REPOSITORY / "src"), str(REPOSITORY), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.app.lived_child", *given],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def _held(folder: Path) -> Held:
    with personae.Library(personae.Settings(library=folder), create=False) as library:
        return Held.of(library)


def _broken(folder: Path) -> str:
    """What the database says of itself; empty if it is sound."""
    with sqlite3.connect(folder / "library.db") as raw:
        checks = raw.execute("PRAGMA integrity_check").fetchall()
        loose = raw.execute("PRAGMA foreign_key_check").fetchall()
    raw.close()
    return "" if checks == [("ok",)] and not loose else f"{checks} {loose}"


def _copied(folder: Path, target: Path) -> None:
    """A copy of a library that is open: its database as it is now, and all else."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("library.db*"))
    with (
        sqlite3.connect(folder / "library.db") as source,
        sqlite3.connect(target / "library.db") as copy,
    ):
        source.backup(copy)
    source.close()
    copy.close()
