"""The exact first and last moment, found with few looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.detections import Detections
from personae.core.frame import Frame
from personae.flows.edges import Edges
from personae.testing.fakes import FakeDetector
from personae.testing.script import Actor, Script
from tests.flows.scenes import frames_of

PLACE = (160.0, 70.0, 48.0)


def edges(script: Script, most: int = 12) -> Edges:
    detector = FakeDetector(script)

    def look(frame: Frame) -> Detections:
        return detector.detect([frame.picture.rgb()])[0]

    made = Edges(look)
    for frame in frames_of(script):
        made.pass_by(frame, most)
    return made


@given(st.integers(0, 12), st.integers(0, 12))
def test_the_moment_is_exact_and_found_by_halving(moment: int, length: int) -> None:
    moment = min(moment, length)
    coming = Actor(0, moment, length + 1, PLACE)
    leaving = Actor(0, 0, moment, PLACE)
    box = coming.face(0)
    start, end = edges(Script((coming,), length)), edges(Script((leaving,), length))
    assert start.start_of(box, 99) == (moment if moment < length else 99)
    assert end.end_of(box, 99) == (moment if moment < length else 99)
    assert max(start.looks, end.looks) <= max(length, 1).bit_length()


def test_a_frame_is_looked_at_once_for_all_faces() -> None:
    actors = (Actor(0, 3, 9, (60, 60, 40)), Actor(1, 0, 3, (200, 60, 40)))
    made = edges(Script(actors, 8))
    assert made.start_of(actors[0].face(4), 8) == 3
    looks = made.looks
    assert made.end_of(actors[1].face(0), 8) == 3
    assert made.looks == looks


def test_somebody_else_in_the_picture_is_no_sign_of_them() -> None:
    other = Actor(1, 0, 9, (60, 60, 40))
    made = edges(Script((other, Actor(0, 5, 9, (200, 60, 40))), 8))
    assert made.start_of(Actor(0, 0, 9, (200, 60, 40)).face(0), 8) == 5


@pytest.mark.parametrize("box", [np.array([0, 0, 9, 9], np.float32)])
def test_with_nothing_between_it_is_now(box: np.ndarray) -> None:
    made = edges(Script((), 0))
    assert made.start_of(box, 42) == made.end_of(box, 42) == 42
    assert made.looks == 0


def test_what_was_dealt_with_is_forgotten() -> None:
    actor = Actor(0, 2, 9, PLACE)
    made = edges(Script((actor,), 6))
    assert made.start_of(actor.face(0), 6) == 2
    made.reset()
    assert made.start_of(actor.face(0), 6) == 6


def test_of_very_many_frames_some_are_let_go() -> None:
    """A film of 240 frames a second is refined more coarsely, but never wrongly."""
    actor = Actor(0, 31, 99, PLACE)
    made = edges(Script((actor,), 48), most=12)
    found = made.start_of(actor.face(40), 48)
    assert 31 <= found <= 31 + 8
    assert made.looks <= 4
