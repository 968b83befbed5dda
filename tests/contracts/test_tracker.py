"""What every tracker promises; a new adapter is one more line in TRACKERS."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.adapters.trackers.single import SingleTracker
from personae.ports import Tracker
from tests.adapters.trackers.film import BLUE, GREEN, RED, Actor, detections, frame, show

TRACKERS: dict[str, Callable[[], Tracker]] = {
    "single": SingleTracker,
    "byte-track": ByteTrack,
    "byte-track-faces": lambda: ByteTrack(ByteTrackSettings.faces()),
    "byte-track-bodies": lambda: ByteTrack(ByteTrackSettings.bodies()),
}

Film = list[tuple[float, list[Actor], bool]]
ACTORS = st.builds(
    Actor,
    x=st.floats(0, 640),
    y=st.floats(0, 360),
    height=st.floats(2, 300),
    score=st.floats(0, 1, width=32),
    colour=st.sampled_from([RED, GREEN, BLUE]),
)
# Each frame: seconds since the one before, who is there, and whether a cut comes before it.
FRAMES = st.lists(
    st.tuples(
        st.sampled_from([0.04, 0.2, 0.6, 3.0, 30.0]), st.lists(ACTORS, max_size=4), st.booleans()
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(params=sorted(TRACKERS))
def make(request: pytest.FixtureRequest) -> Callable[[], Tracker]:
    return TRACKERS[request.param]


def test_answers_the_detections_it_was_given_row_by_row(make: Callable[[], Tracker]) -> None:
    seen = detections([Actor(100, 100), Actor(400, 200, colour=BLUE)])
    answer = make().update(frame(0, [Actor(100, 100)]), seen)
    assert answer.detections is seen
    assert answer.ids.shape == (2,)
    assert answer.ids.dtype == np.int64
    assert len(set(answer.ids.tolist())) == 2
    assert (answer.ids >= 0).all()


def test_an_empty_frame_gives_no_ids(make: Callable[[], Tracker]) -> None:
    tracker = make()
    assert show(tracker, 0.0, []) == []
    assert tracker.finish().tolist() == []
    assert tracker.lost().tolist() == []
    assert tracker.rejected().tolist() == []


@pytest.mark.parametrize("name", sorted(TRACKERS))
@settings(max_examples=60, deadline=None)
@given(film=FRAMES)
def test_every_id_is_new_once_and_leaves_once(name: str, film: Film) -> None:
    tracker = TRACKERS[name]()
    given_ids: list[int] = []
    left: list[int] = []
    now = 0.0
    for step, actors, cut in film:
        if cut:
            left += tracker.finish().tolist()
        now += step
        ids = [i for i in show(tracker, now, actors) if i >= 0]
        assert len(set(ids)) == len(ids), "two boxes of one frame in one track"
        assert not set(ids) & set(left), "an id came back after it had left"
        fresh = [i for i in ids if i not in given_ids]
        assert all(i > max(given_ids, default=-1) for i in fresh), "new ids do not increase"
        given_ids += sorted(fresh)
        left += tracker.lost().tolist() + tracker.rejected().tolist()
    left += tracker.finish().tolist() + tracker.lost().tolist() + tracker.rejected().tolist()
    assert sorted(left) == given_ids
    assert tracker.finish().tolist() == []


@pytest.mark.parametrize("name", sorted(TRACKERS))
@settings(max_examples=30, deadline=None)
@given(film=FRAMES)
def test_the_same_film_gives_the_same_ids_whoever_else_is_at_work(name: str, film: Film) -> None:
    alone, together, other = (TRACKERS[name]() for _ in range(3))
    times = np.cumsum([step for step, _, _ in film]).tolist()
    first = [show(alone, t, actors) for t, (_, actors, _) in zip(times, film, strict=True)]
    second = []
    for number, (t, (_, actors, _)) in enumerate(zip(times, film, strict=True)):
        show(other, t * 1.7, [Actor(50.0 * number, 90), *actors])
        second.append(show(together, t, actors))
    assert first == second
    assert alone.finish().tolist() == together.finish().tolist()


def test_nothing_survives_a_cut(make: Callable[[], Tracker]) -> None:
    tracker = make()
    before = show(tracker, 0.0, [Actor(100, 100)])
    assert tracker.finish().tolist() == before
    after = show(tracker, 0.2, [Actor(100, 100)])
    assert after[0] > before[0]
