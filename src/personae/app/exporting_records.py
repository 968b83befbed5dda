"""Gathers what an export is written from: films, who is in them when, boxes and frame numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from personae.adapters.exports.film import BoxTrack, FilmExport, OnScreen
from personae.adapters.stores.library import SqliteStore
from personae.core.errors import NothingIndexed, SourceError, UnknownOption
from personae.core.numbering import Numbering
from personae.core.records import Interval, Media, Person, Sighting
from personae.flows.appearances import BODY_SURE

Told = Callable[[int, int], None]
"""Told how many of how many films are done."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a format is written from.

    Attributes:
        photos: photos as well as films.
        boxes: where everybody is.
        frames: frame numbers, for which the film's packets are read.
        strangers: tracks that belong to nobody, where nobody was asked for by name.
    """

    photos: bool = False
    boxes: bool = False
    frames: bool = False
    strangers: bool = False


@dataclass(frozen=True, slots=True)
class Who:
    """Whom an export is about.

    Attributes:
        people: everybody, by number.
        chosen: numbers of those who are written.
        asked: they were asked for one by one; otherwise it is everybody who is not hidden.
    """

    people: Mapping[int, Person]
    chosen: frozenset[int]
    asked: bool


def one_medium(media: Sequence[Media], wanted: str | int) -> list[Media]:
    """The medium with this number, path or file name.

    Raises:
        NothingIndexed: there is none.
        UnknownOption: several have this name.
    """
    text = str(wanted)
    whole = str(Path(text).expanduser().absolute())
    named = [m for m in media if text in (Path(m.path).name, Path(m.path).stem)]
    found = [m for m in media if m.path == whole] or named
    if not found and text.isdecimal():
        found = [m for m in media if m.id == int(text)]
    if not found:
        raise NothingIndexed(
            f"no medium in question is {text!r}", "`personae media` lists them with their numbers."
        )
    if len(found) > 1:
        numbers = ", ".join(str(m.id) for m in found)
        raise UnknownOption(
            f"{len(found)} media are called {text!r}: {numbers}", "Use the number of one of them."
        )
    return found


def gathered(
    store: SqliteStore,
    media: Sequence[Media],
    intervals: Iterable[Interval],
    who: Who,
    needs: Needs,
) -> Iterator[FilmExport]:
    """Media by path with those people who are in them; media with nothing to write too."""
    here: dict[int, dict[int, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for one in intervals:
        if one.person in who.chosen:
            here[one.media][one.person].append(one)
    labels = _labels(who, here.values())
    for medium in media:
        if medium.kind == "photo" and not needs.photos:
            continue
        people = tuple(
            OnScreen(who.people[person], labels[person], tuple(sorted(mine, key=_by_time)))
            for person, mine in here[medium.id].items()
        )
        people = tuple(sorted(people, key=lambda each: _by_time(each.intervals[0])))
        tracks = _tracks(store, medium, people, (who, needs)) if needs.boxes else ()
        worth = bool(people or tracks)
        numbering, sound = _numbered(medium, look=needs.frames and worth)
        yield FilmExport(medium, numbering, people, tracks, sound)


def _by_time(one: Interval) -> tuple[int, int, int]:
    return one.first, one.last, one.person


def _labels(who: Who, films: Iterable[Mapping[int, object]]) -> dict[int, str]:
    """What to call each; with the number where two have one name."""
    seen = {person for film in films for person in film}
    names = Counter(who.people[person].label for person in seen)
    return {
        person: f"{label} ({person})" if names[label] > 1 else label
        for person, label in ((person, who.people[person].label) for person in seen)
    }


def _numbered(medium: Media, *, look: bool) -> tuple[Numbering, bool]:
    from personae.adapters.sources.frame_times import frame_times

    base = Fraction(medium.base_num, medium.base_den)
    if look and medium.kind == "film":
        try:
            read = frame_times(Path(medium.path))
        except SourceError:
            # Gone or damaged since it was indexed: its times are kept, its rate as it was stated
            return Numbering.of(base, medium.fps), False
        if read.base == base:
            stated = read.rate or medium.fps
            return Numbering.of(base, stated, read.times, read.timecode), read.sound
    return Numbering.of(base, medium.fps), False


def _tracks(
    store: SqliteStore, medium: Media, people: Sequence[OnScreen], how: tuple[Who, Needs]
) -> tuple[BoxTrack, ...]:
    who, needs = how
    by_number = {each.person.id: each for each in people}
    sure = {s: i.confidence for each in people for i in each.intervals for s in i.sightings}
    sightings = store.sightings.all(media_ids=[medium.id])
    owners = _owners(sightings)
    strangers = needs.strangers and not who.asked
    found = []
    for one in sightings:
        number = owners.get(one.id)
        owner = None if number is None else by_number.get(number)
        if owner is None and not (strangers and number is None):
            continue
        path = store.sightings.path(one.id)
        if path is None or not len(path.times):
            continue
        confidence = sure.get(one.id, 1.0)
        if owner is not None and one.kind == "body":
            faces = [sure[s.id] for s in sightings if s.body == one.id and s.id in sure]
            confidence = min([max(faces, default=BODY_SURE), BODY_SURE])
        found.append(BoxTrack(one, path, owner, confidence))
    return tuple(found)


def _owners(sightings: Sequence[Sighting]) -> dict[int, int]:
    """Whose each sighting is; a body is theirs whose face alone sits on it."""
    owners = {s.id: s.person for s in sightings if s.person is not None}
    riders: dict[int, set[int]] = defaultdict(set)
    for one in sightings:
        if one.body is not None and one.person is not None:
            riders[one.body].add(one.person)
    for body, people in riders.items():
        if len(people) == 1:
            owners[body] = next(iter(people))
    return owners
