"""One camera without end: the pipeline of films, told while it runs.

Frames go through the same `Observer` as a film's; here its open tracks are looked at between
frames, so that a name is known while somebody is still there. Pieces of a minute at most are closed
and handed on to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import numpy as np

from personae.core.arrays import Boxes, Crop, Vectors
from personae.core.frame import Frame, SourceInfo
from personae.core.geometry import iou
from personae.core.live import Liveness, LivePerson, LiveType
from personae.core.segment import Segment
from personae.core.track import Shot
from personae.flows.collect import OpenTrack
from personae.flows.observe import Observer, Parts
from personae.flows.portraits import MARGIN
from personae.flows.recognise import Gallery, Identity
from personae.flows.settings import ObserveSettings

BASE = Fraction(1, 1000)
"""Times of cameras are milliseconds."""
CALM_MS, LONGEST_MS = 10_000, 60_000
"""A piece is closed after the first when nobody is there, after the second in any case."""
MEMORY_MS = 2_000
"""A face that comes back at the same place so soon is the same person until it is judged anew."""
SAME_PLACE = 0.3
EMBEDDED_AT_ONCE = 2
"""Views of one track embedded per look; the best first."""
FIT = 0.3
"""Least quality of a view that may say who somebody is."""


class LivenessJudge(Protocol):
    """Says whether a face is alive; one for each camera."""

    def look(self, track: int, frame: Frame, view: OpenTrack) -> None:
        """One more look at a track's face."""
        ...

    def state(self, track: int) -> tuple[Liveness, tuple[str, ...]]:
        """What is known of it, and why."""
        ...

    def forget(self, track: int) -> None:
        """The track is over."""
        ...


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """How cameras are watched.

    Attributes:
        fps: looks a second at each camera.
        fmr: highest false-match rate at which somebody is called by name.
        liveness: unknown people become profiles only after they were seen to be alive.
        profile_s: how long an unknown person must be seen to become a profile.
        profile_quality: least quality of the best view of one.
    """

    fps: float = 5.0
    fmr: float = 1e-4
    liveness: bool = True
    profile_s: float = 1.0
    profile_quality: float = 0.4


@dataclass(slots=True)
class _Subject:
    """Somebody who is followed: one track, and those that went on where it ended."""

    serial: int
    since: int
    identity: Identity
    body: int | None = None
    box: Boxes = field(default_factory=lambda: np.zeros(4, np.float32))
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What was known of a face track when its piece was closed."""

    serial: int
    identity: Identity
    live: Liveness
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a camera's time that is over.

    Attributes:
        segment: its tracks, times in milliseconds since 1970.
        told: of each face track, by number.
    """

    segment: Segment
    told: dict[int, Told]


