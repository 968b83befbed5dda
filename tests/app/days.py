"""Films played as cameras at given times of a calendar, as fast as they can be read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from personae.adapters.sources.video import VideoSource
from personae.app.build import build_parts, choose
from personae.app.library import Library
from personae.app.maintaining import Maintained, Maintenance
from personae.app.recording import Recorded, Recorder
from personae.core.arrays import Vectors
from personae.core.frame import Frame, FrameTime
from personae.core.profiles import Profile
from personae.core.track import Shot
from personae.flows.profiles import DAY_MS, ProfileSettings
from personae.flows.recognise import Gallery
from personae.flows.watch import CameraWatch, WatchSettings, face_of

BEGINNING = 1_800_000_000_000
"""The first midnight, milliseconds since 1970."""
FPS = 5.0
BASE = Fraction(1, 1000)


@dataclass
class Days:
    """A library with cameras whose time goes when films are played.

    Attributes:
        library: what is seen is kept in it.
        settings: how its profiles live.
        now: milliseconds since 1970.
        kept: every face that was kept, in order.
    """

    library: Library
    settings: ProfileSettings
    watch: WatchSettings = field(
        default_factory=lambda: WatchSettings(fps=FPS, liveness=False, profile_s=1.5)
    )
    now: int = BEGINNING
    kept: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._parts = build_parts(choose(), self.library.settings.observe, "cpu")
        self._serials = itertools.count(1)

    def play(self, day: float, camera: str, film: Path, seconds: float = 99.0) -> list[Recorded]:
        """Plays a film before a camera; what was made of its faces."""
        self.now = max(self.now, BEGINNING + round(day * DAY_MS))
        observe = self.library.settings.observe
        watch = CameraWatch(self._parts, observe, self.watch, None, lambda: next(self._serials))
        before = len(self.kept)
        gallery = self.gallery()
        recorder = Recorder(self.library.store, self.watch, self.gallery, self.kept.append)
        recorder.start()
        medium = None
        for frame in self._frames(film, seconds):
            if medium is None:
                size = (frame.picture.width, frame.picture.height)
                medium = self.library.store.presence.camera(camera, size, frame.time.pts)
            for piece in watch.feed(frame):
                recorder.keep(camera, medium, piece, self.now)
            watch.learn(self._embed, gallery)
            self.now = frame.time.pts
        for piece in watch.close(self.now):
            assert medium is not None
            recorder.keep(camera, medium, piece, self.now)
        recorder.close()
        return self.kept[before:]

    def maintain(self, day: float) -> Maintained:
        """A look of the maintenance."""
        self.now = max(self.now, BEGINNING + round(day * DAY_MS))
        return Maintenance(self.library, self.settings, lambda: self.now).run_once()

    def profiles(self) -> dict[int, Profile]:
        """The unnamed ones by number."""
        return {one.person: one for one in Maintenance(self.library).profiles()}

    def vectors(self) -> Mapping[int | None, int]:
        """How many face vectors are kept of whom."""
        counts: dict[int | None, int] = {}
        for face in self.library.store.sightings.vectors(self.library.calibration.space):
            counts[face.person] = counts.get(face.person, 0) + 1
        return counts

    def gallery(self) -> Gallery:
        """Whom recognition knows now."""
        store, calibration = self.library.store, self.library.calibration
        return Gallery.of(
            store.sightings.vectors(calibration.space),
            store.people.templates(calibration.space),
            {person.id: person for person in store.people.all()},
            calibration,
        )

    def _frames(self, film: Path, seconds: float) -> Iterator[Frame]:
        start, due = self.now + 1000, 0.0
        with VideoSource(film) as source:
            for frame in source.frames():
                at = frame.time.seconds
                if at >= seconds:
                    return
                if at >= due:
                    due += 1 / FPS
                    moment = start + round(at * 1000)
                    yield Frame(frame.picture, frame.index, FrameTime(moment, BASE, moment))

    def _embed(self, shots: Sequence[Shot]) -> Vectors:
        assert self._parts.embedder is not None
        return self._parts.embedder.embed(np.stack([face_of(shot) for shot in shots]))
