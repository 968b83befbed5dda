"""Five people, two cameras, four days: what the library holds after each act, and after kills."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import personae
from tests.accept.proof import Room, Row, beside, exactly
from tests.app import asl_days
from tests.app.days import Days
from tests.app.lived import Counts, Step
from tests.app.lived_killed import Killed, Reference, killed, reference

KILLS = 10
AT_ONCE = 2
LATEST_S = 4.0
"""Longest time from the opening of a library to the kill; a step takes 0.1 to 1 s."""


def proof(room: Room) -> list[Row]:
    """Every step's numbers, then the same days killed at moments spread over all of them."""
    videos = room.shared("data/videos")
    truth = asl_days.truth(room.shared(f"data/videos/{asl_days.TRUTH}").parent)
    steps = asl_days.steps(videos)
    rows = [beside("day and act: profiles + named, vectors/of somebody", "")]
    with personae.Library(personae.Settings(library=room.folder / "library")) as library:
        days = Days(library, asl_days.SETTINGS)

        def said(number: int, step: Step, made: object) -> None:
            counts = Counts.of(days)
            right = step.right(days, made)
            row = exactly(step.name, str(counts), str(Counts(*step.after)))
            rows.append(
                row if right else Row(step.name, f"{counts}; {made}"[:200], row.bound, False)
            )

        made = reference(("asl", steps, days), videos, room.folder, said)
        rows += _people(days, steps, truth)
    return [*rows, *_undone(made, steps), *_survived(room, made, len(steps))]


def _people(days: Days, steps: Sequence[Step], truth: dict[str, str]) -> list[Row]:
    """Who everybody is at the end, by the clips in which they were seen."""
    films = asl_days.whose(steps, truth)
    kept = [one for one in days.library.store.sightings.all() if one.kind == "face"]
    whose: dict[int, set[str]] = {}
    cameras: dict[int, set[int]] = {}
    for sighting, person in zip(sorted(kept, key=lambda one: one.id), films, strict=True):
        if sighting.person is not None:
            whose.setdefault(sighting.person, set()).add(person)
            cameras.setdefault(sighting.person, set()).add(sighting.media)
    both = sum(len(seen) == 2 for seen in cameras.values())
    return [
        exactly("people at the end", len(whose), len(set(truth.values()))),
        exactly("each one of them", str(sorted(whose.items())), str(asl_days.at_the_end())),
        exactly("seen by two cameras and yet one person", both, len(whose)),
    ]


def _undone(made: Reference, steps: Sequence[Step]) -> list[Row]:
    """Whether an undo brought back what was before, to the last face."""
    at = [number for number, step in enumerate(steps) if step.name.endswith("undone")]
    same = sum(
        (made.held[n - 1].people, made.held[n - 1].owners)
        == (made.held[n + 1].people, made.held[n + 1].owners)
        for n in at
    )
    return [exactly("undos that brought all people and faces back", same, len(at))]


def _survived(room: Room, made: Reference, steps: int) -> list[Row]:
    chance = random.Random(11)
    begins = [number * steps // KILLS for number in range(KILLS)]
    delays = [chance.uniform(0.0, LATEST_S) for _ in begins]
    folders = [room.folder / f"killed{number}" for number in range(KILLS)]

    def one(begin: int, delay_s: float, folder: Path) -> Killed:
        return killed(made, begin, delay_s, folder)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        after = list(pool.map(one, begins, delays, folders))
    lost = [one.lost for one in after if one.lost]
    last = ", ".join(f"{one.done - begin}" for one, begin in zip(after, begins, strict=True))
    return [
        beside(f"killed {KILLS} times: steps done from the last copy to the kill", last),
        exactly("acknowledged and lost", "; ".join(lost)[:200] or "nothing", "nothing"),
        exactly("went on to the same end, sound", sum(one.same for one in after), KILLS),
    ]