class CameraWatch:
    """The people before one camera.

    Args:
        parts: detectors, embedder and trackers; may be shared between cameras of one thread.
        observe: how closely to look.
        settings: of the watch.
        liveness: judges whether faces are alive; None says nothing of it.
        serials: gives each subject a number.
    """

    def __init__(
        self,
        parts: Parts,
        observe: ObserveSettings,
        settings: WatchSettings,
        liveness: LivenessJudge | None,
        serials: Callable[[], int],
    ) -> None:
        self._parts = parts
        # Frames that a camera drops cannot be halved; a cut between two looks is no dissolve
        self._observe = observe.with_changes({"refine": False, "fps": settings.fps})
        self._settings = settings
        self._liveness = liveness
        self._serials = serials
        self._observer: Observer | None = None
        self._size = (0, 0)
        self._number = 0
        self._began = 0
        self._subjects: dict[int, _Subject] = {}
        self._recent: list[_Subject] = []
        self._bodies: dict[int, _Subject] = {}
        self._history: dict[int, _Subject] = {}

    def feed(self, frame: Frame) -> list[Piece]:
        """One more frame; pieces that are over and shall be kept."""
        now = frame.time.pts
        done = self._rotated(frame)
        if self._observer is None:
            self._observer = self._opened(frame)
            self._began = now
        self._observer.feed(frame)
        self._follow(frame)
        return done

    def close(self, now: int) -> list[Piece]:
        """The watch ends."""
        return self._ended(now) if self._observer is not None else []

    def learn(self, embed: Callable[[Sequence[Shot]], Vectors], gallery: Gallery) -> None:
        """Embeds the new views of everybody at once, and decides who they are."""
        wanted: list[tuple[_Subject, Shot]] = []
        for number, subject in self._subjects.items():
            track = self._open(number)
            if track is not None:
                wanted += [(subject, shot) for shot in _new_views(track, subject.identity)]
        if wanted:
            vectors = embed([shot for _, shot in wanted])
            for (subject, shot), vector in zip(wanted, vectors, strict=True):
                subject.identity.learn(shot.pts, shot.quality.total, vector)
        for subject in self._subjects.values():
            subject.identity.decide(gallery)
        self._one_place_each()

    def persons(self) -> tuple[LivePerson, ...]:
        """Who is there now."""
        faces = [
            self._told(number, subject)
            for number, subject in sorted(self._subjects.items())
            if (track := self._open(number)) is not None and track.gone is None
        ]
        return (*faces, *self._turned_away())

    @property
    def people(self) -> int:
        """How many are there: bodies, and faces that sit on none."""
        if self._observer is None:
            return 0
        bodies = {n for n, t in self._observer.open_bodies.items() if t.gone is None}
        faces = [n for n, t in self._observer.open_faces.items() if t.gone is None]
        return len(bodies) + sum(self._observer.body_of(n) not in bodies for n in faces)

    def alive(self, serial: int) -> tuple[Liveness, tuple[str, ...]]:
        """What is known of somebody's being alive."""
        if self._liveness is None:
            return "not shown yet", ("liveness is not checked",)
        return self._liveness.state(serial)

    def _open(self, number: int) -> OpenTrack | None:
        return None if self._observer is None else self._observer.open_faces.get(number)

    def _opened(self, frame: Frame) -> Observer:
        self._size = (frame.picture.width, frame.picture.height)
        info = SourceInfo("camera", *self._size, BASE, None, None, still=False, live=True)
        made = Observer(info, self._parts, self._observe, self._number)
        self._number += 1
        return made

    def _rotated(self, frame: Frame) -> list[Piece]:
        if self._observer is None:
            return []
        age = frame.time.pts - self._began
        nobody = not self._observer.open_faces and not self._observer.open_bodies
        resized = (frame.picture.width, frame.picture.height) != self._size
        if resized or age >= LONGEST_MS or (nobody and age >= CALM_MS):
            return self._ended(frame.time.pts)
        return []

    def _ended(self, now: int) -> list[Piece]:
        assert self._observer is not None
        self._remember(set(self._subjects), now)
        segment = self._observer.end(now)
        self._observer = None
        self._bodies.clear()
        told = {
            number: Told(subject.serial, subject.identity, *self.alive(subject.serial))
            for number, subject in self._history.items()
        }
        self._history.clear()
        return [Piece(segment, told)]

    def _follow(self, frame: Frame) -> None:
        assert self._observer is not None
        now = frame.time.pts
        there = self._observer.open_faces
        self._remember(set(self._subjects) - set(there), now)
        for number, track in there.items():
            if number not in self._subjects:
                self._subjects[number] = self._history[number] = self._begun(number, track)
            subject = self._subjects[number]
            subject.box, subject.seen = track.last_box, track.times[-1]
            subject.body = self._observer.body_of(number)
            if subject.body is not None:
                self._bodies[subject.body] = subject
            if self._liveness is not None and track.times[-1] == now:
                self._liveness.look(subject.serial, frame, track)

    def _begun(self, number: int, track: OpenTrack) -> _Subject:
        """A new face: somebody who was just here, by place or by body, or somebody else."""
        assert self._observer is not None
        body = self._observer.body_of(number)
        for old in self._recent:
            near = float(iou(old.box[None], track.last_box[None])[0, 0]) >= SAME_PLACE
            if near or (body is not None and old.body == body):
                self._recent.remove(old)
                return old
        return _Subject(self._serials(), track.first, Identity(self._settings.fmr))

    def _remember(self, gone: set[int], now: int) -> None:
        self._recent = [s for s in self._recent if now - s.seen <= MEMORY_MS]
        for number in gone:
            subject = self._subjects.pop(number)
            self._recent.append(subject)

    def _one_place_each(self) -> None:
        """Two faces in one picture are two people: the surer one keeps the name."""
        claims: dict[int, list[tuple[float, _Subject]]] = {}
        for number, subject in self._subjects.items():
            candidate = subject.identity.candidate
            if candidate is not None and self._is_seen(number):
                claims.setdefault(candidate.person.id, []).append((candidate.score, subject))
        for rivals in claims.values():
            rivals.sort(key=lambda rival: -rival[0])
            for _, loser in rivals[1:]:
                loser.identity.verdict, loser.identity.candidate = "undecided", None

    def _turned_away(self) -> list[LivePerson]:
        if self._observer is None:
            return []
        shown = {s.body for n, s in self._subjects.items() if self._is_seen(n)}
        found = []
        for number, subject in self._bodies.items():
            body = self._observer.open_bodies.get(number)
            if body is not None and body.gone is None and number not in shown:
                found.append(self._person(subject, body.last_box, "body"))
        return found

    def _is_seen(self, number: int) -> bool:
        track = self._open(number)
        return track is not None and track.gone is None

    def _told(self, number: int, subject: _Subject) -> LivePerson:
        return self._person(subject, subject.box, "face")

    def _person(self, subject: _Subject, box: Boxes, by: str) -> LivePerson:
        live, reasons = self.alive(subject.serial)
        candidate = subject.identity.candidate
        kind: LiveType = subject.identity.verdict
        if candidate is not None and candidate.person.name is None:
            kind = "unknown"
        if live == "spoof suspected":
            kind = "spoof"
        x1, y1, x2, y2 = (round(float(v)) for v in box)
        return LivePerson(
            id=subject.serial,
            type=kind,
            person=None if candidate is None else candidate.person.id,
            name=None if candidate is None else called(candidate.person.name, candidate.person.id),
            confidence=0.0 if candidate is None else round(candidate.probability, 4),
            fmr=None if candidate is None else candidate.fmr,
            live=live,
            reasons=reasons,
            since=subject.since,
            box=(x1, y1, x2, y2),
            by="face" if by == "face" else "body",
        )


def called(name: str | None, number: int) -> str:
    """What a person is called while watching."""
    return name or f"unknown-{number}"


def face_of(shot: Shot) -> Crop:
    """The aligned face of a view without its margin, (112, 112, 3) uint8 RGB."""
    assert shot.crop is not None
    return shot.crop[MARGIN:-MARGIN, MARGIN:-MARGIN]


def _new_views(track: OpenTrack, identity: Identity) -> list[Shot]:
    fit = [
        shot
        for shot in track.views.best_first()
        if shot.crop is not None and shot.quality.total >= FIT and not identity.knows(shot.pts)
    ]
    return fit[:EMBEDDED_AT_ONCE]
