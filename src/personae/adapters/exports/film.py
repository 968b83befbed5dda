"""What every format is written from: one film, who is in it when, and where in the picture."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path as FilePath

from personae.core.numbering import Numbering
from personae.core.records import Interval, Media, Path, Person, Sighting


@dataclass(frozen=True, slots=True)
class OnScreen:
    """One person's appearances in one film.

    Attributes:
        person: who.
        label: what to call them; with the number where two have one name.
        intervals: by time, disjoint.
    """

    person: Person
    label: str
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class BoxTrack:
    """Where one sighting was, and whose it is.

    Attributes:
        sighting: face or body.
        path: boxes over time.
        owner: whose it is, None where nobody knows.
        confidence: probability that it is theirs; 1 for what belongs to nobody.
    """

    sighting: Sighting
    path: Path
    owner: OnScreen | None
    confidence: float


@dataclass(frozen=True, slots=True)
class FilmExport:
    """One film (or photo) with everybody who is to be written.

    Attributes:
        media: the record.
        numbering: its frame numbers.
        people: by first appearance.
        tracks: by time; empty for formats that need no boxes.
        sound: it has sound.
    """

    media: Media
    numbering: Numbering
    people: tuple[OnScreen, ...]
    tracks: tuple[BoxTrack, ...] = ()
    sound: bool = False

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return FilePath(self.media.path).stem

    @property
    def url(self) -> str:
        """Where it lies, as a file URL."""
        return FilePath(self.media.path).as_uri()

    @property
    def frames(self) -> int:
        """How many frames of the timeline it lasts; never less than what is shown of anybody."""
        numbering = self.numbering
        stated = round(Fraction(self.media.duration) / numbering.base)
        ends = [i.last for who in self.people for i in who.intervals]
        return max(numbering.frame(max([stated, *ends])), 1)

    def seconds(self, pts: int) -> float:
        """Seconds from the first frame."""
        return float(pts * self.numbering.base)

    def milliseconds(self, pts: int) -> int:
        """Whole milliseconds, rounded down.

        Down at both ends: a frame shown at the very start lies in the span, the frame shown at
        the exclusive end does not.
        """
        return int(pts * self.numbering.base * 1000)


@dataclass(frozen=True, slots=True)
class Placed:
    """One interval as frames of a timeline.

    Attributes:
        interval: the record.
        first: frame of the film at which it starts, counted from 0.
        length: frames, at least 1.
        at: frame of the timeline at which it is put.
    """

    interval: Interval
    first: int
    length: int
    at: int


def placed(film: FilmExport, who: OnScreen, *, back_to_back: bool) -> list[Placed]:
    """A person's intervals on a timeline: where they are in the film, or one after the other.

    Where the nearest frames of a film of variable rate would overlap by one, the later interval
    gives way.
    """
    found: list[Placed] = []
    end = at = 0
    for one in who.intervals:
        first = max(film.numbering.frame(one.first), end)
        end = max(film.numbering.frame(one.last), first + 1)
        found.append(Placed(one, first, end - first, at if back_to_back else first))
        at += end - first
    return found


@dataclass(frozen=True, slots=True)
class Together:
    """A span of a film during which the same people are on screen. Times in PTS."""

    first: int
    last: int
    people: tuple[OnScreen, ...]


def together(film: FilmExport) -> list[Together]:
    """The film cut wherever somebody comes or goes; spans with nobody are left out."""
    changes: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for place, who in enumerate(film.people):
        for one in who.intervals:
            if one.first < one.last:
                changes[one.first].append((place, True))
                changes[one.last].append((place, False))
    here: set[int] = set()
    found: list[Together] = []
    for first, last in pairwise(sorted(changes)):
        # Those who go before those who come: somebody whose intervals touch stays
        for place, comes in sorted(changes[first], key=lambda change: change[1]):
            (here.add if comes else here.discard)(place)
        people = tuple(film.people[place] for place in sorted(here))
        if not people:
            continue
        if found and found[-1].last == first and found[-1].people == people:
            found[-1] = Together(found[-1].first, last, people)
        else:
            found.append(Together(first, last, people))
    return found
