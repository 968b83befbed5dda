"""Every appearance of one person in one film: it plays, its lengths are right, it shows them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import av

import personae
from personae.adapters.clips import Part, Supercut
from personae.core.records import Media
from tests.accept.benchmarked import measured
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_least, at_most, beside, exactly

HAMILTON = "data/videos/face_recognition__short_hamilton_clip.mp4"
CLOSE = 2.72, 7.04
"""Seconds of Miranda's close shot."""


def proof(room: Room) -> list[Row]:
    """Two people: the one with most clips of five in one room, and the singer of a broadcast."""
    with room.shared("data/videos/asl_people.csv").open(encoding="utf-8") as lines:
        clips = sorted(row["video"] for row in csv.DictReader(lines))
    films = [room.shared(f"data/videos/{clip}") for clip in clips] + [room.shared(HAMILTON)]
    rows: list[Row] = []
    with opened(room.folder / "library", films) as lib:
        chosen = {"signer": _signer(lib, films[-1]), "singer": _singer(lib, films[-1])}
        made = {
            who: lib.cutting.supercut(number, room.folder / f"{who}.mp4")
            for who, number in chosen.items()
        }
        for who, number in chosen.items():
            rows += _lengths(lib, who, number, made[who])
        failed = lib.index([one.path for one in made.values()]).failed
        rows.append(exactly("supercuts that could not be indexed", len(failed), 0))
        for who, number in chosen.items():
            wrong = _others(lib, number, made[who])
            rows.append(exactly(f"pieces of the {who} whose main face is another's", wrong, 0))
    return rows + _copying(room.folder)


def _lengths(lib: personae.Library, who: str, number: int, made: Supercut) -> list[Row]:
    """Plays to the end, with every appearance, each as long as it is."""
    with av.open(str(made.path)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        rate = float(picture.average_rate or 0)
        frames = sum(1 for _ in container.decode(picture))
        heard = float((sound.duration or 0) * (sound.time_base or 0))
    wanted = sorted((i.path, i.start, i.end) for i in lib.appearances(number) if i.end > i.start)
    told = sorted((str(p.piece.path), p.piece.start, p.piece.end) for p in made.parts)
    errors = [abs((p.end - p.start) - (p.piece.end - p.piece.start)) * rate for p in made.parts]
    total = sum(end - start for _, start, end in wanted)
    return [
        at_least(f"pieces of the {who}", len(made.parts), 2 if who == "signer" else 1),
        exactly("appearances that are not in it, or not whole", len({*wanted} ^ {*told}), 0),
        at_most("largest error of a piece's length, frames", max(errors), 1.0),
        at_most("error of the whole, frames a piece", abs(frames - total * rate) / len(errors), 1),
        at_most("picture and sound differ by, frames", abs(heard * rate - frames), 1.0),
        beside("seconds", made.seconds),
    ]


def _copying(folder: Path) -> list[Row]:
    found = measured("clip_copy.py", folder)
    return [
        at_least("times that copying a clip is faster than encoding it", found["times_faster"], 10),
        exactly("the same frames", str(found["same_frames"] and found["copied"]), "True"),
    ]


def _signer(lib: personae.Library, other: Path) -> int:
    """Who is in most films, none of them the broadcast."""
    films: dict[int, set[str]] = {}
    for one in lib.appearances():
        if one.path != str(other):
            films.setdefault(one.person, set()).add(one.path)
    return max(films, key=lambda who: len(films[who]))


def _singer(lib: personae.Library, film: Path) -> int:
    """Whose face is largest in the close shot."""
    medium = next(m for m in lib.media() if m.path == str(film))
    return _faces(lib, medium, *CLOSE).most_common(1)[0][0]


def _others(lib: personae.Library, number: int, made: Supercut) -> int:
    """Pieces in which our own index sees somebody else's face most."""
    medium = next(m for m in lib.media() if m.path == str(made.path))
    mains = [_main(lib, medium, part) for part in made.parts]
    return sum(main != number for main in mains)


def _main(lib: personae.Library, medium: Media, part: Part) -> int:
    ranked: Sequence[tuple[int, int]] = _faces(lib, medium, part.start, part.end).most_common(1)
    return ranked[0][0] if ranked else -1


def _faces(lib: personae.Library, medium: Media, start: float, end: float) -> Counter[int]:
    """Pixels of every person's face, added up over a stretch of a film."""
    seen: Counter[int] = Counter()
    for one in lib.store.sightings.all(media_ids=[medium.id]):
        path = lib.store.sightings.path(one.id) if one.kind == "face" else None
        if path is None:
            continue
        for time, box in zip(path.times, path.boxes, strict=True):
            if start <= medium.seconds(int(time)) < end:
                seen[-1 if one.person is None else one.person] += int(
                    (box[2] - box[0]) * (box[3] - box[1])
                )
    return seen
