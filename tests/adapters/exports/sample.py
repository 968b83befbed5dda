"""Films for tests of exports: drop-frame and others, people with hostile names, boxes that move."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path as FilePath

import numpy as np

from personae.adapters.exports.film import BoxTrack, FilmExport, OnScreen
from personae.core.numbering import Numbering
from personae.core.records import Interval, KnownBy, Media, Path, Person, Sighting

NTSC = Fraction(30000, 1001)
FILM = Fraction(24000, 1001)
HOSTILE = 'Ann "{\\an8}" <b>Lee</b>, O\\Neil\n\n00:00 --> 99:99 & co;\u202e'
SPANS = {
    # Frames chosen where drop-frame leaves numbers out: after 1 and after 10 minutes
    1: ((0, 31), (1799, 1801), (17981, 17983)),
    2: ((20, 40), (1700, 17982)),
}


def film_at(
    rate: Fraction,
    *,
    spans: dict[int, Sequence[tuple[int, int]]] | None = None,
    timecode: str | None = None,
    base: Fraction | None = None,
    number: int = 1,
) -> FilmExport:
    """A film of ten minutes and two seconds in which 1 and 2 are to be seen at ``spans`` frames."""
    unit = base or 1 / rate
    wanted = SPANS if spans is None else spans
    length = max(18000, *(last for mine in wanted.values() for _, last in mine))
    times = np.array([round(n / rate / unit) for n in range(length + 1)], np.int64)
    numbering = Numbering.of(unit, rate, times[:-1], timecode)
    media = Media(
        id=number,
        sha256="0" * 64,
        path=str(FilePath(f"films/evening & news {number}.mp4").absolute()),
        kind="film",
        width=640,
        height=360,
        base_num=unit.numerator,
        base_den=unit.denominator,
        duration=float(times[-1] * unit),
    )
    people = []
    tracks = []
    for person, mine in wanted.items():
        name = HOSTILE if person == 1 else None
        who = Person(person, name, "named" if name else "auto", "Unknown")
        records = []
        for place, (first, last) in enumerate(mine):
            sighting = 100 * person + place
            span = int(times[first]), int(times[last])
            known: KnownBy = "face"
            records.append(
                Interval(person, number, media.path, float(span[0] * unit), float(span[1] * unit),
                         known, 0.9876, *span, (sighting,))
            )  # fmt: skip
            tracks.append((person, _sighting(records[-1], sighting), _path(times, first, last)))
        people.append(OnScreen(who, who.label, tuple(records)))
    owners = {each.person.id: each for each in people}
    return FilmExport(
        media,
        numbering,
        tuple(people),
        tuple(BoxTrack(one, path, owners[person], 0.9876) for person, one, path in tracks),
    )


def _sighting(one: Interval, number: int) -> Sighting:
    return Sighting(
        number, one.media, "face", one.first, one.last, one.start, one.end, 0.5, person=one.person
    )


def _path(times: np.typing.NDArray[np.int64], first: int, last: int) -> Path:
    """Boxes every fifth frame: two pixels a frame to the right, and back from the middle on."""
    frames = np.arange(first, last, 5)
    turn = (first + last) // 2
    left = 100 + 2.0 * np.where(frames < turn, frames - first, 2 * turn - first - frames) % 400
    boxes = np.stack([left, left * 0 + 90, left + 50, left * 0 + 150], axis=1)
    return Path(times[frames], boxes.astype(np.float32))
