"""Decoding ahead changes neither the order nor the failures, and leaves no thread behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from personae.core.errors import SourceTruncated
from personae.core.frame import Frame
from personae.flows.prefetch import depth_for, prefetched
from personae.testing.script import Script
from tests.flows.scenes import frames_of

FILM = Script((), 60)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize("depth", [1, 2, 6, 100])
def test_frames_come_in_order_and_all_of_them(depth: int) -> None:
    with prefetched(frames_of(FILM), depth) as frames:
        assert [frame.time.pts for frame in frames] == list(range(60))


def test_nothing_in_is_nothing_out() -> None:
    with prefetched(iter(())) as frames:
        assert list(frames) == []


@pytest.mark.parametrize("failure", [SourceTruncated("breaks off"), MemoryError(), SystemExit(3)])
def test_a_failure_is_raised_where_it_is_read(failure: BaseException) -> None:
    def failing() -> Iterator[Frame]:
        for frame in frames_of(FILM):
            if frame.index == 17:
                raise failure
            yield frame

    seen: list[int] = []
    with pytest.raises(type(failure)) as caught, prefetched(failing()) as frames:
        for frame in frames:
            seen.append(frame.index)
    assert caught.value is failure
    assert seen == list(range(17))


def test_it_runs_ahead_by_its_depth_and_no_further() -> None:
    taken: list[int] = []

    def counted() -> Iterator[Frame]:
        for frame in frames_of(FILM):
            taken.append(frame.index)
            yield frame

    with prefetched(counted(), depth=4) as frames:
        next(frames)
        deadline = time.monotonic() + 10
        while len(taken) < 6 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        # One read, four in the box, one in the thread's hand
        assert taken == list(range(6))


def test_a_reader_that_stops_early_stops_the_thread() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Frame]:
        frame = next(frames_of(FILM))
        while True:
            taken.append(len(taken))
            yield frame

    with prefetched(endless()) as frames:
        next(frames)
    stopped_at = len(taken)
    time.sleep(0.05)
    assert len(taken) == stopped_at < 20


def test_a_reader_that_fails_stops_the_thread() -> None:
    with pytest.raises(ZeroDivisionError), prefetched(frames_of(FILM)) as frames:
        next(frames)
        raise ZeroDivisionError


def test_who_reads_on_after_the_end_is_not_left_waiting() -> None:
    with prefetched(frames_of(FILM), depth=2) as frames:
        next(frames)
    assert list(frames) == []


@pytest.mark.parametrize(
    ("size", "depth"), [((64, 48), 32), ((1280, 720), 32), ((1920, 1080), 15), ((7680, 4320), 4)]
)
def test_large_frames_are_decoded_less_far_ahead(size: tuple[int, int], depth: int) -> None:
    assert depth_for(*size) == depth
