"""Photos at several scales: every face once, from the scale at which it is best placed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.arrays import RgbImage
from personae.core.detections import Detections
from personae.flows.scales import IDEAL, LADDER, closely, scaled, sizes
from personae.testing.fakes import FakeDetector
from personae.testing.script import Actor, FakePicture, Script


class Marked(FakeDetector):
    """A detector whose boxes are off by a little at each scale, and say at which they were found:
    the score ends in the width of the picture it was shown."""

    def detect(self, pictures: list[RgbImage]) -> list[Detections]:  # type: ignore[override]
        found = super().detect(pictures)[0]
        width = pictures[0].shape[1]
        boxes = found.boxes + np.float32(width / 640)
        scores = np.full(len(found), 0.9 + width * 1e-7, np.float32)
        return [Detections(found.kind, boxes.astype(np.float32), scores, found.landmarks)]


def photo(*actors: Actor, size: tuple[int, int] = (2560, 1440)) -> Script:
    return Script(actors, 1, size=size, still=True, fps=None)


def seen_at(found: Detections) -> list[int]:
    return [round((float(score) - 0.9) * 1e7 / 640) * 640 for score in found.scores]


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_rungs_rise_and_never_exceed_the_picture(width: int, height: int) -> None:
    found = sizes(width, height)
    sides = [max(size) for size in found]
    longest = max(width, height)
    assert sides[0] == max(min(LADDER[0], longest), 16)
    assert sides[-1] <= max(min(LADDER[-1], longest), 16)
    assert all(b > 1.3 * a for a, b in itertools.pairwise(sides))
    for across, down in found:
        assert min(across, down) >= 16
        if min(width, height) * sides[0] / longest > 32:
            assert across / down == pytest.approx(width / height, rel=0.04)


def test_known_ladders() -> None:
    assert sizes(320, 240) == [(320, 240)]
    assert sizes(640, 480) == [(640, 480)]
    assert sizes(800, 600) == [(640, 480)]
    assert sizes(1000, 500) == [(640, 320), (1000, 500)]
    assert sizes(6000, 4000) == [(640, 427), (1280, 853), (2560, 1707)]
    assert sizes(400, 6000) == [(43, 640), (85, 1280), (171, 2560)]


def test_a_face_found_at_every_scale_is_one_face() -> None:
    script = photo(Actor(0, 0, 1, (600, 600, 320)), Actor(1, 0, 1, (1800, 700, 300)))
    detector = Marked(script)
    found = closely(detector, FakePicture(script, 0))
    assert len(detector.seen) == 3
    assert len(found) == 2
    order = np.argsort(found.boxes[:, 0])
    for row, actor in zip(order, script.actors, strict=True):
        np.testing.assert_allclose(found.boxes[row], actor.face(0), atol=5)
        assert found.landmarks is not None
        np.testing.assert_allclose(found.landmarks[row], actor.landmarks(0), atol=0.1)


@pytest.mark.parametrize(
    ("height", "scale"), [(70, 2560), (IDEAL, 2560), (160, 1280), (320, 640), (1200, 640)]
)
def test_the_scale_at_which_it_is_near_80_pixels_wins(height: float, scale: int) -> None:
    script = photo(Actor(0, 0, 1, (1280, 720, height)))
    assert seen_at(closely(Marked(script), FakePicture(script, 0))) == [scale]


def test_a_face_too_small_for_the_first_scale_is_found_at_a_later_one() -> None:
    script = photo(Actor(0, 0, 1, (400, 400, 30)), Actor(1, 0, 1, (1500, 700, 400)))
    detector = FakeDetector(script, least=20)
    found = closely(detector, FakePicture(script, 0))
    assert len(found) == 2
    assert len(closely(FakeDetector(script, least=31), FakePicture(script, 0))) == 1


def test_neighbours_are_not_merged() -> None:
    script = photo(Actor(0, 0, 1, (600, 600, 100)), Actor(1, 0, 1, (660, 610, 100)))
    assert len(closely(FakeDetector(script), FakePicture(script, 0))) == 2


@pytest.mark.parametrize("kind", ["face", "body"])
def test_nothing_there_is_nothing_found(kind: str) -> None:
    script = photo()
    found = closely(FakeDetector(script, "face" if kind == "face" else "body"),
                    FakePicture(script, 0))  # fmt: skip
    assert len(found) == 0 and found.kind == kind


def test_bodies_are_searched_the_same_way() -> None:
    script = photo(Actor(0, 0, 1, (1280, 300, 200), body=True))
    found = closely(FakeDetector(script, "body"), FakePicture(script, 0))
    assert len(found) == 1 and found.landmarks is None and found.kind == "body"


def test_a_small_photo_is_searched_once() -> None:
    script = photo(Actor(0, 0, 1, (100, 100, 60)), size=(320, 240))
    detector = FakeDetector(script)
    assert len(closely(detector, FakePicture(script, 0))) == 1
    assert detector.seen == [0]


def test_scaled_boxes_are_in_pixels_of_the_whole_and_inside_it() -> None:
    boxes = np.array([[1, 2, 3, 4], [90, 40, 110, 60]], np.float32)
    marks = np.ones((2, 5, 2), np.float32)
    found = scaled(Detections("face", boxes, np.ones(2, np.float32), marks), (100, 50), (300, 200))
    assert found.boxes.tolist() == [[3, 8, 9, 16], [270, 160, 300, 200]]
    assert found.landmarks is not None and found.landmarks[0, 0].tolist() == [3, 4]
    assert found.boxes.dtype == found.landmarks.dtype == np.float32
    bodies = scaled(Detections("body", boxes, np.ones(2, np.float32)), (100, 50), (300, 200))
    assert bodies.landmarks is None
