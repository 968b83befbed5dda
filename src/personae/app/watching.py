"""``personae watch``: many cameras, one set of networks, one status; each thread does one thing."""

from __future__ import annotations

import gc
import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from personae.adapters.render.live import live_picture
from personae.adapters.sources.camera import Camera, PacketTap
from personae.app.build import build_parts, choose
from personae.app.cameras import CameraConfig
from personae.app.happenings import Happenings
from personae.app.library import Library
from personae.app.maintaining import Maintainer, Maintenance
from personae.app.recording import Recorder
from personae.app.status_file import History, StatusFile, write_whole
from personae.app.watch_lock import WatchLock
from personae.app.watched_stream import WatchedStream
from personae.core.arrays import Vectors
from personae.core.errors import PersonaeError, WatchBroken
from personae.core.frame import Frame
from personae.core.live import LivePerson, LiveStatus
from personae.core.track import Shot
from personae.flows.live_views import face_of
from personae.flows.living_gallery import LivingGallery
from personae.flows.watch import CameraWatch, LivenessJudge, Piece, WatchSettings

log = logging.getLogger(__name__)

PICTURES = "live"
"""Folder below the library's where each camera's newest picture lies, as NAME.jpg."""
FOLLOW_S = 0.5
"""How often changes of people are looked for; recognition knows them within a second."""
STATUS_S = 0.5
"""The status is written at each change, and this often besides."""
PICTURE_S = 0.2
GLANCE_S = 0.11
"""Least time between two looks at somebody's eyes: liveness reads eight a second at most."""
WAIT_S = 0.01

Clock = Callable[[], int]


