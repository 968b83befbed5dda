"""Who is followed before a camera: one subject through several tracks, never two of one track."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from personae.core.arrays import Boxes, Vector
from personae.core.geometry import iou
from personae.flows.collect import OpenTrack
from personae.flows.recognise import Candidate, Identity

MEMORY_MS = 2_000
"""Somebody who is away for longer is met anew."""
SAME_PLACE = 0.3
"""Boxes of one face, or of one body, before and after it was out of sight."""


Proof = Literal["like", "strange", "another"]
"""What a view says: the same face, hardly, or surely another's than the track was of."""


@dataclass(slots=True, eq=False)
class Subject:
    """Somebody who is followed: one track, and those that went on where it ended.

    Attributes:
        serial: unique while the watch runs.
        since: when the first track began.
        identity: who it is.
        body: track that the face sits on.
        box: where the face was last.
        seen: when.
        unproven: the face came back and no view of it was compared with those before.
        held: meanwhile the body vouches for the name.
        lived: it was seen to be alive at some time.
        glimpse: the face at the last look, coarsely; None before the first.
        proven: when a view was compared last.
        doubted: since when its views are hardly of the same face as those before.
    """

    serial: int
    since: int
    identity: Identity
    body: int | None = None
    box: Boxes = field(default_factory=lambda: np.zeros(4, np.float32))
    seen: int = 0
    unproven: bool = False
    held: bool = False
    doubted: int | None = None
    lived: bool = False
    glimpse: Vector | None = None
    proven: int = 0

    @property
    def told(self) -> bool:
        """Whether what was decided may be told."""
        return (self.held or not self.unproven) and self.doubted is None

    @property
    def candidate(self) -> Candidate | None:
        """Who it is, if that may be told."""
        return self.identity.candidate if self.told else None


class Subjects:
    """Those that are there and those that were there just now.

    Args:
        fmr: highest false-match rate of a name.
        serials: gives each subject a number.
    """

    def __init__(self, fmr: float, serials: Callable[[], int]) -> None:
        self._fmr = fmr
        self._serials = serials
        self._recent: list[Subject] = []
        self._turned: list[tuple[Subject, Boxes]] = []
        self.by_face: dict[int, Subject] = {}
        self.by_body: dict[int, Subject] = {}

    def meet(
        self, face: int, track: OpenTrack, body: int | None, bodies: Mapping[int, Boxes]
    ) -> Subject:
        """The subject of a new face: somebody who was just here, by body or by place, or new.

        Args:
            face: its number.
            track: the same.
            body: the body it sits on, if that is known.
            bodies: where all bodies are.
        """
        subject = self._returned(track.last_box, body, bodies)
        if subject is None:
            subject = self._fresh(track.first)
        self.by_face[face] = subject
        return subject

    def prove(self, face: int, pts: int, vector: Vector) -> Proof:
        """Compares a new view with those before.

        One strange view makes a subject doubtful, and it is told by no name; with the second in a
        row it is somebody else, as when one person steps before another unseen.
        """
        subject = self.by_face[face]
        subject.proven = pts
        if subject.unproven:
            if subject.identity.contradicts(vector):
                self.renew(face, pts)
            subject.unproven = False
            self.by_face[face].identity.follow(vector)
            return "like"
        if not subject.identity.contradicts(vector):
            subject.doubted = None
            subject.identity.follow(vector)
            return "like"
        if subject.doubted is None:
            subject.doubted = pts
            return "strange"
        return "another"

    def renew(self, face: int, since: int) -> Subject:
        """The face turned out to be another's than was thought."""
        old = self.by_face[face]
        old.unproven = old.held = False
        made = self.by_face[face] = self._fresh(since)
        made.body, made.box, made.seen = old.body, old.box, old.seen
        if made.body is not None:
            self.by_body[made.body] = made
        return made

    def sit(self, subject: Subject, body: int | None) -> None:
        """The body that the subject's face sits on now."""
        subject.body = body
        if body is not None:
            self.by_body[body] = subject

    def rejoin(self, face: int, body: int) -> None:
        """A face that is nobody's yet is on a body whose face was out of sight: it may be its."""
        old, new = self.by_body.get(body), self.by_face[face]
        if old is None or old is new or old in self.by_face.values():
            return
        if new.identity.verdict == "undecided" and old.since < new.since:
            old.unproven = old.held = True
            self._recent = [one for one in self._recent if one is not old]
            self.by_face[face] = old

    def lose(self, faces: set[int], now: int) -> None:
        """These faces are gone; they are remembered for a while."""
        self._recent = [one for one in self._recent if now - one.seen <= MEMORY_MS]
        self._recent += [self.by_face.pop(face) for face in faces]

    def forget_places(self) -> None:
        """The picture changed altogether: nobody who comes now is taken for one who went."""
        self._recent.clear()
        self._turned.clear()
        self.by_body.clear()

    def rotate(self, bodies: dict[int, Boxes], now: int) -> None:
        """Tracks end here and begin anew; who is there stays who they are.

        Args:
            bodies: where the bodies of the ending tracks are, by number.
            now: the time.
        """
        self._turned = [(s, bodies[n]) for n, s in self.by_body.items() if n in bodies]
        self.by_body.clear()
        self.lose(set(self.by_face), now)
        # Numbers of bodies begin anew: the old ones would name others
        for one in self._recent:
            one.body = None

    def recognise_body(self, number: int, box: Boxes) -> None:
        """A body that stands where one stood before tracks began anew belongs to the same."""
        if number in self.by_body or not self._turned:
            return
        overlaps = [float(iou(old[None], box[None])[0, 0]) for _, old in self._turned]
        best = int(np.argmax(overlaps))
        if overlaps[best] >= SAME_PLACE:
            subject, _ = self._turned.pop(best)
            self.sit(subject, number)

    @property
    def serials(self) -> set[int]:
        """Numbers of everybody who is here or was just now."""
        there = (*self.by_face.values(), *self.by_body.values(), *self._recent)
        return {one.serial for one in (*there, *(one for one, _ in self._turned))}

    def _fresh(self, since: int) -> Subject:
        return Subject(self._serials(), since, Identity(self._fmr))

    def _returned(
        self, box: Boxes, body: int | None, bodies: Mapping[int, Boxes]
    ) -> Subject | None:
        hidden = {n: one for n, one in self.by_body.items() if one not in self.by_face.values()}
        mine = hidden.get(body) if body is not None else None
        held = mine is not None
        if mine is None:
            mine = next((one for one in self._recent if _near(one.box, box)), None)
        if mine is None:
            around = [n for n in hidden if n in bodies and is_on(box, bodies[n])]
            mine = hidden[around[0]] if len(around) == 1 else None
        if mine is None:
            return None
        mine.held = held
        self._recent = [one for one in self._recent if one is not mine]
        mine.unproven = True
        return mine


def _near(one: Boxes, other: Boxes) -> bool:
    return float(iou(one[None], other[None])[0, 0]) >= SAME_PLACE


def is_on(face: Boxes, body: Boxes) -> bool:
    """Whether the middle of a face lies on a body."""
    x, y = (float(face[0] + face[2])) / 2, float(face[1] + face[3]) / 2
    return bool(body[0] <= x <= body[2] and body[1] <= y <= body[3])
