"""Counting people from tracks: moments, peaks, visits, different people, faces without bodies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.flows.crowd import (
    STEP,
    CrowdOptions,
    binned,
    counted,
    crowd_report,
    film_crowd,
    running_median,
    visits,
)
from personae.flows.standing import standing
from tests.flows.crowds import FILM, PHOTO, walk

OPTIONS = CrowdOptions()


def test_two_people_are_two_while_both_are_there() -> None:
    seen = [walk(1, (2, 10)), walk(2, (6, 14), ((400, 300), (400, 300)))]
    film = film_crowd(FILM, seen, OPTIONS, for_crowds=False)
    at = dict(zip(np.round(film.series.times, 1).tolist(), film.series.counted, strict=True))
    assert [at[t] for t in (0.0, 1.8, 2.0, 5.8, 6.0, 9.8, 10.0, 13.8, 14.0)] == [
        0, 0, 1, 1, 2, 2, 1, 1, 0,
    ]  # fmt: skip
    assert film.person_seconds == pytest.approx(16)
    assert film.mean == pytest.approx(16 / 20)
    assert (film.most, film.tracks, film.expected) == (2, 2, False)
    assert 6 <= film.most_at <= 6.6
    ((start, end),) = film.visits
    assert (start, end) == pytest.approx((2, 14))
    assert float(film.heat.sum()) == pytest.approx(film.person_seconds)


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(1, 40)), min_size=0, max_size=8))
def test_counts_add_up_to_the_time_of_all_tracks(parts: list[tuple[int, int]]) -> None:
    seen = [
        walk(n, (start * STEP, min(start + long, 100) * STEP))
        for n, (start, long) in enumerate(parts)
    ]
    film = film_crowd(FILM, seen, OPTIONS, for_crowds=False)
    assert film.person_seconds == pytest.approx(sum(t.end - t.start for t in seen), abs=1e-6)
    assert film.unique.low <= film.unique.estimate <= max(film.unique.high, 0)
    assert film.unique.high == len(seen)
    assert sum((b.end - b.start) * b.mean for b in film.bins) == pytest.approx(
        float(film.series.smooth.sum()) * STEP
    )


def test_an_empty_film_has_nobody_in_it() -> None:
    film = film_crowd(FILM, [], OPTIONS, for_crowds=True)
    assert (film.mean, film.most, film.visits, film.tracks) == (0, 0, (), 0)
    assert film.series.people.tolist() == [0.0] * 100
    assert film.unique.high == 0


def test_visits_are_long_enough_and_apart() -> None:
    seen = [
        walk(1, (1, 4)),
        walk(2, (5, 7)),  # one second after the first: the same visit
        walk(3, (10, 11)),  # too short
        walk(4, (14, 18)),
    ]
    series = film_crowd(FILM, seen, OPTIONS, for_crowds=False).series
    assert [(round(a, 1), round(b, 1)) for a, b in visits(series, 2.0)] == [(1, 7), (14, 18)]
    assert len(visits(series, 0.5)) == 4


def test_a_flicker_is_smoothed_away() -> None:
    times = np.arange(20, dtype=np.float64) * STEP
    values = np.ones(20)
    values[7] = 9
    values[12] = 0
    assert running_median(values, times, 1.0).tolist() == [1.0] * 20
    assert running_median(values, times, 0.0).tolist() == values.tolist()


def test_a_face_beside_its_body_is_nobody_else() -> None:
    body = walk(1, (0, 10), ((200, 400), (200, 400)))
    own = walk(2, (2, 8), ((200, 260), (200, 260)), tall=50, kind="face", body=1)
    unlinked = replace(own, id=3, body=None)
    for face in (own, unlinked):
        film = film_crowd(FILM, [body, face], OPTIONS, for_crowds=False)
        assert film.series.counted.max() == 1
        assert film.person_seconds == pytest.approx(10)


def test_a_face_without_a_body_is_somebody() -> None:
    body = walk(1, (0, 10), ((200, 400), (200, 400)))
    far = walk(2, (2, 8), ((500, 260), (500, 260)), tall=50, kind="face")
    film = film_crowd(FILM, [body, far], OPTIONS, for_crowds=False)
    assert film.series.counted.max() == 2


def test_a_body_has_one_face_and_the_second_is_somebody_behind() -> None:
    body = walk(1, (0, 10), ((250, 470), (250, 470)), tall=400)
    own = walk(2, (2, 8), ((255, 260), (255, 260)), tall=100, kind="face", body=1)
    behind = walk(3, (2, 6), ((300, 240), (300, 240)), tall=60, kind="face")
    film = film_crowd(FILM, [body, behind, own], OPTIONS, for_crowds=False)
    assert film.series.counted.max() == 2
    assert film.person_seconds == pytest.approx(10 + 4)


def test_a_face_stays_when_its_body_is_lost() -> None:
    body = walk(1, (0, 5), ((200, 400), (200, 400)))
    face = walk(2, (2, 8), ((200, 260), (200, 260)), tall=50, kind="face", body=1)
    film = film_crowd(FILM, [body, face], OPTIONS, for_crowds=False)
    assert film.series.counted.max() == 1
    assert film.person_seconds == pytest.approx(8)


def test_expected_people_weigh_doubtful_tracks_less_and_small_people_more() -> None:
    times = np.arange(100, dtype=np.float64) * STEP
    film = film_crowd(FILM, [walk(1, (0, 20), tall=300)], OPTIONS, for_crowds=True)
    assert film.expected
    assert 0.85 < film.mean < 1
    doubtful = film_crowd(
        FILM, [walk(1, (0, 20), tall=300, quality=0.35)], OPTIONS, for_crowds=True
    )
    assert 0 < doubtful.mean < 0.25
    assert doubtful.series.counted.max() == 0
    small = film_crowd(FILM, [walk(1, (0, 20), tall=30)], OPTIONS, for_crowds=True)
    assert 2 < small.mean < 4
    # Taller in the film than in the picture that was searched
    whole = replace(FILM, width=1920, height=1440)
    halved = film_crowd(whole, [walk(1, (0, 20), tall=60)], OPTIONS, for_crowds=True)
    assert halved.mean == pytest.approx(small.mean)
    assert len(times) == len(film.series.times)


def test_somebody_lost_and_found_again_is_one_person() -> None:
    first = walk(1, (0, 6), ((100, 300), (300, 300)))
    again = walk(2, (7, 12), ((330, 300), (500, 300)))
    other = walk(3, (7, 12), ((60, 460), (60, 460)))
    film = film_crowd(FILM, [first, again, other], OPTIONS, for_crowds=False)
    assert (film.unique.low, film.unique.estimate, film.unique.high) == (2, 2, 3)
    late = walk(2, (10, 15), ((330, 300), (500, 300)))
    assert film_crowd(FILM, [first, late], OPTIONS, for_crowds=False).unique.estimate == 2


def test_bins_are_as_asked_and_cover_the_film() -> None:
    stands = standing([walk(1, (0, 20))], np.arange(100, dtype=np.float64) * STEP)
    series = counted(stands, np.arange(100, dtype=np.float64) * STEP)
    bins = binned(series, 20.0, 8.0)
    assert [(b.start, b.end, b.mean) for b in bins] == [(0, 8, 1), (8, 16, 1), (16, 20, 1)]
    assert len(binned(series, 20.0)) == 20


def test_a_photo_is_one_moment_that_lasts_no_time() -> None:
    people = [
        replace(walk(1, (0, 0.2)), end=1.0),
        replace(walk(2, (0, 0.2), ((300, 300), (300, 300)), quality=0.2), end=1.0),
    ]
    photo = film_crowd(PHOTO, people, OPTIONS, for_crowds=True)
    assert (photo.most, photo.person_seconds, photo.seconds, photo.expected) == (1, 0, 0, False)
    assert photo.visits == ()


def test_the_method_says_which_count_it_is() -> None:
    plain = film_crowd(FILM, [walk(1, (0, 20))], OPTIONS, for_crowds=False)
    crowds = film_crowd(FILM, [walk(1, (0, 20))], OPTIONS, for_crowds=True)
    assert "--crowd" in " ".join(crowd_report([plain], OPTIONS).method)
    said = " ".join(crowd_report([crowds], OPTIONS).method)
    assert "expected people" in said
    assert "--crowd" not in said


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_the_median_is_that_of_each_window(counts: list[int], window_s: float) -> None:
    values, times = np.array(counts, np.float64), np.arange(len(counts)) * STEP
    plain = [np.median(values[np.abs(times - t) <= window_s / 2 + 1e-9]) for t in times]
    assert running_median(values, times, window_s).tolist() == plain
