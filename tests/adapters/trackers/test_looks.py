"""What trackers see of a picture: colours of boxes, pans of the camera, and when they look."""

from __future__ import annotations

import numpy as np
import pytest

from personae.adapters.trackers.appearance import LENGTH, looks
from personae.adapters.trackers.camera import CameraShift
from personae.adapters.trackers.memory import Memory, Sight, covered, doubtful
from personae.adapters.trackers.scene import Scene
from personae.core.arrays import Boxes, Flags, Ids
from personae.core.frame import Picture
from tests.adapters.trackers.film import (
    BLUE,
    GREEN,
    HEIGHT,
    RED,
    WIDTH,
    Actor,
    Colour,
    detections,
    frame,
    ground,
)


def boxes_of(actors: list[Actor]) -> Boxes:
    return detections(actors).boxes


def test_rows_are_unit_vectors_also_beyond_the_picture() -> None:
    odd = np.array([[-50, -50, 40, 40], [600, 300, 900, 700], [10, 10, 11, 11]], np.float32)
    found = looks(ground(), odd, 1.4)
    assert found.shape == (3, LENGTH)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert looks(ground(), odd[:0], 1.4).shape == (0, LENGTH)


def test_the_same_person_elsewhere_and_larger_is_alike_and_another_is_not() -> None:
    small, large = Actor(150, 150, 80), Actor(450, 200, 160)
    other = Actor(300, 100, 80, colour=BLUE)
    image = frame(0, [small, large, other]).picture.rgb()
    near, far, stranger = looks(image, boxes_of([small, large, other]), 0.8)
    assert near @ far > 0.99
    # What they share is their brightness
    assert near @ stranger < 0.4


def test_light_weighs_less_than_colour() -> None:
    def look(colour: Colour) -> np.ndarray:
        actor = Actor(300, 180, colour=colour)
        return looks(frame(0, [actor]).picture.rgb(), boxes_of([actor]), 0.8)[0]

    dimmed = look((130, 26, 26))
    assert look(RED) @ dimmed > look(RED) @ look(GREEN) + 0.3


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (24, 0), (-40, 0), (8, -16), (-5, 12)])
def test_a_pan_is_measured_to_a_few_pixels(dx: int, dy: int) -> None:
    wide = np.kron(np.random.default_rng(5).integers(0, 255, (60, 110)), np.ones((8, 8)))
    camera = CameraShift()

    def luma(x: int, y: int) -> np.ndarray:
        view = wide[60 + y : 60 + y + HEIGHT, 120 + x : 120 + x + WIDTH]
        return view.reshape(45, 8, 80, 8).mean((1, 3)).astype(np.uint8)

    assert camera.step(luma(0, 0)).tolist() == [0, 0]
    shift = camera.step(luma(-dx, -dy)) * [WIDTH, HEIGHT]
    np.testing.assert_allclose(shift, [dx, dy], atol=2.5)


def test_pictures_that_have_nothing_in_common_did_not_move() -> None:
    camera = CameraShift()
    rng = np.random.default_rng(0)
    moved = [camera.step(rng.integers(0, 255, (45, 80)).astype(np.uint8)) for _ in range(20)]
    np.testing.assert_array_equal(moved, np.zeros((20, 2)))
    assert camera.step(np.zeros((80, 45), np.uint8)).tolist() == [0, 0]


def test_after_a_cut_the_scene_compares_with_nothing() -> None:
    scene = Scene()
    scene.step(frame(0, back=ground(1)).picture)
    scene.step(frame(1, back=ground(2, light=30)).picture)
    assert scene.change > 10
    scene.forget()
    assert scene.change == 0
    scene.step(frame(2, back=ground(1)).picture)
    assert scene.change == 0
    assert scene.shift.tolist() == [0, 0]


def sight(actors: list[Actor], ids: list[int], hidden: list[bool]) -> Sight:
    which: Ids = np.array(ids, np.int64)
    return Sight(which, boxes_of(actors), np.array(hidden, bool))


def picture(actors: list[Actor]) -> Picture:
    return frame(0, actors).picture


def test_a_missed_track_is_remembered_as_it_was_last_seen() -> None:
    memory, red, blue = Memory(0.8), Actor(100, 180), Actor(400, 180, colour=BLUE)
    both: Ids = np.array([0, 1], np.int64)
    memory.keep(picture([red, blue]), sight([red, blue], [0, 1], [False, False]), both)
    memory.keep(picture([blue]), sight([blue], [1], [False]), both)
    memory.keep(picture([]), sight([], [], []), both)
    expected = looks(picture([red, blue]).rgb(), boxes_of([red, blue]), 0.8)
    np.testing.assert_allclose(memory.recall(both), expected, atol=1e-6)


def test_a_covered_track_keeps_its_clear_look() -> None:
    memory, red = Memory(0.8), Actor(100, 180)
    one: Ids = np.array([0], np.int64)
    memory.keep(picture([red]), sight([red], [0], [False]), one)
    over = Actor(100, 180, colour=BLUE)
    memory.keep(picture([red, over]), sight([red], [0], [True]), one)
    expected = looks(picture([red]).rgb(), boxes_of([red]), 0.8)
    np.testing.assert_allclose(memory.recall(one), expected, atol=1e-6)


def test_covered_means_by_the_box_of_another() -> None:
    near = boxes_of([Actor(100, 180), Actor(115, 180), Actor(400, 180)])
    assert covered(near).tolist() == [True, True, False]
    assert covered(near[:1]).tolist() == [False]
    assert covered(near[:0]).tolist() == []


def test_only_lone_calm_close_pairs_are_beyond_doubt() -> None:
    calm: Flags = np.zeros(3, bool)
    near = np.array([[0.9, 0, 0], [0, 0.9, 0.4], [0, 0, 0.9]], np.float32)
    doubts = doubtful(near, near >= 0.2, calm, 0.5)
    assert doubts.tolist() == [[False, False, False], [False, True, True], [False, False, True]]
    far = np.array([[0.3]], np.float32)
    assert doubtful(far, far >= 0.2, calm[:1], 0.5).tolist() == [[True]]
    close = np.array([[0.9]], np.float32)
    assert doubtful(close, close >= 0.2, np.array([True]), 0.5).tolist() == [[True]]
