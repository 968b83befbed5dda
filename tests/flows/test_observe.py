"""The pipeline on scripted films whose truth is known to the frame, with the real ByteTrack."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from personae.core.embedding import unit
from personae.flows.observe import Observer
from personae.testing.fakes import FakeSource
from personae.testing.script import Actor, Script
from tests.flows.scenes import SETTINGS, people, rows, spans, stage, watched

BODIES = replace(SETTINGS, bodies=True)


@pytest.mark.parametrize(("first", "last"), [(7, 58), (5, 60), (9, 61), (6, 57), (3, 94), (0, 41)])
def test_first_and_last_frame_are_exact(first: int, last: int) -> None:
    """25 frames a second, 5 of them analysed: the others are looked into where somebody comes."""
    segment = watched(Script((Actor(0, first, last),), 100))
    assert spans(segment.tracks) == [(first, last)]
    assert people(segment.tracks) == [0]
    assert segment.counts.analysed == 20 and segment.counts.frames == 100
    assert 0 < segment.counts.looks <= 6


def test_without_refinement_edges_are_those_of_analysed_frames() -> None:
    settings = replace(SETTINGS, refine=False)
    segment = watched(Script((Actor(0, 7, 58),), 100), settings)
    assert spans(segment.tracks) == [(10, 60)]
    assert segment.counts.looks == 0


@pytest.mark.parametrize("cut", [96, 99, 100])
def test_who_leaves_just_before_a_cut_lasts_until_it(cut: int) -> None:
    """No later frame of the shot is analysed, so nothing says where to look for the end."""
    script = Script((Actor(0, 0, cut - 1),), 120, shots=((0, 90), (cut, 170)))
    (span,) = spans(watched(script).tracks)
    assert span[0] == 0 and span[1] in (cut - 1, cut)


def test_somebody_walking_is_one_track_with_exact_edges() -> None:
    walk = Actor(2, 12, 88, at=(60, 80, 40), to=(250, 90, 56))
    segment = watched(Script((walk,), 100))
    assert spans(segment.tracks) == [(12, 88)]
    track = segment.tracks[0]
    for pts in (15, 40, 85):
        np.testing.assert_allclose(track.box_at(pts), walk.face(pts), atol=0.01)


def test_variable_frame_rate_keeps_exact_times() -> None:
    times = tuple(range(0, 1000, 40)) + tuple(range(1000, 3000, 17)) + tuple(range(3000, 5000, 90))
    script = Script((Actor(1, 333, 4100),), 5000, base=Fraction(1, 1000), times=times, fps=None)
    shown = [t for t in times if 333 <= t < 4100]
    gone = min(t for t in times if t >= 4100)
    assert spans(watched(script).tracks) == [(shown[0], gone)]


def test_a_hard_cut_between_two_at_one_place_never_gives_one_track() -> None:
    for cut in (48, 50, 52):
        script = Script((Actor(0, 0, cut), Actor(1, cut, 100)), 100, shots=((0, 90), (cut, 160)))
        segment = watched(script)
        assert segment.counts.cuts == 1
        assert spans(segment.tracks) == [(0, cut), (cut, 100)]
        assert people(segment.tracks) == [0, 1]


def test_a_cut_between_two_in_one_studio_never_gives_one_track() -> None:
    """Same backdrop, same place, another face: even where the picture as a whole hardly changes."""
    segment = watched(Script((Actor(0, 0, 52), Actor(1, 52, 100)), 100))
    assert people(segment.tracks) == [0, 1]
    assert spans(segment.tracks)[0][0] == 0 and spans(segment.tracks)[1][1] == 100


def test_a_slow_dissolve_is_split_in_the_middle_of_the_change() -> None:
    dissolve = Actor(0, 0, 200, becomes=1, change=(80, 120))
    segment = watched(Script((dissolve,), 200))
    assert segment.counts.cuts == 0
    assert people(segment.tracks) == [0, 1]
    (first, middle), (also, last) = spans(segment.tracks)
    assert (first, last) == (0, 200) and middle == also
    assert abs(middle - 100) <= 1
    one, other = segment.tracks
    assert one.times.max() < middle <= other.times.min()
    assert all(s.pts < middle for s in one.shots) and all(s.pts >= middle for s in other.shots)
    assert one.quality == one.shots[0].quality.total


@pytest.mark.parametrize("height", [48, 36])
def test_a_dissolve_among_passers_by_is_split_all_the_same(height: int) -> None:
    """Views of the second person are kept though the first's were better, and only the change at
    the face counts, not that of the whole picture."""
    dissolve = Actor(0, 0, 300, (160, 60, 48), (160, 60, height), becomes=1, change=(190, 210))
    passer_by = Actor(5, 0, 300, (30, 145, 30), (290, 145, 30))
    segment = watched(Script((dissolve, passer_by), 300))
    assert sorted(people(segment.tracks)) == [0, 1, 5]
    (first, _), (_, middle), (also, last) = sorted(spans(segment.tracks), key=lambda s: s[1] - s[0],
                                                   reverse=True)  # fmt: skip
    assert (first, middle, last) == (0, also, 300)
    assert abs(middle - 200) <= 3


def test_a_vector_is_the_person_s() -> None:
    segment = watched(Script((Actor(3, 0, 100),), 100))
    track = segment.tracks[0]
    assert track.vector is not None and track.space is not None
    embedder = stage(Script((), 1)).embedder
    assert track.space == embedder.space
    assert float(track.vector @ embedder.person(3)) > 0.95
    assert np.linalg.norm(track.vector) == pytest.approx(1, abs=1e-5)
    assert np.allclose(unit(track.vector), track.vector)


def test_nothing_changes_and_nothing_is_looked_at_again() -> None:
    script = Script((Actor(0, 0, 250, body=True),), 250)
    on = stage(script, bodies=True)
    segment = watched(script, BODIES, on)
    assert on.faces.seen == [0] and on.bodies.seen == [0]
    assert spans(segment.tracks) == [(0, 250)]
    assert spans(segment.tracks, "body") == [(0, 250)]
    assert segment.counts.analysed == 50 and segment.counts.unchanged == 49
    assert [len(t.shots) for t in segment.tracks if t.kind == "face"] == [1]


def test_stillness_longer_than_any_tracker_waits_is_one_track_of_each() -> None:
    """12 s of stillness, then somebody else comes and the picture is looked at again."""
    script = Script((Actor(0, 0, 400, (80, 60, 40), body=True), Actor(1, 303, 400, (240, 60, 40))),
                    400)  # fmt: skip
    segment = watched(script, BODIES)
    assert spans(segment.tracks) == [(0, 400), (303, 400)]
    assert spans(segment.tracks, "body") == [(0, 400)]


def test_small_faces_are_counted_and_not_kept() -> None:
    actors = (Actor(0, 0, 50, (80, 60, 23)), Actor(1, 0, 50, (240, 60, 24.5)))
    segment = watched(Script(actors, 50))
    assert people(segment.tracks) == [1]
    assert segment.counts.too_small == 1 and segment.counts.faces == 1


def test_faces_keep_their_bodies_when_two_people_cross() -> None:
    one = Actor(0, 0, 150, (60, 50, 30), (260, 50, 30), body=True)
    other = Actor(1, 0, 150, (260, 62, 34), (60, 62, 34), body=True)
    segment = watched(Script((one, other), 150), BODIES)
    faces = [t for t in segment.tracks if t.kind == "face"]
    bodies = {t.number: t for t in segment.tracks if t.kind == "body"}
    assert sorted(set(people(faces))) == [0, 1]
    assert all(face.body in bodies for face in faces)
    for face, who in zip(sorted(faces, key=lambda t: (t.first, t.number)), people(faces),
                         strict=True):  # fmt: skip
        assert face.body is not None
        actor, middle = (one, other)[who], (face.first + face.last) // 2
        body = bodies[face.body]
        for pts in (face.first + 3, face.last - 3, middle):
            expected = actor.figure(pts)
            found = body.box_at(pts)
            assert abs((expected[0] + expected[2]) - (found[0] + found[2])) / 2 < 40, (who, pts)


def test_bodies_are_looked_for_on_every_nth_analysed_frame() -> None:
    walk = Actor(0, 0, 100, (60, 50, 40), (260, 50, 40), body=True)
    script = Script((walk,), 100)
    for every, expected in ((1, list(range(0, 100, 5))), (3, list(range(0, 100, 15)))):
        on = stage(script, bodies=True)
        segment = watched(script, replace(BODIES, body_every=every), on)
        assert on.bodies.seen == expected
        assert spans(segment.tracks, "body") == [(0, 100)]


def test_a_turned_head_ends_the_face_but_not_the_body() -> None:
    script = Script((Actor(0, 0, 200, body=True, turned=(60, 120)),), 200)
    segment = watched(script, BODIES)
    assert spans(segment.tracks, "body") == [(0, 200)]
    assert spans(segment.tracks) == [(0, 60), (120, 200)]
    body = next(t for t in segment.tracks if t.kind == "body")
    assert [t.body for t in segment.tracks if t.kind == "face"] == [body.number] * 2


def test_every_body_a_face_names_is_in_the_segment() -> None:
    """A body seen once and too weakly is never confirmed; no face may point at it."""
    weak = Actor(0, 0, 14, body=True, score=0.65)
    script = Script((weak, Actor(0, 14, 40, score=0.65)), 40)
    segment = watched(script, BODIES)
    bodies = {t.number for t in segment.tracks if t.kind == "body"}
    faces = [t for t in segment.tracks if t.kind == "face"]
    assert faces and not bodies
    assert all(face.body is None for face in faces)


def test_a_doubtful_face_seen_once_is_no_track() -> None:
    blink = Actor(1, 20, 24, (240, 60, 40), score=0.65)
    segment = watched(Script((Actor(0, 0, 100, (80, 60, 40)), blink), 100))
    assert people(segment.tracks) == [0]


def test_anonymous_keeps_no_vector_and_no_crop() -> None:
    script = Script((Actor(0, 7, 58),), 100)
    on = stage(script)
    segment = watched(script, replace(SETTINGS, anonymous=True), on)
    assert spans(segment.tracks) == [(7, 58)]
    assert segment.tracks[0].vector is None and segment.tracks[0].space is None
    assert segment.tracks[0].shots == ()
    assert segment.tracks[0].quality == pytest.approx(0.9)
    assert on.embedder.embedded == 0


def test_without_an_embedder_views_are_kept() -> None:
    script = Script((Actor(0, 0, 100),), 100)
    segment = watched(script, SETTINGS, stage(script, embed=False))
    assert segment.tracks[0].vector is None
    assert segment.tracks[0].shots


def test_cost_follows_people_and_not_frames() -> None:
    """A track embeds no more than its best views, however long it is."""
    walk = Actor(0, 0, 500, (60, 60, 40), (260, 60, 44))
    script = Script((walk,), 500)
    on = stage(script)
    watched(script, SETTINGS, on)
    assert 1 < on.embedder.embedded <= SETTINGS.shots
    assert len(on.faces.seen) == 100


def test_large_films_are_searched_small_and_reported_large() -> None:
    actor = Actor(0, 0, 50, (800, 400, 200))
    script = Script((actor,), 50, size=(1600, 900))
    segment = watched(script)
    np.testing.assert_allclose(segment.tracks[0].boxes[0], actor.face(0), atol=0.1)
    np.testing.assert_allclose(segment.tracks[0].shots[0].landmarks, actor.landmarks(0), atol=0.1)  # type: ignore[arg-type]


def test_a_photo_is_a_film_of_one_frame() -> None:
    actors = (Actor(0, 0, 1, (200, 200, 80)), Actor(1, 0, 1, (900, 500, 120), body=True))
    script = Script(actors, 1, size=(1600, 900), still=True, fps=None)
    segment = watched(script, BODIES)
    assert spans(segment.tracks) == [(0, 1), (0, 1)]
    assert sorted(people(segment.tracks)) == [0, 1]
    assert [t.kind for t in segment.tracks].count("body") == 1
    assert all(t.vector is not None for t in segment.tracks if t.kind == "face")


def test_the_same_film_gives_the_same_rows() -> None:
    script = Script((Actor(0, 3, 77, body=True), Actor(1, 20, 90, (60, 60, 40))), 100)
    assert rows(watched(script, BODIES)) == rows(watched(script, BODIES))


def test_a_segment_s_flags_say_who_goes_over_its_ends() -> None:
    stays, comes = Actor(0, 0, 100), Actor(1, 33, 100, (60, 60, 40))
    script = Script((stays, comes, Actor(2, 0, 61, (260, 60, 40))), 100)
    source = FakeSource(script)
    observer = Observer(source.info, stage(script).parts, SETTINGS, number=1)
    for frame in source.frames():
        observer.feed(frame)
    segment = observer.end(100, boundary=True)
    flags = {(t.first, t.last): (t.opened, t.closed) for t in segment.tracks}
    assert flags == {(0, 100): (True, True), (33, 100): (False, True), (0, 61): (True, False)}


def test_a_cut_at_the_end_of_a_segment_is_known() -> None:
    script = Script((Actor(0, 0, 100),), 100, shots=((0, 90), (50, 160)))
    frames = list(FakeSource(script).frames())
    observer = Observer(FakeSource(script).info, stage(script).parts, SETTINGS)
    for frame in frames[:49]:
        observer.feed(frame)
    assert not observer.is_cut_to(frames[49])
    assert observer.is_cut_to(frames[50])
