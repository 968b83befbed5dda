"""Photos before a watched camera: held, moved, bent; none may live or be made a profile."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

import personae
from personae.adapters.demo.cast import picture
from personae.adapters.models.yunet import YuNet
from personae.app.build import choose, session
from personae.core.arrays import RgbImage
from personae.flows.watch import WatchSettings
from tests.accept.proof import Room, Row, at_least, beside, exactly
from tests.app.watched import Said, watched
from tests.media.prints import MOVES, close_up, film, fitted, held, read, written

SECONDS = 14.0
TOLD_S = 10.0
AT_ONCE = 6
"""Cameras of one watch."""
EACH = 0.25
"""Seconds of one photo where photos of one print follow one another: how far apart they were taken
is not known, a hand that moves is seen about so often."""
FAST = 8.0
"""Looks a second, as many as the judge takes: more blinks are seen, false ones too."""
PORTRAITS = ("collins", "obama")
RECORDED_FPS = 20
HEADS = ("SadTalker__WDA_KatieHill_000.mp4", "LivePortrait__d3.mp4")
"""Films of heads that turn and blink: that a film on a screen passes is a known gap."""


def proof(room: Room) -> list[Row]:
    """Prints and portraits first, then what really lived."""
    prints = sorted(room.shared("data/nuaa/ImposterRaw").iterdir())
    people = sorted(room.shared("data/nuaa/ClientRaw").iterdir())
    turns = _played(room, "turns", {p.name: _in_turn(room, "print", p) for p in prints})
    fast = {p.name: _in_turn(room, "print", p) for p in prints}
    rows = _never("prints, ten pictures in turn", turns)
    rows += _never("the same, looked at 8 times a second", _played(room, "fast", fast, FAST))
    rows += _never("prints, moved and bent", _played(room, "moved", _moved_prints(room, prints)))
    rows += _never("portraits", _played(room, "portraits", _portraits(room)))
    clients = {p.name: _in_turn(room, "client", p) for p in people}
    lived = _played(room, "clients", {**clients, "recording": _recording(room)})
    heads = _played(room, "heads", {name: room.shared(f"data/videos/{name}") for name in HEADS})
    return [
        *rows,
        beside("living faces, ten pictures in turn: called live", _live(lived)),
        beside("living faces: profiles", _profiles(lived)),
        at_least("films of heads that turn: called live", len(_living(heads)), 1),
        at_least("films of heads that turn: profiles", len(_made(heads)), 1),
    ]


def _never(kind: str, said: Mapping[str, Said]) -> list[Row]:
    suspected = sum("spoof suspected" in one.live for one in said.values())
    return [
        exactly(f"{kind}: called live", ", ".join(_living(said)) or "none", "none"),
        exactly(f"{kind}: profiles", len(_made(said)), 0),
        at_least(f"{kind}: least s of a face", min(one.face_s for one in said.values()), TOLD_S),
        beside(f"{kind}: least looks a second", min(one.rate for one in said.values())),
        beside(f"{kind}: suspected at some time", f"{suspected} of {len(said)}"),
    ]


def _living(said: Mapping[str, Said]) -> list[str]:
    return sorted(name for name, one in said.items() if "live" in one.live)


def _made(said: Mapping[str, Said]) -> set[int]:
    return set().union(*(one.profiles for one in said.values()))


def _live(said: Mapping[str, Said]) -> str:
    return f"{len(_living(said))} of {len(said)}"


def _profiles(said: Mapping[str, Said]) -> str:
    return f"{sum(bool(one.profiles) for one in said.values())} of {len(said)}"


def _played(
    room: Room, kind: str, films: Mapping[str, Path], fps: float | None = None
) -> dict[str, Said]:
    settings = WatchSettings() if fps is None else WatchSettings(fps=fps)
    said: dict[str, Said] = {}
    names = sorted(films)
    for start in range(0, len(names), AT_ONCE):
        part = {name: films[name] for name in names[start : start + AT_ONCE]}
        said |= watched(part, room.folder / f"{kind}{start}", settings)
    return said


def _in_turn(room: Room, kind: str, folder: Path) -> Path:
    target = room.folder / f"{kind}-{folder.name}.mp4"
    if not target.exists():
        photos = [read(path) for path in sorted(folder.glob("*.jpg"))]
        film(target, photos, held, SECONDS, EACH)
    return target


def _moved_prints(room: Room, prints: list[Path]) -> dict[str, Path]:
    """One picture of each print, near, moved in two ways; all ways are taken in turn."""
    ways = itertools.cycle(MOVES.values())
    films = {}
    for person, photo in _near(prints):
        for way in itertools.islice(ways, 2):
            name = f"{person}-{way.__name__}"
            films[name] = film(room.folder / f"{name}.mp4", [photo], way, SECONDS, SECONDS)
    return films


def _near(prints: list[Path]) -> Iterator[tuple[str, RgbImage]]:
    detector = YuNet(session(choose(personae.Settings().face_model).faces, "cpu"))
    for folder in prints:
        photo = read(min(folder.glob("*.jpg")))
        boxes = detector.detect([photo])[0].boxes
        largest = boxes[int(np.argmax((boxes[:, 2:] - boxes[:, :2]).prod(1)))]
        yield folder.name, close_up(photo, largest)


def _portraits(room: Room) -> dict[str, Path]:
    films = {}
    for name in PORTRAITS:
        photo = fitted(picture(name))
        for way in MOVES.values():
            target = room.folder / f"{name}-{way.__name__}.mp4"
            films[target.stem] = film(target, [photo], way, SECONDS, SECONDS)
    return films


def _recording(room: Room) -> Path:
    """Six seconds of somebody, every frame; there and back, twice as long."""
    folder = room.shared("data/nuaa/sequence_0006_00_06_03")
    photos = sorted(folder.glob("*.jpg"), key=lambda photo: int(photo.stem.split("_")[-1]))
    shown = (read(photo) for photo in (*photos, *reversed(photos)))
    return written(room.folder / "recording.mp4", shown, RECORDED_FPS)
