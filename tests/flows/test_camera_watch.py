"""One camera, watched: who is told when, and who never is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import pytest

from personae.adapters.models.calibrated import load_calibration
from personae.app.build import choose
from personae.core.frame import Frame
from personae.core.live import Liveness, LivePerson
from personae.core.records import FaceVector, Person
from personae.flows.collect import OpenTrack
from personae.flows.live_views import face_of
from personae.flows.recognise import Gallery
from personae.flows.settings import ObserveSettings
from personae.flows.watch import LONGEST_MS, CameraWatch, Piece, WatchSettings
from personae.testing.script import Actor, Script
from tests.flows.scenes import EMBEDDER, frames_of, stage

LOOK_MS = 200
ANA, BEN, STRANGER = 0, 1, 5
NAMES = {ANA: "Ana", BEN: "Ben"}


def gallery(*people: int) -> Gallery:
    """Those people, each with two views."""
    faces = [
        FaceVector(2 * n + k, 1, 0, 10, EMBEDDER.person(n), 3, 0.8, n + 1, "hand")
        for n in people
        for k in (0, 1)
    ]
    persons = {n + 1: Person(n + 1, NAMES[n], "named", "Unknown") for n in people}
    calibration = replace(load_calibration(choose().space), space=EMBEDDER.space)
    return Gallery.of(faces, [], persons, calibration)


@dataclass
class Judge:
    """Fits `LivenessJudge`; writes down what it is asked."""

    looks: list[int] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    alive: set[int] = field(default_factory=set)

    def look(self, track: int, frame: Frame, view: OpenTrack) -> None:
        self.looks.append(track)

    def state(self, track: int) -> tuple[Liveness, tuple[str, ...]]:
        return ("live" if track in self.alive else "not shown yet"), ()

    def forget(self, track: int) -> None:
        self.forgotten.append(track)


def film(*actors: Actor, seconds: float, cuts: tuple[int, ...] = ()) -> Script:
    """Whoever stands still moves a little: of pictures that are the same only one is looked at."""
    length = round(1000 * seconds)
    moving = tuple(one if one.to else replace(one, to=_aside(one)) for one in actors)
    shots = tuple((at, 90 + 60 * (n % 2)) for n, at in enumerate((0, *cuts)))
    times = tuple(range(0, length, LOOK_MS))
    return Script(moving, length, Fraction(1, 1000), times, shots=shots, fps=None)


def _aside(actor: Actor) -> tuple[float, float, float]:
    x, y, high = actor.at
    return x + (actor.end - actor.start) / 200, y, high


@dataclass
class Watched:
    """What was told at each look, by time."""

    told: dict[int, tuple[LivePerson, ...]] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)

    def names(self, begin: int = 0, end: int = 1 << 40) -> set[str | None]:
        looks = [persons for pts, persons in self.told.items() if begin <= pts < end]
        return {p.name for persons in looks for p in persons}

    def ids(self, name: str) -> set[int]:
        return {p.id for persons in self.told.values() for p in persons if p.name == name}


def watch(
    script: Script,
    known: Gallery,
    bodies: bool = False,
    judge: Judge | None = None,
    settings: WatchSettings | None = None,
) -> Watched:
    observe = ObserveSettings(bodies=bodies)
    serials = itertools.count(1)
    camera = CameraWatch(
        stage(script, bodies).parts,
        observe,
        settings or WatchSettings(),
        judge,
        lambda: next(serials),
    )
    seen = Watched()
    for frame in frames_of(script):
        seen.pieces += camera.feed(frame)
        views = camera.new_views()
        crops = [face_of(view.shot) for view in views]
        vectors = EMBEDDER.embed(np.stack(crops)) if crops else np.zeros((0, 64), np.float32)
        camera.learn(views, vectors, known)
        seen.told[frame.time.pts] = camera.persons()
        seen.people[frame.time.pts] = camera.people
    seen.pieces += camera.close()
    return seen


def test_nobody_is_named_at_the_first_look_and_somebody_known_soon() -> None:
    seen = watch(film(Actor(ANA, 1000, 6000), seconds=6), gallery(ANA, BEN))
    assert seen.names(0, 1200) == {None}
    assert seen.names(2400) == {"Ana"}
    assert [p.type for p in seen.told[2400]] == ["known"]


def test_a_stranger_becomes_unknown_and_never_anybody() -> None:
    seen = watch(film(Actor(STRANGER, 0, 6000), seconds=6), gallery(ANA, BEN))
    assert seen.names() == {None}
    assert [p.type for p in seen.told[0]] == ["undecided"]
    assert [p.type for p in seen.told[5000]] == ["unknown"]


def test_a_face_hidden_for_a_moment_stays_who_it_is() -> None:
    two = (Actor(ANA, 0, 3000), Actor(ANA, 4000, 7000))
    seen = watch(film(*two, seconds=7), gallery(ANA, BEN))
    assert seen.names(4000) == {"Ana"}, "the name is there again at the first look"
    assert len(seen.ids("Ana")) == 1


def test_another_face_at_the_same_place_is_never_called_by_the_name() -> None:
    two = (Actor(ANA, 0, 3000), Actor(BEN, 3600, 7000))
    seen = watch(film(*two, seconds=7), gallery(ANA, BEN))
    assert seen.names(2000, 3000) == {"Ana"}
    assert "Ana" not in seen.names(3600)
    assert seen.names(5200) == {"Ben"}
    assert not seen.ids("Ana") & seen.ids("Ben")


@pytest.mark.parametrize("other", [BEN, STRANGER])
def test_a_face_that_takes_anothers_place_between_two_looks(other: int) -> None:
    """The track goes on, and at that very look the name is gone."""
    two = (Actor(ANA, 0, 3000), Actor(other, 3000, 7000))
    seen = watch(film(*two, seconds=7), gallery(ANA, BEN))
    assert seen.names(2000, 3000) == {"Ana"}
    assert "Ana" not in seen.names(3000)
    faces = [t for piece in seen.pieces for t in piece.segment.tracks if t.kind == "face"]
    assert all(t.last <= 3000 or t.first >= 3000 for t in faces), "no track is of both"


@pytest.mark.parametrize("after", [ANA, BEN])
def test_after_a_stall_a_face_is_proven_at_once(after: int) -> None:
    """The camera stood still: the track goes on, perhaps with another's face."""
    two = (Actor(ANA, 0, 3000), Actor(after, 3000, 7000, at=(175.0, 70.0, 48.0)))
    script = film(*two, seconds=7)
    moments = tuple(pts for pts in script.moments() if not 2600 <= pts < 4000)
    seen = watch(replace(script, times=moments), gallery(ANA, BEN))
    assert seen.names(2000, 2600) == {"Ana"}
    (first,) = seen.told[4000]
    assert (first.name == "Ana") is (after == ANA)
    assert ({first.id} == seen.ids("Ana")) is (after == ANA)


