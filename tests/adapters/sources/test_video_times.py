"""Times of films are the stream's own; a start changes nothing but where reading begins."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from personae.adapters.sources.clock import Clock
from personae.adapters.sources.video import VideoSource
from tests.media.films import Recipe, film, joined, number_of

UNEVEN = (0, 13, 40, 41, 400, 401, 1999, 2000)


def shown(path: Path, start: float = 0.0) -> list[tuple[Fraction, int]]:
    """Exact time and number of every frame from ``start`` on."""
    with VideoSource(path) as source:
        return [
            (frame.time.pts * frame.time.base, number_of(frame.picture.rgb()))
            for frame in source.frames(start)
        ]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_uneven_times_are_exact(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, Recipe(times=UNEVEN))
    assert shown(path) == [(Fraction(t, 1000), n) for n, t in enumerate(UNEVEN)]


@pytest.mark.parametrize("name", ["a.mkv", "a.ts"])
def test_a_late_first_timestamp_becomes_zero(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, Recipe(times=range(7000, 9000, 40)))
    seen = shown(path)
    assert seen[0] == (0, 0)
    assert seen[-1] == (Fraction(1960, 1000), 49)
    with VideoSource(path) as source:
        assert source.info.duration == pytest.approx(2.0, abs=0.09)


def test_a_raw_stream_is_counted_at_its_own_rate_and_says_so(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    path = film(tmp_path / "a.h264", Recipe(times=range(60), base=1 / rate, format="h264"))
    with VideoSource(path) as source:
        assert source.times_counted
        assert "29.97" in source.info.name
        assert source.info.base == 1 / rate
        frames = list(source.frames())
    assert [frame.time.pts for frame in frames] == list(range(60))


def test_a_raw_hevc_stream_is_counted(tmp_path: Path) -> None:
    options = {"x265-params": "log-level=none"}
    recipe = Recipe(
        "libx265", times=range(30), base=Fraction(1, 24), format="hevc", options=options
    )
    seen = shown(film(tmp_path / "a.h265", recipe))
    assert seen == [(Fraction(n, 24), n) for n in range(30)]


def test_a_gif_keeps_its_delays(tmp_path: Path) -> None:
    times = (0, 10, 15, 95, 100)
    recipe = Recipe("gif", "rgb8", times=times, base=Fraction(1, 100))
    seen = shown(film(tmp_path / "a.gif", recipe))
    assert seen == [(Fraction(t, 100), n) for n, t in enumerate(times)]


LONG = tuple(40 * n + (n % 3) for n in range(250))
OPEN_GROUPS = {"bf": "3", "g": "30", "x264-params": "open-gop=1:b-adapt=0:keyint=30:min-keyint=30"}
KINDS = {
    "closed.mp4": Recipe(times=LONG, options={"g": "30", "bf": "2"}),
    "open.mp4": Recipe(times=LONG, options=OPEN_GROUPS),
    "open.mkv": Recipe(times=LONG, options=OPEN_GROUPS),
    "late.mkv": Recipe(times=[9000 + t for t in LONG], options=OPEN_GROUPS),
    "open.ts": Recipe(times=LONG, options=OPEN_GROUPS),
    "vp9.webm": Recipe("libvpx-vp9", times=LONG, options={"g": "30", "cpu-used": "8"}),
    "hevc.mp4": Recipe("libx265", times=LONG, options={"x265-params": "keyint=30:log-level=none"}),
    "b.avi": Recipe(
        "mpeg4", times=range(250), base=Fraction(1, 25), options={"g": "30", "bf": "2"}
    ),
    "ffv1.mkv": Recipe("ffv1", times=LONG),
    "a.gif": Recipe("gif", "rgb8", times=range(0, 2500, 10), base=Fraction(1, 100)),
    "a.h264": Recipe(times=range(250), base=Fraction(1, 25), format="h264"),
}
STARTS = (0.02, 1.9, 2.0, 2.3999, 4.801, 4.76, 5.9, 7.1999, 7.2, 9.0, 9.97, 60.0)


@pytest.mark.parametrize("name", KINDS)
def test_a_start_yields_the_frames_of_a_whole_reading(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, KINDS[name])
    whole = shown(path)
    # Every frame put in must come out, in order.
    assert [number for _, number in whole] == list(range(250))
    for start in STARTS:
        before = sum(time <= Fraction(start) for time, _ in whole)
        assert shown(path, start) == whole[before - 1 :], start


def test_a_jump_does_not_decode_the_way_there(tmp_path: Path) -> None:
    """Frames are counted from the key frame jumped to: few, where decoding had counted 200."""
    path = film(tmp_path / "a.mp4", KINDS["closed.mp4"])
    with VideoSource(path) as source:
        assert next(source.frames(8.5)).index < 60


def test_two_transport_streams_in_one_file_play_one_after_the_other(tmp_path: Path) -> None:
    """The second begins its clock anew; time goes on and no frame of it is lost."""
    one = film(tmp_path / "one.ts", Recipe(times=range(0, 4000, 40), options={"bf": "0"}))
    both = joined(tmp_path / "both.ts", one, one)
    seen = shown(both)
    assert len(seen) >= 198
    assert all(a < b for (a, _), (b, _) in pairwise(seen))
    assert seen[-1][0] == pytest.approx(7.96, abs=0.2)
    start = 6.0
    before = sum(time <= start for time, _ in seen)
    assert shown(both, start) == seen[before - 1 :]


class Stamped:
    """A frame's timestamps without its pixels: all that a clock looks at."""

    def __init__(self, pts: int | None, dts: int | None = None, duration: int = 40) -> None:
        self.pts, self.dts, self.duration = pts, dts, duration


def ticks(*frames: Stamped) -> list[int | None]:
    clock = Clock(Fraction(1, 1000))
    return [clock.tick(frame) for frame in frames]  # type: ignore[arg-type]


def test_a_frame_for_the_same_or_an_earlier_instant_is_dropped() -> None:
    stamps = [Stamped(t) for t in (100, 140, 140, 130, 180)]
    assert ticks(*stamps) == [0, 40, None, None, 80]


def test_a_restarted_clock_goes_on_after_the_last_frame() -> None:
    stamps = [Stamped(t) for t in (5000, 5040, 8000, 0, 40)]
    assert ticks(*stamps) == [0, 40, 3000, 3040, 3080]


def test_a_missing_timestamp_is_one_step_after_the_last() -> None:
    stamps = [Stamped(10), Stamped(None), Stamped(None, dts=90), Stamped(130)]
    assert ticks(*stamps) == [0, 40, 80, 120]
