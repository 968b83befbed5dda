"""Which views of a face before a camera are embedded, and in which order."""

from __future__ import annotations

import numpy as np
import pytest

from personae.core.quality import Quality
from personae.core.track import Shot
from personae.flows.collect import OpenTrack
from personae.flows.live_views import coarse, new_views, proof
from personae.flows.recognise import Identity
from personae.flows.shots import Views
from personae.flows.subjects import Subject

BOX = np.array([10, 10, 60, 70], np.float32)
NOISE = np.random.default_rng(3)
FACE, OTHER = (NOISE.integers(0, 256, (160, 160, 3), np.uint8) for _ in range(2))


def shot(pts: int, total: float, crop: np.ndarray = FACE) -> Shot:
    parts = {name: total for name in Quality.__dataclass_fields__}
    return Shot(pts, BOX, np.zeros((5, 2), np.float32), Quality(**parts), crop)


def track(*shots: Shot) -> OpenTrack:
    made = OpenTrack(1, 0, Views(5, 600), False)
    for one in shots:
        made.views.offer(one)
        made.times.append(one.pts)
        made.boxes.append(BOX)
        made.newest = one
    return made


def subject() -> Subject:
    return Subject(1, 0, Identity(1e-4))


def test_views_come_in_order_of_time_not_of_quality() -> None:
    """An old view that agrees must not undo the doubt that a new one raised."""
    three = track(shot(0, 0.5), shot(700, 0.8), shot(1400, 0.9))
    assert [one.pts for one in new_views(three, subject())] == [700, 1400]


def test_views_from_before_the_subject_came_and_known_ones_are_left_out() -> None:
    mine = subject()
    mine.since = 600
    mine.identity.learn(700, 0.8, np.ones(4, np.float32))
    three = track(shot(0, 0.9), shot(700, 0.8), shot(1400, 0.7))
    assert [one.pts for one in new_views(three, mine)] == [1400]


def test_a_face_that_looks_the_same_is_not_embedded_again() -> None:
    mine, one = subject(), track(shot(0, 0.8), shot(200, 0.8))
    assert len(proof(1, one, mine, [])) == 1, "the first look has nothing to be like"
    mine.proven = 200
    assert proof(1, one, mine, []) == []
    one.newest = shot(200, 0.8, OTHER)
    assert len(proof(1, one, mine, [])) == 1


@pytest.mark.parametrize("reason", ["unproven", "doubted", "long ago"])
def test_it_is_where_there_is_reason(reason: str) -> None:
    mine, one = subject(), track(shot(0, 0.8), shot(5000, 0.8))
    mine.glimpse, mine.proven = coarse(FACE[24:-24, 24:-24]), 4900
    assert proof(1, one, mine, []) == []
    mine.unproven = reason == "unproven"
    mine.doubted = 4800 if reason == "doubted" else None
    mine.proven = 100 if reason == "long ago" else 4900
    assert len(proof(1, one, mine, [])) == 1


def test_brightness_and_contrast_do_not_make_another_face() -> None:
    dim = (FACE[24:-24, 24:-24] * 0.5 + 20).astype(np.uint8)
    assert float(coarse(dim) @ coarse(FACE[24:-24, 24:-24])) > 0.99
    assert abs(float(coarse(OTHER[24:-24, 24:-24]) @ coarse(FACE[24:-24, 24:-24]))) < 0.2
