"""Films played as cameras in real time before a whole watch, liveness on: what it said of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import personae
from personae.adapters.sources.camera import CameraOptions
from personae.app.cameras import CameraConfig
from personae.app.living import judges
from personae.app.watching import Watching, WatchOptions
from personae.core.live import LiveStatus
from personae.flows.watch import WatchSettings

LONGEST_S = 120.0


@dataclass(slots=True)
class Said:
    """Of one camera.

    Attributes:
        live: everything that was said of anybody's being alive.
        reasons: why it was said that somebody lives.
        face_s: seconds with a face before it.
        rates: looks a second, at each status with a face.
        kept: faces that were kept, each a time before the camera.
        profiles: people that were made of them.
    """

    live: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    face_s: float = 0.0
    rates: list[float] = field(default_factory=list)
    kept: int = 0
    profiles: set[int] = field(default_factory=set)

    @property
    def rate(self) -> float:
        """Looks a second, the median; 0 if no face was ever told."""
        return statistics.median(self.rates) if self.rates else 0.0


def watched(
    films: Mapping[str, Path], folder: Path, settings: WatchSettings | None = None
) -> dict[str, Said]:
    """Plays films once, all at the same time, each before a camera of its name."""
    said = {name: Said() for name in films}

    def note(status: LiveStatus) -> None:
        for stream in status.streams:
            if stream.persons:
                said[stream.name].rates.append(stream.analysed_fps)
            for person in stream.persons:
                said[stream.name].live.add(person.live)
                if person.live == "live":
                    said[stream.name].reasons.update(person.reasons)

    cameras = [CameraConfig(name, str(film), CameraOptions()) for name, film in films.items()]
    options = WatchOptions(pictures=False, judge=judges(), observe=note)
    with personae.Library(personae.Settings(library=folder)) as library:
        with Watching(library, cameras, settings or WatchSettings(), options) as watch:
            until = time.monotonic() + LONGEST_S
            while not watch.over and time.monotonic() < until:
                time.sleep(0.1)
            assert watch.over
        _count(library, said)
    return said


def _count(library: personae.Library, said: Mapping[str, Said]) -> None:
    names = {medium.id: medium.path.removeprefix("camera:") for medium in library.media()}
    for one in library.store.sightings.all():
        here = said[names[one.media]]
        if one.kind == "face":
            here.kept += 1
            here.face_s += one.end - one.start
        if one.person is not None:
            here.profiles.add(one.person)
    owned = set().union(*(one.profiles for one in said.values()))
    assert owned == {person.id for person in library.people()}