def test_a_camera_that_was_away_saw_nobody_meanwhile_and_meets_all_anew() -> None:
    script = film(Actor(ANA, 0, 12_000, at=(175.0, 70.0, 48.0)), seconds=12)
    moments = tuple(pts for pts in script.moments() if not 3000 <= pts < 9000)
    seen = watch(replace(script, times=moments), gallery(ANA, BEN), bodies=True)
    assert seen.names(2000, 3000) == {"Ana"} == seen.names(10_000)
    (before,), (after,) = seen.told[2800], seen.told[9000]
    assert before.id != after.id and after.name is None, "never by one look"
    first, second = seen.pieces
    assert max(track.last for track in first.segment.tracks) == 2801
    assert min(track.first for track in second.segment.tracks) == 9000


def test_who_is_looked_at_but_every_other_second_is_named_as_well() -> None:
    script = film(Actor(ANA, 0, 20_000, at=(175.0, 70.0, 48.0)), seconds=20)
    slow = replace(script, times=tuple(range(0, 20_000, 2200)))
    seen = watch(slow, gallery(ANA, BEN), settings=WatchSettings(fps=0.5))
    assert seen.names(10_000) == {"Ana"} and len(seen.pieces) == 1


def test_after_a_cut_nobody_is_taken_for_who_was_at_that_place() -> None:
    two = (Actor(ANA, 0, 3000), Actor(BEN, 3000, 7000))
    seen = watch(film(*two, seconds=7, cuts=(3000,)), gallery(ANA, BEN))
    assert "Ana" not in seen.names(3000)
    assert seen.names(5000) == {"Ben"}


def test_two_faces_at_once_cannot_be_one_person() -> None:
    left, right = (90.0, 70.0, 48.0), (230.0, 70.0, 48.0)
    twins = (Actor(ANA, 0, 5000, at=left), Actor(ANA, 0, 5000, at=right))
    seen = watch(film(*twins, seconds=5), gallery(ANA, BEN))
    for persons in seen.told.values():
        assert [p.name for p in persons].count("Ana") <= 1
    assert [p.name for p in seen.told[4000]].count("Ana") == 1


def test_the_body_holds_the_name_while_the_head_is_turned() -> None:
    actor = Actor(ANA, 0, 12_000, body=True, turned=(5000, 10_000))
    seen = watch(film(actor, seconds=12), gallery(ANA, BEN), bodies=True)
    turned = [p for pts in range(6000, 10_000, LOOK_MS) for p in seen.told[pts]]
    assert {(p.name, p.by) for p in turned} == {("Ana", "body")}
    assert seen.names(10_000) == {"Ana"} and len(seen.ids("Ana")) == 1