class Onlooker(Protocol):
    """Is told of each look, in the thread that looks; must return at once."""

    def seen(self, camera: str, frame: Frame, persons: tuple[LivePerson, ...]) -> None:
        """Who is there."""
        ...

    def close(self) -> None:
        """The watch has ended."""
        ...


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What a watch shall do besides.

    Attributes:
        pictures: write each camera's newest picture with what is known drawn on it.
        judge: makes what tells living faces; None does not judge.
        observe: is given each status as it is written, and at last that of the ended watch; it
            must return at once.
        onlookers: are told of each look.
        tap: what is given the packets of the camera of a name.
        lock: of the library, where it is held already; it is let go when the watch ends.
    """

    pictures: bool = True
    judge: Callable[[], LivenessJudge] | None = None
    observe: Callable[[LiveStatus], None] | None = None
    onlookers: tuple[Onlooker, ...] = ()
    tap: Callable[[str], PacketTap | None] = lambda _: None
    lock: WatchLock | None = None


class Watching:
    """A watch over some cameras, from `start` to `close`.

    Args:
        library: whom to recognise; what is seen is kept in it.
        cameras: to watch.
        settings: of the watch.
        options: what to do besides.
        clock: milliseconds since 1970.

    Raises:
        LibraryBusy: the library is watched already.
    """

    def __init__(
        self,
        library: Library,
        cameras: Sequence[CameraConfig],
        settings: WatchSettings,
        options: WatchOptions | None = None,
        clock: Clock = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._library = library
        self._settings = settings
        self._options = options or WatchOptions()
        self._clock = clock
        self._parts = build_parts(
            choose(library.settings.face_model), library.settings.observe, library.settings.provider
        )
        serials = itertools.count(1)
        self._streams = [
            WatchedStream(
                config,
                Camera(config.address, config.options, clock, self._options.tap(config.name)),
                CameraWatch(
                    self._parts,
                    library.settings.observe,
                    settings,
                    self._options.judge() if self._options.judge else None,
                    lambda: next(serials),
                ),
            )
            for config in cameras
        ]
        self._stop = threading.Event()
        # One for each thread that follows people
        self._living, known = self._new_gallery(), self._new_gallery()
        self._gallery = self._living.now()
        self._status_file = StatusFile(library.folder)
        self._happenings = Happenings(History(library.folder), clock)
        self._recorder = Recorder(library.store, settings, known, self._happenings.kept)
        self._maintainer = Maintainer(
            Maintenance(library, clock=clock), self._happenings.maintained
        )
        self._few: threadpool_limits | None = None
        self._started = clock()
        self._written = 0.0
        self._threads = [
            threading.Thread(target=self._look, name="watch", daemon=True),
            threading.Thread(target=self._follow_people, name="people", daemon=True),
        ]
        # Last, so that a watch that cannot be made holds nothing
        self._lock = self._options.lock or WatchLock(library.folder)

    def start(self) -> None:
        """Begins to watch."""
        (self._library.folder / PICTURES).mkdir(exist_ok=True)
        # By itself OpenBLAS keeps threads for products of a few rows, and for every two that happen
        # at once 67 MB that it never gives back
        self._few = threadpool_limits(1, "blas")
        self._recorder.start()
        self._maintainer.start()
        # What is loaded by now stays: the collector of circles need not walk through it all again
        gc.freeze()
        for stream in self._streams:
            stream.camera.start()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends the watch; what was seen is kept."""
        broken = self._broken
        self._stop.set()
        for stream in self._streams:
            stream.camera.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        now = self._clock()
        for stream in self._streams:
            self._happenings.people(stream, ())
            self._hand_on(stream, stream.watch.close(), now)
        self._recorder.close()
        self._maintainer.close()
        self._publish(self.status(running=False))
        for onlooker in self._options.onlookers:
            onlooker.close()
        self._lock.close()
        if self._few is not None:
            self._few.restore_original_limits()
        if broken:
            raise WatchBroken("the watch fell over; what was seen until then is kept")

    def __enter__(self) -> Watching:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    @property
    def over(self) -> bool:
        """Whether every camera was a file that ended, or the watch cannot go on."""
        return self._broken or all(
            stream.camera.state().state == "ended" for stream in self._streams
        )

    @property
    def _broken(self) -> bool:
        """Whether a thread fell over a fault of ours, which it has printed."""
        begun = [thread for thread in self._threads if thread.ident is not None]
        return any(not thread.is_alive() for thread in begun)

    def status(self, *, running: bool = True) -> LiveStatus:
        """What is known now."""
        now = time.monotonic()
        return LiveStatus(
            timestamp=self._clock(),
            started=self._started,
            running=running,
            streams=tuple(stream.told(now) for stream in self._streams),
        )

    def _look(self) -> None:
        """The only thread that runs networks: always those that waited longest, together."""
        while not self._stop.is_set():
            looked = self._look_at_all() or self._glance()
            changed = [stream for stream in self._streams if self._happenings.camera(stream)]
            for stream in changed:
                if stream.dark:
                    self._put_away(stream)
            if changed or time.monotonic() - self._written >= STATUS_S:
                self._written = time.monotonic()
                self._publish(self.status())
            if not looked:
                self._stop.wait(WAIT_S)

    def _put_away(self, stream: WatchedStream) -> None:
        """What was seen before the camera went is kept now."""
        try:
            self._hand_on(stream, stream.watch.gone_dark(), self._clock())
        except (PersonaeError, OSError) as error:
            self._happenings.trouble(stream, str(error))

    def _publish(self, status: LiveStatus) -> None:
        try:
            self._status_file.write(status)
        except OSError as error:
            log.warning("the status cannot be written: %s", error)
        if self._options.observe is not None:
            self._options.observe(status)

    def _look_at_all(self) -> bool:
        """One look at each camera that is due, faces of all embedded at once."""
        pause, now = 1 / self._settings.fps, time.monotonic()
        looked: list[tuple[WatchedStream, Frame]] = []
        for stream in sorted(self._streams, key=lambda one: one.looked):
            if now - stream.looked >= pause and (frame := stream.camera.take()) is not None:
                stream.looked = now
                if self._feed(stream, frame):
                    looked.append((stream, frame))
        if looked:
            self._learn([stream for stream, _ in looked])
        for stream, frame in looked:
            self._tell(stream, frame)
        return bool(looked)

    def _feed(self, stream: WatchedStream, frame: Frame) -> bool:
        """Faces and bodies of one frame; False where that failed."""
        try:
            if stream.medium is None:
                size = (frame.picture.width, frame.picture.height)
                stream.medium = self._library.store.presence.camera(
                    stream.config.name, size, frame.time.pts
                )
            self._hand_on(stream, stream.watch.feed(frame), frame.time.pts)
        except (PersonaeError, OSError) as error:
            self._happenings.trouble(stream, str(error))
            return False
        self._happenings.trouble(stream, "")
        return True

    def _learn(self, streams: Sequence[WatchedStream]) -> None:
        views = [stream.watch.new_views() for stream in streams]
        shots = [view.shot for found in views for view in found]
        vectors = self._embed(shots)
        begin = 0
        for stream, found in zip(streams, views, strict=True):
            stream.watch.learn(found, vectors[begin : begin + len(found)], self._gallery)
            begin += len(found)

    def _embed(self, shots: Sequence[Shot]) -> Vectors:
        embedder = self._parts.embedder
        if embedder is None or not shots:
            return np.zeros((len(shots), 0), np.float32)
        return embedder.embed(np.stack([face_of(shot) for shot in shots]))

    def _tell(self, stream: WatchedStream, frame: Frame) -> None:
        persons = stream.look_back()
        stream.looks.append(time.monotonic())
        stream.waits.append(self._clock() - (frame.time.wall or frame.time.pts))
        if self._happenings.people(stream, persons):
            self._written = 0.0
        for onlooker in self._options.onlookers:
            onlooker.seen(stream.config.name, frame, persons)
        if self._options.pictures and stream.looked - stream.pictured >= PICTURE_S:
            stream.pictured = stream.looked
            self._picture(stream, frame, persons)

    def _picture(
        self, stream: WatchedStream, frame: Frame, persons: tuple[LivePerson, ...]
    ) -> None:
        data = live_picture(frame.picture.rgb(), persons)
        try:
            write_whole(self._library.folder / PICTURES / f"{stream.config.name}.jpg", data)
        except OSError as error:
            log.warning("the picture of %s cannot be written: %s", stream.config.name, error)

    def _glance(self) -> bool:
        """Between looks, only at the eyes of somebody who has not been seen to be alive."""
        now = time.monotonic()
        for stream in sorted(self._streams, key=lambda one: one.glanced):
            rested = now - max(stream.glanced, stream.looked) >= GLANCE_S
            if rested and stream.watch.wants_glance:
                frame = stream.camera.take()
                if frame is not None:
                    stream.glanced = now
                    self._glance_at(stream, frame)
                    return True
        return False

    def _glance_at(self, stream: WatchedStream, frame: Frame) -> None:
        try:
            stream.watch.glance(frame)
        except (PersonaeError, OSError) as error:
            self._happenings.trouble(stream, str(error))

    def _hand_on(self, stream: WatchedStream, pieces: Sequence[Piece], until: int) -> None:
        for piece in pieces:
            if stream.medium is not None:
                self._recorder.keep(stream.config.name, stream.medium, piece, until)

    def _follow_people(self) -> None:
        """Reads the gallery again whenever people or their faces changed."""
        while not self._stop.wait(FOLLOW_S):
            try:
                self._gallery = self._living.now()
            except PersonaeError as error:
                log.warning("people are as they were: %s", error)

    def _new_gallery(self) -> LivingGallery:
        store = self._library.store
        return LivingGallery(store.people, store.sightings, self._library.calibration)


def watch_settings(liveness: bool, fps: float | None, fmr: float | None) -> WatchSettings:
    """The settings of a watch with what was asked for."""
    made = replace(WatchSettings(), liveness=liveness)
    made = made if fps is None else replace(made, fps=fps)
    return made if fmr is None else replace(made, fmr=fmr)


def pictures_of(folder: Path) -> Path:
    """Where the newest pictures of a library's cameras lie."""
    return folder / PICTURES
