"""In and out to the frame: films of known truth at four kinds of frame rate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import personae
from personae.adapters.demo import CAST, Truth
from personae.app.demo import name_cast
from personae.app.evaluating_timeline import timeline
from personae.flows.evaluation.timeline import Timeline
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_least, at_most, exactly
from tests.accept.truth_films import made


def proof(room: Room) -> list[Row]:
    """Each film alone, as ``personae evaluate timeline`` tells it."""
    films = made(room.folder)
    with opened(room.folder / "library", [path for path, _ in films.values()]) as lib:
        name_cast(lib)
        rows = [exactly("people found", len(lib.people()), len(CAST))]
        for name, (path, truth) in films.items():
            score = timeline(path.with_suffix(".truth.json"), lib)
            rows += of_film(name, score, truth, by_gender(lib, path))
    return rows


def of_film(name: str, score: Timeline, truth: Truth, genders: dict[str, float]) -> list[Row]:
    """What is promised of one film."""
    frame_ms = 1000 * float(truth.duration) / len(truth.pts)
    look_ms = 1000 / personae.ObserveSettings().fps
    errors = [*score.in_ms, *score.out_ms]
    return [
        at_least(f"{name}: interval F1 at 0.5", score.scores[0].f1, 1.0),
        at_least(f"{name}: interval F1 at 0.9", score.scores[1].f1, 0.97),
        at_most(f"{name}: median error of a boundary, ms", _middle(errors), frame_ms),
        at_most(f"{name}: largest, ms", max(errors), look_ms),
        at_most(
            f"{name}: screen-time error of a person, %",
            100 * max(abs(person.bias) for person in score.persons.values()),
            2.0,
        ),
        at_most(
            f"{name}: screen-time error of a gender, %",
            100 * max(_gender_errors(genders, truth)),
            1.0,
        ),
    ]


def by_gender(lib: personae.Library, film: Path) -> dict[str, float]:
    """Seconds by gender of one film."""
    seconds: dict[str, float] = {}
    for row in lib.report("screen-time", by="gender").rows:
        seconds[row.key] = sum(i.end - i.start for i in row.intervals if i.path == str(film))
    return seconds


def _gender_errors(found: dict[str, float], truth: Truth) -> list[float]:
    errors = []
    for gender in {person.gender for person in truth.people.values()}:
        ticks: set[int] = set()
        for person in truth.people.values():
            if person.gender == gender:
                for first, last in person.spans:
                    ticks |= {k for k, pts in enumerate(truth.pts) if first <= pts < last}
        ends = [*truth.pts[1:], truth.end]
        true = sum(float((ends[k] - truth.pts[k]) * truth.time_base) for k in ticks)
        errors.append(abs(found.get(gender, 0.0) - true) / true)
    return errors


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
