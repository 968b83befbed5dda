"""Films played as cameras at given times of a calendar, as fast as they can be read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from personae.adapters.sources.pictures import ArrayPicture
from personae.adapters.sources.video import VideoSource
from personae.app.build import build_parts, choose
from personae.app.library import Library
from personae.app.maintaining import Maintained, Maintenance
from personae.app.recording import Recorded, Recorder
from personae.core.arrays import Crop, Vectors
from personae.core.frame import Frame, FrameTime, Picture
from personae.core.profiles import Profile
from personae.core.track import Shot
from personae.flows.living_gallery import LivingGallery
from personae.flows.portraits import MARGIN
from personae.flows.profiles import DAY_MS, ProfileSettings
from personae.flows.recognise import Gallery
from personae.flows.watch import CameraWatch, WatchSettings

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
        told: is told of each, at once.
    """

    library: Library
    settings: ProfileSettings
    watch: WatchSettings = field(
        default_factory=lambda: WatchSettings(fps=FPS, liveness=False, profile_s=1.5)
    )
    now: int = BEGINNING
    kept: list[Recorded] = field(default_factory=list)
    told: Callable[[Recorded], None] = lambda kept: None

    def __post_init__(self) -> None:
        self._parts = build_parts(choose(), self.library.settings.observe, "cpu")
        self._serials = itertools.count(1)

    def play(
        self, day: float, camera: str, film: Path, seconds: float = 99.0, blur: float = 0.0
    ) -> list[Recorded]:
        """Plays a film before a camera, perhaps a blurred one; what was made of its faces."""
        self.now = max(self.now, BEGINNING + round(day * DAY_MS))
        observe = self.library.settings.observe
        watch = CameraWatch(self._parts, observe, self.watch, None, lambda: next(self._serials))
        before = len(self.kept)
        gallery = self.gallery()
        store = self.library.store
        known = LivingGallery(store.people, store.sightings, self.library.calibration)
        recorder = Recorder(store, self.watch, known, self._keep)
        recorder.start()
        medium = None
        for frame in self._frames(film, seconds, blur):
            if medium is None:
                size = (frame.picture.width, frame.picture.height)
                medium = self.library.store.presence.camera(camera, size, frame.time.pts)
            for piece in watch.feed(frame):
                recorder.keep(camera, medium, piece, self.now)
            views = watch.new_views()
            watch.learn(views, self._embed([view.shot for view in views]), gallery)
            self.now = frame.time.pts
        for piece in watch.close():
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

    def sharpness(self, person: int) -> float:
        """Of a profile's best view."""
        return self.library.store.profiles.quality([person])[person]["sharpness"]

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

    def _keep(self, kept: Recorded) -> None:
        self.kept.append(kept)
        self.told(kept)

    def _frames(self, film: Path, seconds: float, blur: float) -> Iterator[Frame]:
        start, due = self.now + 1000, 0.0
        with VideoSource(film) as source:
            for frame in source.frames():
                at = frame.time.seconds
                if at >= seconds:
                    return
                if at >= due:
                    due += 1 / FPS
                    moment = start + round(at * 1000)
                    shown = _blurred(frame.picture, blur) if blur else frame.picture
                    yield Frame(shown, frame.index, FrameTime(moment, BASE, moment))

    def _embed(self, shots: Sequence[Shot]) -> Vectors:
        assert self._parts.embedder is not None
        if not shots:
            return np.zeros((0, self.library.calibration.space.size), np.float32)
        return self._parts.embedder.embed(np.stack([_face(shot) for shot in shots]))


def _blurred(picture: Picture, sigma: float) -> ArrayPicture:
    return ArrayPicture(np.asarray(cv2.GaussianBlur(picture.rgb(), (0, 0), sigma), np.uint8))


def _face(shot: Shot) -> Crop:
    """The aligned face without its margin."""
    assert shot.crop is not None
    return shot.crop[MARGIN:-MARGIN, MARGIN:-MARGIN]
