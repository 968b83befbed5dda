"""The scripted films do what their scripts say: whoever trusts them must be able to."""

from __future__ import annotations

import numpy as np
import pytest

from personae.adapters.models.crops import OpenCvCutter
from personae.core.align import similarity
from personae.core.cuts import change, unchanged
from personae.core.errors import SourceTruncated
from personae.core.segment import Segment
from personae.testing.fakes import (
    FakeCutter,
    FakeDetector,
    FakeEmbedder,
    FakeSource,
    MemoryRuns,
    stitched,
)
from personae.testing.script import COLOURS, Actor, FakePicture, Script, time_of


def test_a_picture_carries_its_time_at_any_size() -> None:
    script = Script((Actor(0, 0, 10**7),), 10**7)
    for pts in (0, 1, 255, 256, 70_000, 9_999_999):
        picture = FakePicture(script, pts)
        assert time_of(picture.rgb()) == time_of(picture.rgb_at(97, 33)) == pts


def test_stillness_is_still_and_a_cut_is_a_change() -> None:
    script = Script((Actor(0, 0, 60),), 60, shots=((0, 90), (30, 150)))
    lumas = [FakePicture(script, pts).luma() for pts in (3, 29, 30)]
    assert unchanged(lumas[0], lumas[1])
    assert change(lumas[1], lumas[2]) > 30


def test_faces_are_drawn_where_they_are_found() -> None:
    walk = Actor(2, 0, 100, (60, 60, 40), (250, 100, 60))
    script = Script((walk,), 100)
    for pts in (0, 50, 99):
        (found,) = FakeDetector(script).detect([FakePicture(script, pts).rgb()])
        x1, y1, x2, y2 = np.rint(found.boxes[0]).astype(int)
        inner = FakePicture(script, pts).rgb()[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2]
        assert np.abs(inner.reshape(-1, 3).mean(0) - COLOURS[2]).max() < 12
        np.testing.assert_allclose(found.boxes[0], walk.face(pts))


def test_found_at_half_the_size_is_at_half_the_place() -> None:
    actor = Actor(0, 0, 9, body=True)
    script = Script((actor,), 9)
    small = FakePicture(script, 0).rgb_at(160, 90)
    (face,) = FakeDetector(script).detect([small])
    (body,) = FakeDetector(script, "body").detect([small])
    np.testing.assert_allclose(face.boxes[0], actor.face(0) / 2)
    np.testing.assert_allclose(body.boxes[0], actor.figure(0) / 2)
    assert face.landmarks is not None and body.landmarks is None
    assert len(FakeDetector(script, least=25).detect([small])[0]) == 0


def test_who_is_turned_away_or_covered_is_not_found() -> None:
    script = Script((Actor(0, 0, 9, body=True, turned=(3, 6)),), 9)
    faces = FakeDetector(script).detect([FakePicture(script, pts).rgb() for pts in range(9)])
    assert [len(f) for f in faces] == [1, 1, 1, 0, 0, 0, 1, 1, 1]
    (body,) = FakeDetector(script, "body").detect([FakePicture(script, 4).rgb()])
    assert len(body) == 1
    behind, front = Actor(0, 0, 9, (160, 70, 40)), Actor(1, 0, 9, (165, 70, 44))
    both = Script((behind, front), 9)
    (found,) = FakeDetector(both).detect([FakePicture(both, 0).rgb()])
    np.testing.assert_allclose(found.boxes, front.face(0)[None])


def test_one_vector_a_person_and_a_little_noise() -> None:
    embedder = FakeEmbedder()
    rng = np.random.default_rng(0)
    grain = rng.integers(-15, 15, (8, 2, 112, 112, 3))
    crops = np.clip(np.array(COLOURS)[:, None, None, None, :] + grain, 0, 255).astype(np.uint8)
    vectors = embedder.embed(crops.reshape(16, 112, 112, 3)).reshape(8, 2, -1)
    same = np.einsum("id,id->i", vectors[:, 0], vectors[:, 1])
    between = vectors[:, 0] @ vectors[:, 1].T
    assert same.min() > 0.85 and same.max() < 0.9999
    assert (between - np.diag(np.diag(between))).max() < 0.3
    for number in range(8):
        assert float(vectors[number, 0] @ embedder.person(number)) > 0.95
    assert embedder.embedded == 16


def test_the_fake_cutter_cuts_what_opencv_cuts() -> None:
    script = Script((Actor(0, 0, 9, (160, 90, 60)),), 9)
    picture = FakePicture(script, 0).rgb()
    maps = [similarity(Actor(0, 0, 9, (160, 90, 60)).landmarks(0)),
            similarity(Actor(0, 0, 9, (5, 90, 60)).landmarks(0))]  # fmt: skip
    ours = FakeCutter().cut(picture, maps, 112).astype(int)
    theirs = OpenCvCutter().cut(picture, maps, 112).astype(int)
    assert np.abs(ours - theirs).mean() < 4
    assert (np.abs(ours - theirs).max(3) <= 2).mean() > 0.8


def test_a_film_breaks_where_the_script_says() -> None:
    frames = FakeSource(Script((), 9, breaks_at=4)).frames()
    assert [next(frames).time.pts for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(SourceTruncated):
        next(frames)


def test_nothing_is_stitched_over_a_missing_segment() -> None:
    assert stitched([]) == []
    assert stitched([Segment(0), Segment(3)]) == []


def test_runs_of_other_media_are_left_alone() -> None:
    runs = MemoryRuns()
    one, other = runs.begin(1, "a"), runs.begin(2, "a")
    runs.finish(one.id, 5, 4)
    runs.finish(other.id, 6, 4)
    assert runs.shown(1, "a") and runs.shown(2, "a") and runs.length == {1: 5, 2: 6}
