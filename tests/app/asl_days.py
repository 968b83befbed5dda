"""Five people before two cameras over four days: every act in the life of profiles."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from personae.flows.profiles import ProfileSettings
from tests.app.days import Days
from tests.app.lived import Done, Step, Visit, back, look, named, not_same, together, undo

SETTINGS = ProfileSettings(vectors=3, brief_s=2.5, brief_days=1.0)
PROPOSE = replace(SETTINGS, merge="propose")
TRUTH = "asl_people.csv"
CLIP = "intel__asl_gestures__{}.mkv"
NAMES = {1: "P2", 2: "P1", 3: "P3", 4: "P5", 5: "P4"}
"""Who each profile is at the end, by `TRUTH`."""
BLURRED = 2
"""The sighting of the blurred look with which the first profile begins."""


def truth(videos: Path) -> dict[str, str]:
    """Who is in each clip, by its short name."""
    with (videos / TRUTH).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {row["video"].split("__")[-1].removesuffix(".mkv"): row["person"] for row in rows}


def whose(lived: Sequence[Step], who: Mapping[str, str]) -> list[str]:
    """Who was seen in each visit, in their order."""
    visits = [step.act for step in lived if isinstance(step.act, Visit)]
    return [who[visit.film.stem.split("__")[-1]] for visit in visits]


def at_the_end() -> list[tuple[int, set[str]]]:
    """`NAMES`, as they are counted."""
    return [(number, {person}) for number, person in sorted(NAMES.items())]


def _sharp(days: Days, made: object) -> bool:
    """The better look is the best one now."""
    return days.profiles()[1].best > 0.7


def _thinned(days: Days, made: object) -> bool:
    """Three each are left, and the blurred one is not among them."""
    views = {who: {view.sighting for view in one.views} for who, one in days.profiles().items()}
    return {len(kept) for kept in views.values()} == {2, 3} and BLURRED not in views[1]


def steps(videos: Path) -> list[Step]:
    """All of them; what the library holds after each was counted by hand from the clips."""

    def clip(name: str) -> Path:
        return videos / CLIP.format(name)

    def strict(day: float, camera: str, name: str) -> Visit:
        return Visit(day, camera, clip(name), strict=True)

    def visit(day: float, camera: str, name: str) -> Visit:
        return Visit(day, camera, clip(name))

    first = Visit(1.01, "door", clip("bird"), blur=3)
    glimpse = Visit(1.0, "door", clip("again"), seconds=0.9)
    return [
        glimpse.step("P1, a glimpse: nobody", (0, 0, 1, 0, 1), None, False),
        first.step("P2, blurred: made", (1, 0, 2, 1, 2), 1, True),
        visit(1.02, "yard", "sorry").step("P2, better", (1, 0, 3, 2, 3), 1, False, _sharp),
        visit(1.03, "door", "again").step("P1, promoted", (2, 0, 4, 3, 4), 2, True),
        visit(1.04, "yard", "book").step("P3, made", (3, 0, 5, 4, 5), 3, True),
        visit(1.05, "yard", "eat").step("P4, too short: nobody", (3, 0, 6, 4, 6), None, False),
        visit(1.06, "door", "hungry").step("P5, made", (4, 0, 7, 5, 7), 4, True),
        look(1.5, "nothing to do", (4, 0, 7, 5, 7), SETTINGS),
        visit(2.0, "yard", "brother").step("P1, other camera", (4, 0, 8, 6, 8), 2, False),
        visit(2.01, "door", "learn").step("P3, other camera", (4, 0, 9, 7, 9), 3, False),
        visit(2.02, "yard", "want").step("P5, other camera", (4, 0, 10, 8, 10), 4, False),
        visit(2.03, "door", "night").step("P4, made", (5, 0, 11, 9, 11), 5, True),
        visit(2.04, "yard", "milk").step("P2", (5, 0, 12, 10, 12), 1, False),
        strict(2.05, "door", "help").step("P1, a double", (6, 0, 13, 11, 13), 6, True),
        look(2.5, "proposes", (6, 0, 13, 11, 13), PROPOSE, Done(pairs=((2, 6),))),
        look(2.6, "merges", (5, 0, 13, 11, 13), SETTINGS, Done(pairs=((2, 6),))),
        undo("2.60 the merge undone", (6, 0, 13, 11, 13)),
        look(2.7, "merges no more", (6, 0, 13, 11, 13), SETTINGS),
        together(2, 6, "2.70 merged by hand", (5, 0, 13, 11, 13)),
        visit(3.0, "door", "please").step("P2", (5, 0, 14, 12, 14), 1, False),
        visit(3.01, "yard", "school").step("P3", (5, 0, 15, 13, 15), 3, False),
        visit(3.02, "yard", "no").step("P1", (5, 0, 16, 14, 16), 2, False),
        visit(3.03, "door", "student").step("P1", (5, 0, 17, 15, 17), 2, False),
        visit(3.04, "yard", "sister").step("P4", (5, 0, 18, 16, 18), 5, False),
        look(3.5, "keeps three of each", (5, 0, 15, 13, 18), SETTINGS, Done(3, then=_thinned)),
        strict(3.51, "door", "walk").step("P3, a double", (6, 0, 16, 14, 19), 7, True),
        not_same(3, 7, "3.51 said to be two", (6, 0, 16, 14, 19)),
        look(3.6, "merges them not", (6, 0, 16, 14, 19), SETTINGS),
        undo("3.60 that word undone", (6, 0, 16, 14, 19)),
        look(3.7, "merges, thins", (5, 0, 15, 13, 19), SETTINGS, Done(1, ((3, 7),))),
        named(2, "Ana", "3.70 P1 named", (4, 1, 15, 13, 19)),
        strict(3.8, "yard", "yes").step("P1, a double", (5, 1, 16, 14, 20), 8, True),
        look(3.9, "merges nobody named", (5, 1, 16, 14, 20), SETTINGS),
        visit(4.0, "door", "thanks").step("P2", (5, 1, 17, 15, 21), 1, False),
        visit(4.01, "yard", "eat").step("P4, known by now", (5, 1, 18, 16, 22), 5, False),
        look(4.85, "the brief one goes", (4, 1, 17, 14, 22), SETTINGS, Done(1, pruned=(8,))),
        undo("4.85 that undone", (5, 1, 17, 15, 22), back(8)),
        look(4.9, "it stays", (5, 1, 17, 15, 22), SETTINGS),
        together(2, 8, "4.90 merged by hand", (4, 1, 17, 15, 22)),
        look(4.95, "keeps three of each", (4, 1, 16, 14, 22), SETTINGS, Done(1)),
    ]
