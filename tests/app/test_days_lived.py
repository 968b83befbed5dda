"""The life of profiles step by step, in exact numbers, and killed at any moment of it."""

from __future__ import annotations

import random
from dataclasses import astuple
from pathlib import Path

import pytest

import personae
from tests.app import asl_days, demo_days
from tests.app.days import Days
from tests.app.lived import Counts, Step
from tests.app.lived_killed import Reference, killed, reference
from tests.shared import shared_file

KILLS = {"demo": 2, "asl": 4}


def lived(plan: str, steps: list[Step], films: Path, folder: Path) -> Reference:
    """All days without a kill; each step's numbers and doings are right."""
    with personae.Library(personae.Settings(library=folder / "library")) as library:
        days = Days(library, {"asl": asl_days, "demo": demo_days}[plan].SETTINGS)

        def said(number: int, step: Step, made: object) -> None:
            assert astuple(Counts.of(days)) == step.after, step.name
            assert step.right(days, made), (step.name, made)

        made = reference((plan, steps, days), films, folder, said)
        undone = {
            number: step.name for number, step in enumerate(steps) if step.name.endswith("undone")
        }
        assert undone
        for number in undone:
            # What the act before changed is back, to the last face
            before, after = made.held[number - 1], made.held[number + 1]
            assert (before.people, before.owners) == (after.people, after.owners)
    return made


def survives(made: Reference, steps: list[Step], folder: Path, kills: int) -> None:
    chance = random.Random(5)
    for number in range(kills):
        begin = number * len(steps) // kills
        after = killed(made, begin, chance.uniform(0.0, 2.0), folder / f"killed{number}")
        assert not after.lost, after
        assert after.same, after


def test_portraits_live_and_are_killed(tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    steps = demo_days.steps(demo_days.make(films))
    made = lived("demo", steps, films, tmp_path)
    survives(made, steps, tmp_path, KILLS["demo"])


@pytest.mark.slow
def test_five_people_live_and_are_killed(tmp_path: Path) -> None:
    videos = shared_file("data/videos")
    shared_file(f"data/videos/{asl_days.TRUTH}")
    steps = asl_days.steps(videos)
    made = lived("asl", steps, videos, tmp_path)
    films = asl_days.whose(steps, asl_days.truth(videos))
    people: dict[int, set[str]] = {}
    for (_, person), who in zip(sorted(made.held[-1].owners), films, strict=True):
        if person is not None:
            people.setdefault(person, set()).add(who)
    assert sorted(people.items()) == asl_days.at_the_end()
    survives(made, steps, tmp_path, KILLS["asl"])
