"""``evaluate timeline``: what a library says of a film, compared with what is so."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TypedDict

from personae.app.library import Library
from personae.core.errors import NothingIndexed, SourceMissing, SourceUnreadable, UsageError
from personae.core.intervals import Span
from personae.core.records import Media
from personae.flows.evaluation.timeline import Timeline, score_timeline

ENDING = ".truth.json"


class Truth(TypedDict):
    """What is read of a truth file: the film's name if it says one, and who is visible when."""

    film: str | None
    people: dict[str, list[Span]]


def timeline(truth_file: Path, library: Library) -> Timeline:
    """Compares everybody's appearances in one film with a truth file like the demo's.

    Args:
        truth_file: ``{"people": {name: {"intervals": [[start, end], …]}}, "film": path}``, seconds
            from the first frame. Without ``film`` it is the one beside the file with its name.
        library: in which the film is indexed.

    Raises:
        SourceError: the truth file is missing or unreadable.
        NothingIndexed: the film is not in the library.
    """
    truth = read_truth(truth_file)
    medium = film_of(truth_file, truth["film"], library.media())
    names = {person.id: person for person in library.people(hidden=True)}
    told: dict[str, list[Span]] = defaultdict(list)
    for interval in library.appearances():
        if interval.media == medium.id:
            told[names[interval.person].label].append((interval.start, interval.end))
    unnamed = {person.label for person in names.values() if person.name is None}
    return score_timeline(told, truth["people"], unnamed=unnamed)


def read_truth(path: Path) -> Truth:
    """Reads a truth file.

    Raises:
        SourceMissing: there is none.
        SourceUnreadable: it is not in the form described at ``timeline``.
    """
    if not path.is_file():
        raise SourceMissing(f"{path} does not exist")
    try:
        data = json.loads(path.read_text("utf-8"))
        people = {
            str(name): [(float(start), float(end)) for start, end in person["intervals"]]
            for name, person in data["people"].items()
        }
        film = data.get("film")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceUnreadable(
            f"{path} is no truth file: {type(error).__name__}: {error}",
            'It needs {"people": {NAME: {"intervals": [[start, end], …]}}} in seconds.',
        ) from error
    return Truth(film=None if film is None else str(film), people=people)


def film_of(truth_file: Path, named: str | None, media: list[Media]) -> Media:
    """The indexed film that a truth file speaks of.

    Raises:
        NothingIndexed: it is not indexed.
        UsageError: several could be meant.
    """
    folder = truth_file.absolute().parent
    if named is not None:
        wanted = folder / named
        found = [m for m in media if Path(m.path) == wanted] or [
            m for m in media if Path(m.path).name == wanted.name
        ]
    else:
        stem = truth_file.name.removesuffix(ENDING)
        alike = [m for m in media if Path(m.path).stem == stem]
        found = [m for m in alike if Path(m.path).parent == folder] or alike
    if not found:
        raise NothingIndexed(f"the film that {truth_file} speaks of is not in the library")
    if len(found) > 1:
        raise UsageError(
            f"{truth_file} may speak of any of {', '.join(m.path for m in found)}",
            'Name the film in it: "film": "…".',
        )
    return found[0]
