"""One camera without end: the pipeline of films, told while it runs.

Frames go through the same `Observer` as a film's; here its open tracks are looked at between
frames, so that a name is known while somebody is still there. Pieces of a minute at most are closed
and handed on to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from personae.core.arrays import Boxes, Vectors
from personae.core.frame import Frame, SourceInfo
from personae.core.live import Liveness, LivePerson, LiveType
from personae.core.segment import Segment
from personae.flows.collect import OpenTrack
from personae.flows.live_views import View, new_views, proof
from personae.flows.observe import Observer, Parts
from personae.flows.recognise import Candidate, Gallery
from personae.flows.settings import ObserveSettings
from personae.flows.subjects import Subject, Subjects, is_on

BASE = Fraction(1, 1000)
"""Times of cameras are milliseconds."""
CALM_MS, LONGEST_MS, MOST_FACES = 10_000, 60_000, 12
"""A piece is closed after the first when nobody is there, after the second in any case, and when
so many faces came and went: their views wait in memory until they are kept."""


AWAY_MS, LOOKS_MISSED = 2_000, 3
"""A camera that showed nothing for so long, and for so many looks, was away: nobody was seen
meanwhile, and whoever is there afterwards is met anew."""
UNSEEN_MS = 800
"""Who was not looked at for so long is proven before the name is told again."""


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


@dataclass(frozen=True, slots=True)
class Told:
    """What was known of a face track when its piece was closed.

    Attributes:
        serial: of the subject.
        candidate: who it was, where that could be told.
    """

    serial: int
    candidate: Candidate | None
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
        self._looked = 0
        self._subjects = Subjects(settings.fmr, serials)
        self._history: dict[int, Subject] = {}
        self._judged: set[int] = set()

    def feed(self, frame: Frame) -> list[Piece]:
        """One more frame; pieces that are over and shall be kept."""
        now = frame.time.pts
        away = now - self._looked > max(AWAY_MS, LOOKS_MISSED * 1000 / self._settings.fps)
        done = self.gone_dark() if away else self._rotated(frame)
        if self._observer is None:
            self._observer = self._opened(frame)
            self._began = now
        self._looked = now
        cuts = self._observer.segment.counts.cuts
        self._observer.feed(frame)
        self._follow(frame, cut=self._observer.segment.counts.cuts > cuts)
        return done

    def glance(self, frame: Frame) -> None:
        """Only at eyes, between two looks: a blink is shorter than the time from look to look."""
        for number, subject in self._seen():
            track = self._open(number)
            if track is not None:
                self._judge(subject, frame, track)

    @property
    def wants_glance(self) -> bool:
        """Whether somebody is there who has not been seen to be alive."""
        return self._liveness is not None and any(
            self.alive(subject.serial)[0] == "not shown yet" for _, subject in self._seen()
        )

    def gone_dark(self) -> list[Piece]:
        """The camera shows nothing more: whoever was there was there until the last look."""
        done = self.close()
        self._subjects.forget_places()
        return done

    def close(self) -> list[Piece]:
        """The watch ends; whoever is still there was there until the last look."""
        return self._ended(self._looked) if self._observer is not None else []

    def new_views(self) -> list[View]:
        """Views of faces that nobody has embedded yet; learn them with `learn`."""
        found: list[View] = []
        for number, subject in self._subjects.by_face.items():
            track = self._open(number)
            if track is not None:
                found += [View(number, s, True) for s in new_views(track, subject)]
                found += proof(number, track, subject, found)
        return found

    def learn(self, views: Sequence[View], vectors: Vectors, gallery: Gallery) -> None:
        """Takes new views into account, and decides who everybody is.

        Args:
            views: of `new_views`, with no frame fed in between.
            vectors: (N, D) unit rows, one for each.
            gallery: who can be recognised.
        """
        swapped: list[int] = []
        for view, vector in zip(views, vectors, strict=True):
            pts, before = view.shot.pts, self._subjects.by_face[view.face]
            said = self._subjects.prove(view.face, pts, vector)
            subject = self._history[view.face] = self._subjects.by_face[view.face]
            if said == "another" and before.doubted is not None:
                swapped.append(before.doubted)
            elif said == "like" and view.learn:
                subject.identity.learn(pts, view.shot.quality.total, vector)
            if self._observer is not None and view.learn:
                self._observer.remember(view.face, pts, vector)
        if swapped:
            self._cut_at(min(swapped))
        for subject in self._subjects.by_face.values():
            subject.identity.decide(gallery)
        self._one_place_each()

    def persons(self) -> tuple[LivePerson, ...]:
        """Who is there now."""
        faces = [
            self._person(subject, subject.box, "face")
            for _, subject in sorted(self._seen(), key=lambda seen: seen[0])
        ]
        return (*faces, *self._turned_away())

    @property
    def people(self) -> int:
        """How many are there: bodies, and faces that sit on none."""
        if self._observer is None:
            return 0
        bodies = {n: t for n, t in self._observer.open_bodies.items() if t.gone is None}
        faces = {n: t for n, t in self._observer.open_faces.items() if t.gone is None}
        linked = {n: self._observer.body_of(n) for n in faces}
        free = {n: t for n, t in bodies.items() if n not in linked.values()}
        alone = 0
        for number in (n for n, body in linked.items() if body not in bodies):
            # Before it is known whose body it is, a face counts with the one it lies on
            face = faces[number].last_box
            mine = next((n for n, body in free.items() if is_on(face, body.last_box)), None)
            if mine is None:
                alone += 1
            else:
                del free[mine]
        return len(bodies) + alone

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
        full = age >= LONGEST_MS or self._observer.faces_gone >= MOST_FACES
        if resized or full or (nobody and age >= CALM_MS):
            return self._ended(frame.time.pts)
        return []

    def _ended(self, now: int) -> list[Piece]:
        assert self._observer is not None
        bodies = self._observer.open_bodies
        there = {number: body.last_box for number, body in bodies.items() if body.gone is None}
        self._subjects.rotate(there, now)
        segment = self._observer.end(now)
        self._observer = None
        told = {number: self._told(subject) for number, subject in self._history.items()}
        self._history.clear()
        self._forget_judged()
        return [Piece(segment, told)]

    def _follow(self, frame: Frame, cut: bool) -> None:
        assert self._observer is not None
        now, there = frame.time.pts, self._observer.open_faces
        self._subjects.lose(set(self._subjects.by_face) - set(there), now)
        if cut:
            self._subjects.forget_places()
        for number, body in self._observer.open_bodies.items():
            self._subjects.recognise_body(number, body.last_box)
        for number, track in there.items():
            subject = self._history[number] = self._subject(number, track)
            if subject.seen and track.times[-1] - subject.seen > UNSEEN_MS:
                # A camera, or this machine, stood still: anybody may have come meanwhile
                subject.unproven, subject.held = True, False
            subject.box, subject.seen = track.last_box, track.times[-1]
            if track.times[-1] == now:
                self._judge(subject, frame, track)

    def _cut_at(self, pts: int) -> None:
        """One person came in another's place unseen, as at a cut between pictures much alike."""
        assert self._observer is not None
        self._observer.cut_at(pts)
        self._subjects.lose(set(self._subjects.by_face), pts)
        self._subjects.forget_places()

    def _subject(self, number: int, track: OpenTrack) -> Subject:
        assert self._observer is not None
        body = self._observer.body_of(number)
        if number not in self._subjects.by_face:
            bodies = {n: one.last_box for n, one in self._observer.open_bodies.items()}
            self._subjects.meet(number, track, body, bodies)
        elif body is not None:
            self._subjects.rejoin(number, body)
        subject = self._subjects.by_face[number]
        self._subjects.sit(subject, body)
        return subject

    def _judge(self, subject: Subject, frame: Frame, track: OpenTrack) -> None:
        if self._liveness is not None:
            self._judged.add(subject.serial)
            self._liveness.look(subject.serial, frame, track)
            subject.lived = subject.lived or self.alive(subject.serial)[0] == "live"

    def _told(self, subject: Subject) -> Told:
        """What is kept of somebody: once seen alive counts, though looks were missed since."""
        live, reasons = self.alive(subject.serial)
        if subject.lived and live == "not shown yet":
            live, reasons = "live", ("was seen to be alive before",)
        return Told(subject.serial, subject.candidate, live, reasons)

    def _forget_judged(self) -> None:
        """Whoever is gone for good needs no judge any more; a piece was closed, so all is told."""
        gone = self._judged - self._subjects.serials
        self._judged -= gone
        for serial in gone:
            assert self._liveness is not None
            self._liveness.forget(serial)

    def _one_place_each(self) -> None:
        """Two faces in one picture are two people: the surer one keeps the name."""
        claims: dict[int, list[tuple[float, Subject]]] = {}
        for _, subject in self._seen():
            candidate = subject.candidate
            if candidate is not None:
                claims.setdefault(candidate.person.id, []).append((candidate.score, subject))
        for rivals in claims.values():
            rivals.sort(key=lambda rival: -rival[0])
            for _, loser in rivals[1:]:
                loser.identity.verdict, loser.identity.candidate = "undecided", None

    def _turned_away(self) -> list[LivePerson]:
        if self._observer is None:
            return []
        shown = {subject.body for _, subject in self._seen()}
        faces = [subject.box for _, subject in self._seen()]
        found = []
        for number, subject in self._subjects.by_body.items():
            body = self._observer.open_bodies.get(number)
            turned = body is not None and body.gone is None and number not in shown
            # A face on the body that is not known to be its own may be of whoever is there now
            if (
                turned
                and body is not None
                and not any(is_on(face, body.last_box) for face in faces)
            ):
                found.append(self._person(subject, body.last_box, "body"))
        return found

    def _seen(self) -> list[tuple[int, Subject]]:
        """The faces that are in the picture now."""
        return [
            (number, subject)
            for number, subject in self._subjects.by_face.items()
            if (track := self._open(number)) is not None and track.gone is None
        ]

    def _person(self, subject: Subject, box: Boxes, by: Literal["face", "body"]) -> LivePerson:
        live, reasons = self.alive(subject.serial)
        identity = subject.identity
        candidate = subject.candidate
        kind: LiveType = identity.verdict if subject.told else "undecided"
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
            by=by,
        )


def called(name: str | None, number: int) -> str:
    """What a person is called while watching."""
    return name or f"unknown-{number}"
