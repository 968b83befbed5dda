"""The demo: a film with known truth, made here, indexed, named by search, told beside its truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from personae.adapters.demo import CAST, demo_plan, make_film, photos, probes
from personae.app.library import Library
from personae.app.settings import Settings
from personae.core.records import Interval
from personae.flows.evaluation.timeline import Timeline, score_timeline

Step = Callable[[str], None]
"""Told in words what is being done."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the demo found, beside what is true.

    Attributes:
        library: its folder.
        film: the film that was made.
        report: the HTML page.
        timeline: scores.
        people: how many people were found.
        found: intervals in seconds by name.
        truth: intervals in seconds by name.
    """

    library: Path
    film: Path
    report: Path
    timeline: Timeline
    people: int
    found: dict[str, list[tuple[float, float]]]
    truth: dict[str, list[tuple[float, float]]]

    def as_json(self) -> dict[str, object]:
        """The contract of ``demo --json``."""
        return {
            **self.timeline.as_json(),
            "people": self.people,
            "found": self.found,
            "truth": self.truth,
            "library": str(self.library),
            "film": str(self.film),
            "report": str(self.report),
        }


def run_demo(folder: Path, settings: Settings, step: Step, watch: Callable[..., None]) -> Told:
    """Makes the film and the photos in ``folder``, indexes them and compares with the truth."""
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    film = media / "demo.mp4"
    if not film.exists() or not film.with_suffix(".truth.json").exists():
        step("Making a film of real faces: cuts, dissolves, pans, blur, dim light ...")
        make_film(film, demo_plan())
    stills = media / "photos"
    stills.mkdir(exist_ok=True)
    photos(stills)
    chosen = settings.model_copy(update={"library": folder / "library"})
    with Library(chosen) as library:
        step("Indexing the film and the photos ...")
        library.index([film, stills], watch=watch)
        step("Naming people by searching with one portrait each ...")
        name_cast(library)
        report = folder / "screen-time.html"
        made = library.report("screen-time")
        report.write_bytes(library.render(made, "html"))
        return _compared(library, film, report)


def name_cast(library: Library) -> int:
    """Names and tags whoever each portrait finds first; the number of people who got a name."""
    named = 0
    for name, portrait in probes().items():
        found = library.search(portrait)
        person = next((m.match.person for m in found.matches if m.match.person), None)
        if person is None or library.person(person).name is not None:
            continue
        library.name(person, name)
        library.tag(person, CAST[name].gender)
        named += 1
    return named


def _compared(library: Library, film: Path, report: Path) -> Told:
    known = json.loads(film.with_suffix(".truth.json").read_text("utf-8"))["people"]
    truth = {name: [(a, b) for a, b in entry["intervals"]] for name, entry in known.items()}
    labels = {person.id: person.label for person in library.people()}
    here = str(film.absolute())
    mine: list[Interval] = [i for i in library.appearances() if i.path == here]
    found: dict[str, list[tuple[float, float]]] = {}
    for one in mine:
        found.setdefault(labels[one.person], []).append((one.start, one.end))
    timeline = score_timeline(found, truth, unnamed=())
    return Told(library.folder, film, report, timeline, len(labels), found, truth)
