"""Evidence put together: nothing, blinks, a head that turns, a picture that turns."""

from __future__ import annotations

import numpy as np
import pytest

from personae.core.arrays import Doubles
from personae.core.face_look import FaceLook
from personae.flows.liveness import LivenessSettings, LivingFace
from tests.core.test_flatness import HEAD, PLANE, turned

OPEN, SHUT = 0.3, 0.05


def played(
    points: list[Doubles], lids: list[float], fps: float = 8.0, presence: float = 1.0
) -> LivingFace:
    face = LivingFace()
    for number, (there, lid) in enumerate(zip(points, lids, strict=True)):
        face.see(number / fps, FaceLook(there, lid, lid, presence))
    return face


def swinging(depth: Doubles, most: float, looks: int = 48) -> list[Doubles]:
    return [turned(depth, most * np.sin(n / 8)) for n in range(looks)]


def lids(shut: set[int], looks: int = 48) -> list[float]:
    return [SHUT if n in shut else OPEN for n in range(looks)]


STILL = [turned(HEAD, 0.0)] * 48


def test_a_face_that_does_nothing_is_not_shown_to_live() -> None:
    assert played(STILL, lids(set())).state() == (
        "not shown yet",
        ("neither blinked nor turned",),
    )
    assert LivingFace().state()[0] == "not shown yet"


def test_two_blinks_show_life_one_does_not() -> None:
    assert played(STILL, lids({20})).state() == ("not shown yet", ("blinked 1 time",))
    assert played(STILL, lids({20, 30})).state() == ("live", ("blinked 2 times",))


def test_a_head_that_turns_lives_a_picture_that_turns_does_not() -> None:
    assert played(swinging(HEAD * 2, 0.6), lids(set())).state() == (
        "live",
        ("turned like a head",),
    )
    said, reasons = played(swinging(PLANE, 0.6), lids(set())).state()
    assert said == "spoof suspected"
    assert reasons == ("moves like a flat picture",)


def test_eyes_that_blink_in_a_flat_picture_do_not_make_it_live() -> None:
    said, reasons = played(swinging(PLANE, 0.6), lids({20, 30})).state()
    assert said == "spoof suspected"
    assert reasons == ("moves like a flat picture", "blinked 2 times")


def test_a_picture_that_is_bent_or_only_moved_is_not_live() -> None:
    curve = [0.4 * np.sin(n / 8) * turned(PLANE, 0)[:, 0] ** 2 / 640 for n in range(48)]
    bent = [np.column_stack([turned(PLANE, 0)[:, 0], turned(PLANE, 0)[:, 1] + c]) for c in curve]
    moved = [turned(PLANE, 0) + 20 * np.sin(n) for n in range(48)]
    assert played(moved, lids(set())).state()[0] == "not shown yet"
    assert played(bent, lids(set())).state()[0] != "live"


def test_eyes_that_shut_as_the_face_jumps_are_another_picture() -> None:
    jumping = [STILL[0] + (200 if n in (20, 30) else 0) for n in range(48)]
    assert played(jumping, lids({20, 30})).state()[0] == "not shown yet"


def test_a_single_bad_look_tells_nothing() -> None:
    wild = list(STILL)
    wild[16] = turned(HEAD * 3, 0.8)
    assert played(wild, lids(set())).state()[0] == "not shown yet"


def test_what_is_hardly_a_face_is_left_out() -> None:
    face = played(swinging(HEAD * 2, 0.6), lids({20, 30}), presence=0.6)
    assert face.state()[0] == "not shown yet"


def test_who_comes_back_later_begins_anew() -> None:
    face = played(STILL, lids({20, 30}))
    face.see(48 / 8 + 2.5, FaceLook(STILL[0], OPEN, OPEN, 1.0))
    assert face.state()[0] == "not shown yet"


@pytest.mark.parametrize("minutes", [10])
def test_memory_does_not_grow(minutes: int) -> None:
    looks = minutes * 60 * 4
    face = played([STILL[0]] * looks, [OPEN] * looks, fps=4)
    assert len(face._keys) <= 16
    assert len(face._changes) <= 16 * 15 / 2


def test_looks_of_another_face_in_between_are_no_turn() -> None:
    # A mesh that loses the face now and then, or photos of one head from two sides in turn
    turns = [turned(HEAD * 2, 0.6 if n % 6 == 0 else 0.0) for n in range(48)]
    assert played(turns, lids(set())).state() == (
        "not shown yet",
        ("neither blinked nor turned",),
    )


def scored(scores: list[float], shut: set[int]) -> LivingFace:
    """A face that blinks, and what a network of the user's own says of each look."""
    face = LivingFace(LivenessSettings(score=0.5, scores=4))
    for number, (score, lid) in enumerate(zip(scores, lids(shut), strict=False)):
        face.see(number / 8, FaceLook(STILL[0], lid, lid, 1.0), score)
    return face


def test_a_network_makes_a_face_suspect_but_never_alive() -> None:
    assert scored([0.9] * 40, set()).state()[0] == "not shown yet"
    assert scored([0.9] * 40, {20, 30}).state()[0] == "live"
    said, reasons = scored([0.1] * 40, {20, 30}).state()
    assert said == "spoof suspected"
    assert reasons == ("looks like a picture to the network asked", "blinked 2 times")


def test_few_answers_of_a_network_say_nothing_and_old_ones_are_forgotten() -> None:
    assert scored([0.1] * 3, set()).state()[0] == "not shown yet"
    assert scored([0.1] * 4, set()).state()[0] == "spoof suspected"
    assert scored([0.1] * 4 + [0.9] * 8, set()).state()[0] == "not shown yet"
    assert scored([0.9, 0.1] * 10, set()).state()[0] == "not shown yet", "the median is 0.5"
