"""``personae watch``: many cameras, one set of networks, one status; each thread does one thing."""

from __future__ import annotations

import itertools
import logging
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from personae.adapters.render.live import live_picture
from personae.adapters.sources.camera import Camera
from personae.app.build import build_parts, choose
from personae.app.cameras import CameraConfig
from personae.app.library import Library
from personae.app.maintaining import Maintained, Maintainer, Maintenance
from personae.app.recording import Recorded, Recorder
from personae.app.status_file import History, StatusFile, write_whole
from personae.core.arrays import Vectors
from personae.core.frame import Frame
from personae.core.live import LivePerson, LiveStatus, LiveStream, LiveType
from personae.core.records import Media
from personae.core.track import Shot
from personae.flows.recognise import Gallery
from personae.flows.watch import CameraWatch, LivenessJudge, Piece, WatchSettings, called, face_of

log = logging.getLogger(__name__)

PICTURES = "live"
"""Folder below the library's where each camera's newest picture lies, as NAME.jpg."""
FOLLOW_S = 0.5
"""How often changes of people are looked for; recognition knows them within a second."""
STATUS_S = 0.5
"""The status is written at each change, and this often besides."""
PICTURE_S = 0.2
WAIT_S = 0.01

Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What a watch shall do besides.

    Attributes:
        pictures: write each camera's newest picture with what is known drawn on it.
        judge: makes what tells living faces; None does not judge.
        observe: is given each status as it is written, and at last that of the ended watch; it
            must return at once.
    """

    pictures: bool = True
    judge: Callable[[], LivenessJudge] | None = None
    observe: Callable[[LiveStatus], None] | None = None


@dataclass(slots=True)
class _Stream:
    """One camera with what is made of it."""

    config: CameraConfig
    camera: Camera
    watch: CameraWatch
    medium: Media | None = None
    looked: float = 0.0
    looks: deque[float] = field(default_factory=lambda: deque(maxlen=50))
    waits: deque[float] = field(default_factory=lambda: deque(maxlen=50))
    pictured: float = 0.0
    known: dict[int, tuple[LiveType, int | None]] = field(default_factory=dict)
    dark: bool = False

    def rate(self, now: float) -> float:
        """Looks a second of late."""
        late = [at for at in self.looks if now - at < 5.0]
        if len(late) < 2:
            return 0.0
        return round((len(late) - 1) / max(late[-1] - late[0], 1e-3), 2)


class Watching:
    """A watch over some cameras, from `start` to `close`.

    Args:
        library: whom to recognise; what is seen is kept in it.
        cameras: to watch.
        settings: of the watch.
        options: what to do besides.
        clock: milliseconds since 1970.
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
            _Stream(
                config,
                Camera(config.address, config.options, clock),
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
        self._gallery = self._read_gallery()
        self._seen: tuple[int, tuple[object, ...]] = (-1, ())
        self._status_file = StatusFile(library.folder)
        self.history = History(library.folder)
        self._recorder = Recorder(library.store, settings, self._read_gallery, self._kept)
        self._maintainer = Maintainer(Maintenance(library, clock=clock), self._maintained)
        self._started = clock()
        self._written = 0.0
        self._threads = [
            threading.Thread(target=self._look, name="watch", daemon=True),
            threading.Thread(target=self._follow_people, name="people", daemon=True),
        ]

    def start(self) -> None:
        """Begins to watch."""
        (self._library.folder / PICTURES).mkdir(exist_ok=True)
        self._recorder.start()
        self._maintainer.start()
        for stream in self._streams:
            stream.camera.start()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends the watch; what was seen is kept."""
        self._stop.set()
        for stream in self._streams:
            stream.camera.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        now = self._clock()
        for stream in self._streams:
            self._tell_left(stream, stream.known)
            stream.known = {}
            self._hand_on(stream, stream.watch.close(now), now)
        self._recorder.close()
        self._maintainer.close()
        self._publish(self.status(running=False))

    def __enter__(self) -> Watching:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    @property
    def over(self) -> bool:
        """Whether every camera was a file that ended."""
        return all(stream.camera.state().state == "ended" for stream in self._streams)

    def status(self, *, running: bool = True) -> LiveStatus:
        """What is known now."""
        now = time.monotonic()
        return LiveStatus(
            timestamp=self._clock(),
            started=self._started,
            running=running,
            streams=tuple(_told(stream, now) for stream in self._streams),
        )

    def _look(self) -> None:
        """The only thread that runs networks: always the camera that waited longest."""
        pause = 1 / self._settings.fps
        while not self._stop.is_set():
            now = time.monotonic()
            frame = None
            for stream in sorted(self._streams, key=lambda one: one.looked):
                if now - stream.looked >= pause and (frame := stream.camera.take()) is not None:
                    stream.looked = now
                    self._look_at(stream, frame)
                    break
            changed = self._tell_cameras()
            if changed or now - self._written >= STATUS_S:
                self._written = now
                self._publish(self.status())
            if frame is None:
                self._stop.wait(WAIT_S)

    def _publish(self, status: LiveStatus) -> None:
        self._status_file.write(status)
        if self._options.observe is not None:
            self._options.observe(status)

    def _look_at(self, stream: _Stream, frame: Frame) -> None:
        if stream.medium is None:
            size = (frame.picture.width, frame.picture.height)
            stream.medium = self._library.store.presence.camera(
                stream.config.name, size, frame.time.pts
            )
        pieces = stream.watch.feed(frame)
        stream.watch.learn(self._embed, self._gallery)
        self._hand_on(stream, pieces, frame.time.pts)
        stream.looks.append(time.monotonic())
        stream.waits.append(self._clock() - (frame.time.wall or frame.time.pts))
        if self._tell_people(stream):
            self._written = 0.0
        if self._options.pictures and stream.looked - stream.pictured >= PICTURE_S:
            stream.pictured = stream.looked
            data = live_picture(frame.picture.rgb(), stream.watch.persons())
            folder = self._library.folder / PICTURES
            write_whole(folder / f"{stream.config.name}.jpg", data)

    def _embed(self, shots: Sequence[Shot]) -> Vectors:
        embedder = self._parts.embedder
        if embedder is None:
            return np.zeros((len(shots), 0), np.float32)
        return embedder.embed(np.stack([face_of(shot) for shot in shots]))

    def _hand_on(self, stream: _Stream, pieces: Sequence[Piece], until: int) -> None:
        for piece in pieces:
            if stream.medium is not None:
                self._recorder.keep(stream.config.name, stream.medium, piece, until)

    def _tell_people(self, stream: _Stream) -> bool:
        """Notes who came, who was recognised and who left; whether anything changed."""
        now = {p.id: (p.type, p.person) for p in stream.watch.persons()}
        told = {p.id: p for p in stream.watch.persons()}
        for number, state in now.items():
            if stream.known.get(number) != state:
                self._note(stream, "person", told[number])
        for number in stream.known.keys() - now.keys():
            self.history.add(self._clock(), "left", {"camera": stream.config.name, "track": number})
        changed = stream.known != now
        stream.known = now
        return changed

    def _tell_left(self, stream: _Stream, tracks: Iterable[int]) -> None:
        for number in sorted(tracks):
            details = {"camera": stream.config.name, "track": number}
            self.history.add(self._clock(), "left", details)

    def _note(self, stream: _Stream, event: str, person: LivePerson) -> None:
        details = {
            "camera": stream.config.name,
            "track": person.id,
            "type": person.type,
            "person": person.person,
            "name": person.name,
            "confidence": person.confidence,
            "live": person.live,
        }
        self.history.add(self._clock(), event, details)

    def _tell_cameras(self) -> bool:
        changed = False
        for stream in self._streams:
            state = stream.camera.state()
            dark = state.state == "dark"
            if dark != stream.dark:
                stream.dark, changed = dark, True
                event = "camera dark" if dark else "camera back"
                details = {"camera": stream.config.name, "reason": state.reason}
                self.history.add(self._clock(), event, details)
        return changed

    def _kept(self, kept: Recorded) -> None:
        if kept.fresh and kept.person is not None:
            details = {"camera": kept.camera, "person": kept.person}
            name = called(None, kept.person)
            self.history.add(self._clock(), "profile made", {**details, "name": name})

    def _maintained(self, done: Maintained) -> None:
        self.history.add(self._clock(), "profiles maintained", done.as_json())

    def _follow_people(self) -> None:
        """Reads the gallery again whenever people or their faces changed."""
        store = self._library.store
        while not self._stop.wait(FOLLOW_S):
            people = tuple((p.id, p.name, p.kind) for p in store.people.all())
            seen = (store.sightings.generation(), people)
            if seen != self._seen:
                self._seen = seen
                self._gallery = self._read_gallery()

    def _read_gallery(self) -> Gallery:
        store, calibration = self._library.store, self._library.calibration
        people = {person.id: person for person in store.people.all()}
        faces = store.sightings.vectors(calibration.space)
        templates = store.people.templates(calibration.space)
        return Gallery.of(faces, templates, people, calibration)


def _told(stream: _Stream, now: float) -> LiveStream:
    state = stream.camera.state()
    fresh = state.state == "live"
    waits = list(stream.waits)
    return LiveStream(
        name=stream.config.name,
        address=stream.config.shown,
        state=state.state,
        since=state.since,
        reason=state.reason,
        width=state.width,
        height=state.height,
        fps=state.fps,
        analysed_fps=stream.rate(now),
        received=state.received,
        dropped=state.dropped,
        connections=state.connections,
        latency_ms=round(statistics.median(waits), 1) if waits else 0.0,
        people=stream.watch.people if fresh else 0,
        persons=stream.watch.persons() if fresh else (),
    )


def watch_settings(liveness: bool, fps: float | None, fmr: float | None) -> WatchSettings:
    """The settings of a watch with what was asked for."""
    made = replace(WatchSettings(), liveness=liveness)
    made = made if fps is None else replace(made, fps=fps)
    return made if fmr is None else replace(made, fmr=fmr)


def pictures_of(folder: Path) -> Path:
    """Where the newest pictures of a library's cameras lie."""
    return folder / PICTURES
