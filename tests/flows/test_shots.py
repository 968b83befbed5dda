"""Best views: few, the best of their stretch, from the whole of the track."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from personae.core.quality import Quality
from personae.core.track import Shot
from personae.flows.shots import FAIR, Views

totals = st.floats(0.5, 1.0)
offers = st.lists(totals, min_size=1, max_size=80)


def shot(pts: int, total: float) -> Shot:
    box = np.array([0, 0, 10, 10], np.float32)
    return Shot(pts, box, None, Quality(total, total, total, total, total, total), None)


def filled(views: Views, values: list[float], step: int = 5) -> Views:
    for i, total in enumerate(values):
        views.offer(shot(i * step, total))
    return views


@given(offers, st.integers(1, 6))
def test_no_more_than_there_is_room_for_and_one_a_stretch(values: list[float], room: int) -> None:
    views = filled(Views(room, 15), values)
    assert 1 <= len(views.kept) <= room
    stretches = [s.pts // views.apart for s in views.kept]
    assert len(set(stretches)) == len(stretches)


@given(offers, st.integers(1, 6))
def test_the_very_best_is_always_kept_and_comes_first(values: list[float], room: int) -> None:
    best = filled(Views(room, 15), values).best_first()
    assert best[0].quality.total == max(shot(0, v).quality.total for v in values)
    assert [s.quality.total for s in best] == sorted((s.quality.total for s in best), reverse=True)


@given(offers, st.integers(1, 6))
def test_each_view_is_the_best_of_its_stretch(values: list[float], room: int) -> None:
    views = filled(Views(room, 15), values)
    for kept in views.kept:
        mine = [v for i, v in enumerate(values) if i * 5 // views.apart == kept.pts // views.apart]
        assert kept.quality.total == max(shot(0, v).quality.total for v in mine)


@given(st.integers(9, 200))
def test_views_come_from_the_whole_track_also_when_it_gets_better_or_worse(count: int) -> None:
    for values in (np.linspace(0.7, 0.9, count), np.linspace(0.9, 0.7, count), np.full(count, 0.8)):
        times = [s.pts for s in filled(Views(4, 15), values.tolist()).best_first()]
        assert len(times) >= 2
        assert max(times) - min(times) >= (count - 1) * 5 / 4


def test_it_is_said_beforehand_what_would_be_kept() -> None:
    views = filled(Views(2, 15), [0.8])
    assert views.wants(3, 0.9) and not views.wants(3, 0.8)
    assert views.wants(20, 0.1)
    views.offer(shot(3, 0.7))
    assert [s.pts for s in views.kept] == [0]


def test_a_poor_view_is_no_company_for_a_good_one() -> None:
    views = filled(Views(4, 15), [0.9], step=1)
    views.offer(shot(40, 0.9 * FAIR - 0.01))
    views.offer(shot(80, 0.9 * FAIR + 0.01))
    assert [s.pts for s in views.best_first()] == [0, 80]


def test_no_room_keeps_nothing() -> None:
    views = filled(Views(0, 15), [0.9, 0.8])
    assert views.best_first() == () and not views.wants(0, 1.0)