def test_a_body_is_not_told_by_a_name_while_another_face_is_on_it() -> None:
    first = Actor(ANA, 0, 5000, body=True)
    then = Actor(STRANGER, 5000, 9000, body=True)
    seen = watch(film(first, then, seconds=9), gallery(ANA, BEN), bodies=True)
    assert seen.names(3000, 5000) == {"Ana"}
    assert "Ana" not in seen.names(5000)


def test_one_body_with_its_face_is_one_person_from_the_first_look() -> None:
    left, right = (80.0, 70.0, 40.0), (240.0, 70.0, 40.0)
    actors = (
        Actor(ANA, 0, 6000, at=left, body=True),
        Actor(BEN, 2000, 6000, at=right),
        Actor(STRANGER, 4000, 6000, at=(160.0, 70.0, 40.0), body=True),
    )
    seen = watch(film(*actors, seconds=6), gallery(ANA, BEN), bodies=True)
    assert {seen.people[pts] for pts in range(1000, 2000, LOOK_MS)} == {1}
    assert {seen.people[pts] for pts in range(3000, 4000, LOOK_MS)} == {2}
    assert {seen.people[pts] for pts in range(5000, 6000, LOOK_MS)} == {3}


def test_pieces_are_closed_by_time_and_whoever_is_there_stays_who_they_are() -> None:
    seconds = 2 * LONGEST_MS / 1000 + 5
    turned = (LONGEST_MS - 1000, LONGEST_MS + 4000)
    across, end = (60.0, 70.0, 48.0), (260.0, 70.0, 48.0)
    actor = Actor(ANA, 0, round(1000 * seconds), across, end, body=True, turned=turned)
    seen = watch(film(actor, seconds=seconds), gallery(ANA, BEN), bodies=True)
    assert len(seen.pieces) == 3
    assert seen.names(10_000) == {"Ana"} and len(seen.ids("Ana")) == 1
    for piece in seen.pieces:
        told = [one.candidate.person.name for one in piece.told.values() if one.candidate]
        assert set(told) == {"Ana"}


def test_many_who_came_and_went_are_kept_at_once() -> None:
    crowd = [Actor(n % 8, 1000 * n, 1000 * n + 800, at=(60.0 + 8 * n, 70, 48)) for n in range(30)]
    seen = watch(film(*crowd, seconds=30), gallery(ANA, BEN))
    assert len(seen.pieces) >= 2
    faces = [t for piece in seen.pieces for t in piece.segment.tracks if t.kind == "face"]
    assert len(faces) == 30


def test_life_is_judged_while_somebody_is_there_and_forgotten_when_they_are_gone() -> None:
    judge = Judge()
    actors = (Actor(ANA, 0, 3000), Actor(BEN, 20_000, 23_000))
    watch(film(*actors, seconds=45), gallery(ANA, BEN), judge=judge)
    assert set(judge.looks) == {1, 2}
    assert judge.forgotten == [1, 2]


def test_who_was_seen_alive_is_kept_as_alive_though_looks_were_missed_since() -> None:
    class Once(Judge):
        """Says live at the fifth look only, as after a gap that took the evidence."""

        def state(self, track: int) -> tuple[Liveness, tuple[str, ...]]:
            return ("live" if len(self.looks) == 5 else "not shown yet"), ()

    seen = watch(film(Actor(ANA, 0, 4000), seconds=4), gallery(ANA, BEN), judge=Once())
    assert [one.live for piece in seen.pieces for one in piece.told.values()] == ["live"]
    assert seen.told[3800][0].live == "not shown yet", "what is told now is of now"
    never = watch(film(Actor(ANA, 0, 4000), seconds=4), gallery(ANA, BEN), judge=Judge())
    assert {one.live for piece in never.pieces for one in piece.told.values()} == {"not shown yet"}


def test_a_glance_goes_to_those_who_were_not_seen_to_be_alive() -> None:
    script = film(Actor(ANA, 0, 3000), seconds=3)
    judge, serials = Judge(), itertools.count(1)
    camera = CameraWatch(
        stage(script).parts,
        ObserveSettings(bodies=False),
        WatchSettings(),
        judge,
        lambda: next(serials),
    )
    frames = list(frames_of(script))
    assert not camera.wants_glance
    camera.feed(frames[0])
    looks = len(judge.looks)
    assert camera.wants_glance
    camera.glance(frames[1])
    assert len(judge.looks) == looks + 1
    judge.alive.add(1)
    assert not camera.wants_glance
