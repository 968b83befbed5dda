"""Scenes with a known truth: who must keep their number, and who must not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.core.arrays import Luma, RgbImage
from personae.core.frame import Frame
from tests.adapters.trackers.film import (
    BLUE,
    GREEN,
    HEIGHT,
    RED,
    WIDTH,
    YELLOW,
    Actor,
    detections,
    frame,
    ground,
    show,
)

BODIES = ByteTrackSettings.bodies()
FACES = ByteTrackSettings.faces()
BLIND = replace(BODIES, camera=False, alike=0.0)


class NoPicture:
    """A picture of known size that must not be read."""

    width, height = WIDTH, HEIGHT

    def rgb(self) -> RgbImage:
        raise AssertionError("the pixels were read")

    def rgb_at(self, width: int, height: int) -> RgbImage:
        raise AssertionError(f"the pixels were read at {width} x {height}")

    def luma(self) -> Luma:
        raise AssertionError("the brightness was read")


def walk(tracker: ByteTrack, times: list[float], speed: float) -> set[int]:
    """Ids of somebody who walks at ``speed`` pixels a second."""
    return {show(tracker, t, [Actor(40 + speed * t, 180)])[0] for t in times}


@pytest.mark.parametrize("fps", [25, 5, 2])
@pytest.mark.parametrize("settings", [BODIES, BLIND, FACES], ids=["bodies", "blind", "faces"])
def test_a_walker_keeps_one_number_at_any_rate(settings: ByteTrackSettings, fps: int) -> None:
    times = [i / fps for i in range(4 * fps)]
    assert walk(ByteTrack(settings), times, speed=80.0) == {0}


def test_a_runner_who_crosses_more_than_their_width_a_frame_keeps_one_number() -> None:
    # 70 pixels a frame at a width of 50: the boxes of neighbouring frames do not overlap
    assert walk(ByteTrack(BODIES), [i / 5 for i in range(8)], speed=350.0) == {0}


def test_uneven_steps_do_not_matter() -> None:
    steps = np.random.default_rng(3).choice([0.04, 0.2, 0.36, 0.6], 25)
    assert walk(ByteTrack(BODIES), np.cumsum(steps).tolist(), speed=50.0) == {0}


def test_people_who_cross_keep_their_numbers() -> None:
    tracker = ByteTrack(BODIES)
    numbers = []
    for i in range(30):
        left = Actor(60 + 18 * i, 180, colour=RED)
        right = Actor(590 - 18 * i, 186, colour=BLUE)
        numbers.append(show(tracker, i / 5, [left, right]))
    assert numbers == [[0, 1]] * 30


def test_colours_tell_apart_who_comes_out_of_a_knot() -> None:
    """Two people meet, one box is missing, and they turn back: motion alone swaps them."""

    def ids(settings: ByteTrackSettings) -> list[int]:
        tracker = ByteTrack(settings)
        for i in range(8):
            show(tracker, i / 5, [Actor(100 + 25 * i, 180), Actor(500 - 25 * i, 180, colour=BLUE)])
        show(tracker, 1.6, [])
        for i in range(3):
            back = [Actor(280 - 25 * i, 180), Actor(320 + 25 * i, 180, colour=BLUE)]
            last = show(tracker, 1.8 + i / 5, back)
        return last

    assert ids(BODIES) == [0, 1]
    assert ids(BLIND) == [1, 0]


@pytest.mark.parametrize(("away", "same"), [(0.6, True), (1.2, True), (2.0, False)])
def test_somebody_hidden_comes_back_within_their_time(away: float, same: bool) -> None:
    tracker = ByteTrack(BODIES)
    for i in range(6):
        assert show(tracker, i / 5, [Actor(100 + 8 * i, 180)]) == [0]
    frames = round(away * 5)
    for i in range(1, frames):
        show(tracker, 1.0 + i / 5, [])
    back = show(tracker, 1.0 + away, [Actor(140 + 40 * away, 180)])
    assert (back == [0]) is same
    assert (tracker.lost().tolist() == [0]) is not same


def test_patience_is_a_matter_of_time_not_of_frames() -> None:
    for fps in (5, 25):
        tracker = ByteTrack(BODIES)
        show(tracker, 0.0, [Actor(100, 180)])
        missed = 0
        while not tracker.lost().size:
            missed += 1
            show(tracker, missed / fps, [])
        assert missed / fps == pytest.approx(BODIES.keep_s, abs=1.01 / fps)


def test_a_slow_rate_tears_nothing_but_a_long_pause_does() -> None:
    tracker = ByteTrack(BODIES)
    assert [show(tracker, t, [Actor(100, 180)])[0] for t in (0.0, 4.0, 8.0, 12.0)] == [0] * 4
    assert show(tracker, 60.0, [Actor(100, 180)]) == [1]
    assert tracker.lost().tolist() == [0]


def test_a_burst_of_false_detections_confirms_nobody() -> None:
    tracker = ByteTrack(BODIES)
    rng = np.random.default_rng(1)
    everyone: set[int] = set()
    for i in range(10):
        person = Actor(100 + 10 * i, 180)
        spots = [(x, y) for x in range(250, 640, 90) for y in (60, 300)] if i == 5 else []
        ghosts = [Actor(x, y, 40 + 5 * rng.random(), 0.6, GREEN) for x, y in spots]
        everyone |= set(show(tracker, i / 5, [person, *ghosts]))
    confirmed = set(tracker.finish().tolist()) | set(tracker.lost().tolist())
    assert confirmed == {0}
    assert set(tracker.rejected().tolist()) == everyone - {0}
    assert len(everyone) == 11


def test_the_first_detection_carries_the_number_before_it_is_confirmed() -> None:
    tracker = ByteTrack(BODIES)
    assert show(tracker, 0.0, [Actor(100, 180, score=0.5)]) == [0]
    assert show(tracker, 0.2, [Actor(105, 180, score=0.5)]) == [0]
    assert tracker.finish().tolist() == [0]
    assert tracker.rejected().tolist() == []


def test_a_sure_detection_is_confirmed_at_once_and_an_unsure_one_is_not() -> None:
    tracker = ByteTrack(BODIES)
    show(tracker, 0.0, [Actor(100, 180, score=0.85), Actor(400, 180, score=0.5)])
    assert tracker.finish().tolist() == [0]
    assert tracker.rejected().tolist() == [1]


def test_a_weak_detection_continues_a_track_but_opens_none() -> None:
    tracker = ByteTrack(BODIES)
    show(tracker, 0.0, [Actor(100, 180)])
    weak = [Actor(100, 180, score=0.2), Actor(400, 180, score=0.2)]
    assert show(tracker, 0.2, weak) == [0, -1]
    nothing = [Actor(100, 180, score=0.02)]
    assert show(tracker, 0.4, nothing) == [-1]


def test_a_child_does_not_continue_a_grown_up() -> None:
    tracker = ByteTrack(FACES)
    show(tracker, 0.0, [Actor(300, 180, 200)])
    assert show(tracker, 0.2, [Actor(300, 180, 100)]) == [1]


def test_an_unseen_cut_to_another_face_at_the_same_place_begins_a_track() -> None:
    tracker = ByteTrack(FACES)
    first, second = ground(1), ground(2, light=40)
    for i in range(5):
        assert show(tracker, i / 5, [Actor(300, 180, 150, colour=RED)], first) == [0]
    assert show(tracker, 1.0, [Actor(304, 182, 152, colour=BLUE)], second) == [1]


def test_a_room_that_grows_dark_does_not_end_a_face() -> None:
    tracker = ByteTrack(FACES)
    for i, light in enumerate(range(120, 20, -10)):
        face = [Actor(300 + 12 * i, 180, 150)]
        assert show(tracker, i / 5, face, ground(1, light=light)) == [0]


def test_a_dark_stranger_does_not_inherit_the_number_of_one_who_left() -> None:
    tracker = ByteTrack(FACES)
    show(tracker, 0.0, [Actor(300, 180, 150, colour=YELLOW)])
    show(tracker, 0.2, [])
    assert show(tracker, 0.4, [Actor(310, 180, 150, colour=BLUE)]) == [1]
    tracker = ByteTrack(FACES)
    show(tracker, 0.0, [Actor(300, 180, 150, colour=YELLOW)])
    show(tracker, 0.2, [])
    assert show(tracker, 0.4, [Actor(310, 180, 150, colour=YELLOW)]) == [0]


def test_a_sudden_pan_is_taken_off_the_motion() -> None:
    """A row of people alike in colour: the camera turns by the distance between two of them."""

    def after_pan(settings: ByteTrackSettings) -> list[int]:
        tracker = ByteTrack(settings)
        for i in range(4):
            show(tracker, i / 5, [Actor(200 + 80 * k, 180) for k in range(4)], ground(4))
        turned = [Actor(120 + 80 * k, 180) for k in range(4)]
        return show(tracker, 0.8, turned, ground(4, pan=80))

    assert after_pan(replace(BODIES, alike=0.0)) == [0, 1, 2, 3]
    assert after_pan(BLIND) != [0, 1, 2, 3]


def test_a_clock_that_is_set_back_breaks_nothing() -> None:
    tracker = ByteTrack(BODIES)
    times = (5.0, 5.2, 1.0, 1.2, 1.4)
    assert [show(tracker, t, [Actor(100, 180)])[0] for t in times] == [0] * 5


def test_blind_settings_never_touch_the_picture() -> None:
    tracker = ByteTrack(BLIND)
    for i in range(5):
        real = frame(i / 5)
        blind = Frame(NoPicture(), real.index, real.time)
        people = [Actor(100 + 9 * i, 180), Actor(110, 190, colour=BLUE)]
        assert tracker.update(blind, detections(people)).ids.tolist() == [0, 1]


def test_a_lone_calm_face_is_never_looked_at() -> None:
    class Bright(NoPicture):
        def luma(self) -> Luma:
            return np.full((45, 80), 120, np.uint8)

    tracker = ByteTrack(FACES)
    for i in range(5):
        time = frame(i / 5).time
        seen = detections([Actor(100 + 2 * i, 180)])
        assert tracker.update(Frame(Bright(), i, time), seen).ids.tolist() == [0]


def test_settings_for_faces_and_bodies_are_the_tuned_ones() -> None:
    assert FACES.high > BODIES.high
    assert FACES.alike > BODIES.alike > 0
    assert FACES.keep_s < BODIES.keep_s
