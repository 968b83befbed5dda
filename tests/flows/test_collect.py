"""Detections with ids become tracks: times, boxes, views, first and last moment, flags."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.detections import Detections
from personae.core.track import Track, Tracked
from personae.flows.collect import Collector, cut_short

BASE = Fraction(1, 25)


def seen(*ids: int, score: float = 0.9, x: float = 0) -> Tracked:
    boxes = np.array([[x + 50 * i, 0, x + 50 * i + 40, 40] for i in ids], np.float32)
    found = Detections("face", boxes.reshape(-1, 4), np.full(len(ids), score, np.float32))
    return Tracked(found, np.array(ids, np.int64))


def collector() -> Collector:
    return Collector("face", BASE, 4)


def test_new_tracks_and_missed_ones_are_told_once() -> None:
    made = collector()
    new, missed = made.add(seen(1, 2), 0, opened=False)
    assert [t.id for t in new] == [1, 2] and missed == []
    new, missed = made.add(seen(2), 5, opened=False)
    assert new == [] and missed == [1]
    made.open[1].gone = 3
    assert made.add(seen(2), 10, opened=False) == ([], [])
    assert made.add(seen(1, 2), 15, opened=False) == ([], [])
    assert made.open[1].gone is None


def test_a_detection_of_no_track_is_nobody() -> None:
    made = collector()
    new, missed = made.add(seen(-1, 4), 0, opened=False)
    assert [t.id for t in new] == [4] and not missed
    assert list(made.open) == [4]


def test_a_track_that_is_still_there_lasts_until_the_end() -> None:
    made = collector()
    for pts in (10, 15, 20):
        made.add(seen(1, score=0.5 + pts / 100, x=pts), pts, opened=False)
    assert made.open[1].last_box.tolist() == [70, 0, 110, 40]
    track = made.close(1, 25, at_boundary=True)
    assert track is not None
    assert (track.first, track.last, track.opened, track.closed) == (10, 25, False, True)
    assert track.times.tolist() == [10, 15, 20] and track.times.dtype == np.int64
    assert track.boxes[:, 0].tolist() == [60, 65, 70] and track.boxes.dtype == np.float32
    assert track.quality == pytest.approx(0.7) and track.shots == ()
    assert (track.kind, track.base, track.number) == ("face", BASE, 1)


def test_a_track_that_was_missed_ends_where_it_was_missed() -> None:
    made = collector()
    made.add(seen(1), 10, opened=True)
    made.add(seen(), 15, opened=False)
    made.open[1].gone = 13
    track = made.close(1, 99, at_boundary=True)
    assert track is not None
    assert (track.first, track.last, track.opened, track.closed) == (10, 13, True, False)


def test_a_track_lasts_longer_than_its_last_sight() -> None:
    made = collector()
    made.add(seen(1), 10, opened=False)
    track = made.close(1, 0)
    assert track is not None and (track.first, track.last) == (10, 11)


def test_tracks_are_closed_once_and_dropped_without_a_trace() -> None:
    made = collector()
    made.add(seen(1, 2), 0, opened=False)
    made.drop(2)
    made.drop(2)
    assert made.close(2, 9) is None
    assert made.close(1, 9) is not None
    assert made.close(1, 9) is None
    assert made.open == {}


def whole() -> Track:
    times = np.arange(100, 200, 5, dtype=np.int64)
    boxes = np.repeat(times[:, None], 4, 1).astype(np.float32)
    return Track(1, "face", BASE, 98, 203, times, boxes, opened=True, closed=True)


@given(st.integers(98, 203), st.integers(98, 203))
def test_pieces_make_up_the_whole(a: int, b: int) -> None:
    one, two = sorted((a, b))
    pieces = [
        cut_short(whole(), 0, one),
        cut_short(whole(), one, two),
        cut_short(whole(), two, 999),
    ]
    assert np.concatenate([p.times for p in pieces]).tolist() == whole().times.tolist()
    assert sum(len(p.boxes) for p in pieces) == len(whole().boxes)
    assert sum(p.last - p.first for p in pieces) == 203 - 98
    for piece in pieces:
        assert piece.boxes[:, 0].tolist() == piece.times.tolist()
        assert all(piece.first <= t < piece.last for t in piece.times)


def test_flags_stay_with_the_ends() -> None:
    left, right = cut_short(whole(), 98, 150), cut_short(whole(), 150, 203)
    assert (left.opened, left.closed) == (True, False)
    assert (right.opened, right.closed) == (False, True)
    same = cut_short(whole(), 98, 203)
    assert (same.opened, same.closed, same.first, same.last) == (True, True, 98, 203)
