"""Views judged, embedded and, where a track holds two people, taken apart at the right moment."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.arrays import Vectors
from personae.core.detections import Detections
from personae.core.embedding import unit
from personae.core.quality import Quality
from personae.core.track import Shot, Track, Tracked
from personae.flows.collect import Collector
from personae.flows.portraits import MARGIN, TWO_PEOPLE, Portraits, one_person_each
from personae.testing.fakes import FakeCutter, FakeEmbedder
from personae.testing.script import COLOURS, Actor, Script
from tests.flows.scenes import frames_of

BASE = Fraction(1, 25)
EMBEDDER = FakeEmbedder()


def views(people: list[int], seed: int = 0) -> Vectors:
    rng = np.random.default_rng(seed)
    pure = np.stack([EMBEDDER.person(p) for p in people])
    return unit(pure + 0.2 * unit(rng.standard_normal(pure.shape)))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), min_size=1, max_size=4))
def test_views_are_grouped_where_the_person_changes(turns: list[tuple[int, int]]) -> None:
    """Each turn is a new person; a person does not return within a shot that was followed."""
    people = [turn for turn, (_, count) in enumerate(turns) for _ in range(count)]
    groups = one_person_each(views(people))
    assert [i for group in groups for i in group] == list(range(len(people)))
    assert [{people[i] for i in group} for group in groups] == [{t} for t in range(len(turns))]


def test_one_odd_view_of_one_person_divides_nothing() -> None:
    rows = views([0] * 4)
    rows[1] = unit(0.45 * rows[1] + unit(np.random.default_rng(9).standard_normal(rows.shape[1])))
    assert TWO_PEOPLE < float((rows[1] @ rows[[0, 2, 3]].T).mean()) < 0.8
    assert one_person_each(rows) == [[0, 1, 2, 3]]


def shot(pts: int, person: int, total: float = 0.8, seed: int = 0) -> Shot:
    grain = np.random.default_rng(pts + seed).integers(-9, 9, (160, 160, 3))
    crop = np.clip(np.array(COLOURS[person]) + grain, 0, 255).astype(np.uint8)
    box = np.array([0, 0, 40, 50], np.float32)
    return Shot(pts, box, None, Quality(total, total, total, total, total, total), crop)


def track(*shots: Shot, last: int = 200) -> Track:
    times = np.arange(0, last, 5, dtype=np.int64)
    boxes = np.tile(np.array([0, 0, 40, 50], np.float32), (len(times), 1))
    best = tuple(sorted(shots, key=lambda s: (-s.quality.total, s.pts)))
    return Track(4, "face", BASE, 0, last, times, boxes, best, opened=True, closed=True)


PLACE = (20.0, 25.0, 50.0)
"""Where ``track`` has its boxes."""


def portraits(embedder: FakeEmbedder | None = EMBEDDER) -> Portraits:
    return Portraits(FakeCutter(), embedder, BASE)


def ended(made: Portraits, one: Track) -> list[Track]:
    return made.finish(one, made.vectors(one))


def test_the_vector_is_the_mean_weighted_by_quality() -> None:
    good, poor = shot(20, 0, 0.9), shot(60, 0, 0.5)
    (done,) = ended(portraits(), track(good, poor))
    assert good.crop is not None and poor.crop is not None
    inner = [s.crop[MARGIN:-MARGIN, MARGIN:-MARGIN] for s in (good, poor) if s.crop is not None]
    vectors = EMBEDDER.embed(np.stack(inner))
    expected = unit(good.quality.total * vectors[0] + poor.quality.total * vectors[1])
    assert done.vector is not None
    np.testing.assert_allclose(done.vector, expected, atol=1e-6)
    assert done.space == EMBEDDER.space and done.quality == good.quality.total
    assert [s.pts for s in done.shots] == [20, 60]
    assert (done.first, done.last, done.opened, done.closed) == (0, 200, True, True)


def test_without_views_or_embedder_the_track_stays_as_it_is() -> None:
    bare, full = track(), track(shot(20, 0))
    assert ended(portraits(), bare) == [bare]
    assert ended(portraits(None), full) == [full]


def test_two_people_are_parted_where_half_of_the_change_is_done() -> None:
    made = portraits()
    for frame in frames_of(Script((Actor(0, 0, 200, PLACE, becomes=1, change=(90, 110)),), 200)):
        made.note(frame, frame.picture.luma())
    one, other = ended(made, track(shot(40, 0), shot(60, 0, 0.9), shot(130, 1), shot(160, 1, 0.7)))
    assert one.last == other.first and abs(one.last - 100) <= 1
    assert (one.first, other.last) == (0, 200)
    assert [s.pts for s in one.shots] == [60, 40] and [s.pts for s in other.shots] == [130, 160]
    assert (one.opened, one.closed, other.opened, other.closed) == (True, False, False, True)
    assert one.vector is not None and other.vector is not None
    assert float(one.vector @ EMBEDDER.person(0)) > 0.9 < float(other.vector @ EMBEDDER.person(1))
    assert one.quality == pytest.approx(0.9) and other.quality == pytest.approx(0.8)


def test_three_people_are_three_tracks() -> None:
    made = portraits()
    script = Script(
        (
            Actor(0, 0, 90, PLACE, becomes=1, change=(40, 60)),
            Actor(1, 90, 200, PLACE, becomes=2, change=(110, 130)),
        ),
        200,
    )
    for frame in frames_of(script):
        made.note(frame, frame.picture.luma())
    one, two, three = ended(made, track(shot(20, 0), shot(80, 1), shot(160, 2)))
    assert one.first == 0 and one.last == two.first and two.last == three.first
    assert abs(one.last - 50) <= 1 and abs(two.last - 120) <= 1 and three.last == 200


@pytest.mark.parametrize(("low", "high", "at"), [(40, 60, 50), (40, 41, 41)])
def test_without_any_change_it_is_the_middle_and_each_keeps_its_view(
    low: int, high: int, at: int
) -> None:
    one, other = ended(portraits(), track(shot(low, 0), shot(high, 1)))
    assert one.last == other.first == at
    assert [s.pts for s in one.shots] == [low] and [s.pts for s in other.shots] == [high]


def test_views_are_gathered_for_their_tracks_only() -> None:
    actors = (Actor(0, 0, 9, (80, 60, 48)), Actor(1, 0, 9, (220, 60, 48)))
    script = Script(actors, 1)
    (frame,) = frames_of(script)
    marks = np.stack([a.landmarks(0) for a in actors])
    boxes = np.stack([a.face(0) for a in actors])
    found = Detections("face", boxes, np.array([0.9, 0.9], np.float32), marks)
    tracked = Tracked(found, np.array([-1, 7], np.int64))
    collector = Collector("face", BASE, 4)
    collector.add(tracked, 0, opened=False)
    portraits().gather(frame, tracked, collector.open)
    (view,) = collector.open[7].views.best_first()
    assert view.crop is not None and view.crop.shape == (112 + 2 * MARGIN,) * 2 + (3,)
    middle = view.crop[60:100, 60:100].reshape(-1, 3).mean(0)
    assert np.abs(middle - COLOURS[1]).max() < 12
    assert view.quality.score == pytest.approx(0.9)
    np.testing.assert_array_equal(view.box, actors[1].face(0))


def test_what_has_no_landmarks_has_no_views() -> None:
    (frame,) = frames_of(Script((Actor(0, 0, 9),), 1))
    found = Detections("face", Actor(0, 0, 9).face(0)[None], np.ones(1, np.float32))
    tracked = Tracked(found, np.array([0], np.int64))
    collector = Collector("face", BASE, 4)
    collector.add(tracked, 0, opened=False)
    portraits().gather(frame, tracked, collector.open)
    assert collector.open[0].views.best_first() == ()
