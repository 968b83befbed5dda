"""A file from start to end: segments, resumption, damage, and what is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from personae.core.errors import SourceError, SourceNoPicture, SourceTruncated, SourceUnreadable
from personae.core.frame import Frame
from personae.core.records import Run
from personae.flows.ingest import Ingested, Progress, ingest
from personae.testing.fakes import FakeSource, MemoryRuns, stitched
from personae.testing.script import Actor, Script
from tests.flows.scenes import SETTINGS, people, rows, spans, stage

CUT_4 = replace(SETTINGS, segment_s=4.0)
"""Segments of 100 frames at 25 a second."""
STORY = Script(
    (
        Actor(0, 10, 330, (70, 60, 40), (230, 60, 44)),
        Actor(1, 140, 190, (250, 120, 40)),
        Actor(2, 100, 200, (40, 120, 36)),
        Actor(3, 330, 350, (160, 70, 50)),
    ),
    350,
    shots=((0, 90), (330, 170)),
)


class Interrupted(Exception):
    """The power went out."""


def no_progress(share: float, frames: int) -> None:
    """Nobody watches."""


def analysed(
    script: Script, runs: MemoryRuns, progress: Progress = no_progress
) -> tuple[Run, Ingested]:
    source = FakeSource(script)
    run = runs.begin(1, "settings")
    return run, ingest(source, run, runs, stage(script).parts, CUT_4, progress)


def kept(runs: MemoryRuns, run: Run) -> list[dict[str, object]]:
    return [rows(segment) for segment in runs.runs[run.id].segments]


def test_a_film_becomes_segments_and_is_shown() -> None:
    runs = MemoryRuns()
    run, done = analysed(STORY, runs)
    segments = runs.runs[run.id].segments
    assert [s.number for s in segments] == [0, 1, 2, 3]
    assert runs.shown(1, "settings") and not runs.shown(1, "others")
    assert runs.length[1] == 350
    assert done.damage is None
    assert done.counts["frames"] == 350 and done.counts["face_tracks"] == 4


def test_flags_say_what_goes_over_a_segment_s_end() -> None:
    runs = MemoryRuns()
    run, _ = analysed(STORY, runs)
    flags = [
        {(t.first, t.last): (t.opened, t.closed) for t in segment.tracks}
        for segment in runs.runs[run.id].segments
    ]
    assert flags[0] == {(10, 100): (False, True)}
    # Actor 2 comes and goes with a segment's first and last frame: only the store, which finds
    # nobody on the other side, can tell that this is no piece of a longer track
    assert flags[1] == {(100, 200): (True, True), (140, 190): (False, False)}
    assert flags[2] == {(200, 300): (True, True)}
    assert flags[3] == {(300, 330): (True, False), (330, 350): (False, False)}


def test_stitched_tracks_are_those_of_the_film() -> None:
    runs = MemoryRuns()
    run, _ = analysed(STORY, runs)
    tracks = stitched(runs.runs[run.id].segments)
    assert spans(tracks) == [(10, 330), (100, 200), (140, 190), (330, 350)]
    assert people(tracks) == [0, 2, 1, 3]
    assert all(len(t.shots) <= CUT_4.shots for t in tracks)
    # Actor 2 went with the last frame of a segment: that nobody continues them is all there is
    assert [t.closed for t in tracks] == [False, True, False, False]


def test_a_cut_on_a_segment_s_end_closes_what_was_open() -> None:
    script = Script((Actor(0, 0, 100), Actor(0, 100, 200)), 200, shots=((0, 90), (100, 170)))
    runs = MemoryRuns()
    run, _ = analysed(script, runs)
    first, second = (s.tracks for s in runs.runs[run.id].segments)
    assert [t.closed for t in first] == [False]
    assert spans(stitched(runs.runs[run.id].segments)) == [(0, 100), (100, 200)]
    assert spans(second) == [(100, 200)]


@pytest.mark.parametrize("stops", [(1,), (101,), (201,), (301,), (60, 101, 150, 250, 320)])
def test_work_resumed_after_any_segment_gives_the_same_rows(stops: tuple[int, ...]) -> None:
    undisturbed = MemoryRuns()
    run, done = analysed(STORY, undisturbed)
    runs = MemoryRuns()
    for stop in stops:
        begun = runs.begin(1, "settings").segments * 100

        def until(share: float, frames: int, left: int = stop - begun) -> None:
            if frames >= left:
                raise Interrupted

        with pytest.raises(Interrupted):
            analysed(STORY, runs, until)
        assert runs.begin(1, "settings").segments == (stop - 1) // 100
    again, resumed = analysed(STORY, runs)
    assert kept(runs, again) == kept(undisturbed, run)
    assert resumed == done
    assert runs.length == undisturbed.length


def test_work_resumed_after_the_last_segment_ends_where_it_should() -> None:
    """Everything was kept, and then the power went out before it was shown."""
    runs = MemoryRuns()
    run, done = analysed(STORY, runs)
    undisturbed, length = kept(runs, run), dict(runs.length)
    runs.runs[run.id].run = replace(runs.runs[run.id].run, state="hidden")
    again, resumed = analysed(STORY, runs)
    assert again.segments == 4
    assert (kept(runs, again), resumed, runs.length) == (undisturbed, done, length)


def test_half_done_work_of_other_settings_is_dropped() -> None:
    runs = MemoryRuns()

    def stop(share: float, frames: int) -> None:
        if frames > 101:
            raise Interrupted

    with pytest.raises(Interrupted):
        analysed(STORY, runs, stop)
    assert runs.begin(1, "others").segments == 0
    assert len(runs.runs) == 1


def test_a_second_analysis_takes_the_place_of_the_first() -> None:
    runs = MemoryRuns()
    analysed(STORY, runs)
    source = FakeSource(STORY)
    run = runs.begin(1, "others")
    ingest(source, run, runs, stage(STORY).parts, CUT_4)
    assert list(runs.runs) == [run.id]
    assert runs.shown(1, "others") and not runs.shown(1, "settings")


def test_a_film_that_breaks_off_keeps_what_came_before() -> None:
    runs = MemoryRuns()
    broken = replace(STORY, breaks_at=260)
    run, done = analysed(broken, runs)
    assert isinstance(done.damage, SourceTruncated)
    assert runs.shown(1, "settings")
    assert runs.length[1] == 260
    assert spans(stitched(runs.runs[run.id].segments)) == [(10, 260), (100, 200), (140, 190)]


def test_a_film_that_fails_at_once_leaves_nothing_behind() -> None:
    runs = MemoryRuns()
    with pytest.raises(SourceTruncated):
        analysed(replace(STORY, breaks_at=0), runs)
    assert not runs.runs and not runs.length


def test_a_film_without_a_frame_leaves_nothing_behind() -> None:
    class Empty(FakeSource):
        def frames(self, start: float = 0.0) -> Iterator[Frame]:
            return iter(())

    runs = MemoryRuns()
    source = Empty(STORY)
    with pytest.raises(SourceNoPicture):
        ingest(source, runs.begin(1, "settings"), runs, stage(STORY).parts, CUT_4)
    assert not runs.runs


def test_a_film_that_can_no_longer_be_read_keeps_the_segments_of_before() -> None:
    """Damage right where work resumes is damage in the middle of the film, not at its start."""

    class Deaf(FakeSource):
        def frames(self, start: float = 0.0) -> Iterator[Frame]:
            if start > 0:
                raise SourceUnreadable("cannot go to this place")
            return super().frames(start)

    runs = MemoryRuns()

    def stop(share: float, frames: int) -> None:
        if frames > 201:
            raise Interrupted

    with pytest.raises(Interrupted):
        analysed(STORY, runs, stop)
    run = runs.begin(1, "settings")
    assert run.segments == 2

    class Lazy(Deaf):
        def frames(self, start: float = 0.0) -> Iterator[Frame]:
            yield from super().frames(start)

    done = ingest(Lazy(STORY), run, runs, stage(STORY).parts, CUT_4)
    assert isinstance(done.damage, SourceError)
    assert len(runs.runs[run.id].segments) == 2 and runs.shown(1, "settings")
    assert 1 not in runs.length


def test_a_gap_of_whole_segments_is_passed_over() -> None:
    times = (*range(0, 90), *range(520, 600))
    script = Script((Actor(0, 0, 600),), 600, times=times)
    undisturbed, runs = MemoryRuns(), MemoryRuns()
    run, done = analysed(script, undisturbed)
    assert [s.number for s in undisturbed.runs[run.id].segments] == [0, 5]

    def stop(share: float, frames: int) -> None:
        if frames == 91:
            raise Interrupted

    with pytest.raises(Interrupted):
        analysed(script, runs, stop)
    again, resumed = analysed(script, runs)
    assert kept(runs, again) == kept(undisturbed, run) and resumed == done


def test_a_leap_in_time_costs_nothing() -> None:
    """A damaged clock may jump by years; that is not a year of empty segments."""
    base = Fraction(1, 1000)
    times = (0, 40, 80, 10**10, 10**10 + 40)
    script = Script((Actor(0, 0, 81),), 10**10 + 80, base=base, times=times, fps=None)
    runs = MemoryRuns()
    run, _ = analysed(script, runs)
    assert [s.number for s in runs.runs[run.id].segments] == [0, 2_500_000]
    assert runs.length[1] == 10**10 + 80


@pytest.mark.parametrize(("fps", "end"), [(25.0, 350), (None, 350), (12.5, 351)])
def test_the_last_frame_lasts_as_long_as_frames_do(fps: float | None, end: int) -> None:
    runs = MemoryRuns()
    analysed(replace(STORY, fps=fps), runs)
    assert runs.length[1] == end


def test_a_photo_has_no_length() -> None:
    script = Script((Actor(0, 0, 1, (160, 90, 60)),), 1, still=True, fps=None)
    runs = MemoryRuns()
    _, done = analysed(script, runs)
    assert done.counts["face_tracks"] == 1
    assert runs.length[1] == 0


def test_progress_goes_from_nothing_to_everything() -> None:
    told: list[tuple[float, int]] = []
    analysed(STORY, MemoryRuns(), lambda share, frames: told.append((share, frames)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[0] == 0 and 0.99 < shares[-1] <= 1
    assert [frames for _, frames in told] == list(range(1, 351))
    told.clear()
    photo = Script((), 1, still=True, fps=None)
    analysed(photo, MemoryRuns(), lambda share, frames: told.append((share, frames)))
    assert told == [(0.0, 1)]


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    analysed(STORY, MemoryRuns())
    with pytest.raises(SourceTruncated):
        analysed(replace(STORY, breaks_at=0), MemoryRuns())

    def stop(share: float, frames: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        analysed(STORY, MemoryRuns(), stop)
    assert set(threading.enumerate()) == before
