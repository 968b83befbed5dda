"""Clips of what a camera saw: from before the event, exact, whole, bounded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from personae.adapters.recordings.recorder import Limits
from personae.adapters.recordings.shelf import sweep
from tests.adapters.recordings.recorded import (
    BEGAN,
    Bench,
    facts,
    follows_the_standard,
    numbers,
    pictures,
)
from tests.media.films import Recipe, film, joined
from tests.shared import REPOSITORY

GOP = {"g": "10", "keyint_min": "10", "sc_threshold": "0"}
"""A key frame every 400 ms."""
EIGHT_SECONDS = tuple(range(0, 200 * 40, 40))
LIMITS = Limits(pre_roll_s=2.0)


@pytest.fixture(scope="module")
def numbered_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds with B-frames; each picture says its number."""
    path = tmp_path_factory.mktemp("film") / "door.mp4"
    return film(path, Recipe(times=EIGHT_SECONDS, options=GOP))


def event(bench: Bench, begins: int, ends: int) -> Callable[[int], None]:
    """Somebody is there from ``begins`` to ``ends`` milliseconds."""

    def at(now: int) -> None:
        if begins <= now <= ends:
            bench.recorder.keep(BEGAN + begins, BEGAN + now)
        else:
            bench.recorder.looked(BEGAN + now)

    return at


def test_a_clip_begins_before_its_event_and_holds_every_picture(
    tmp_path: Path, numbered_film: Path
) -> None:
    bench = Bench(tmp_path, LIMITS)
    bench.play(numbered_film, event(bench, 4000, 5000))
    (clip,) = bench.clips()
    shown = numbers(clip)
    assert shown == list(range(shown[0], shown[-1] + 1))
    first, last = 40 * shown[0], 40 * shown[-1]
    assert 4000 - 2000 - 400 - 300 <= first <= 4000 - 2000
    assert 4960 <= last <= 5120
    times = [frame.time for frame in pictures(clip)]
    assert times[0] == 0
    assert [round(1000 * t) for t in times if t is not None] == [40 * n for n in range(len(times))]
    told = facts(clip)
    assert told["start"] == BEGAN + first and told["came"] == BEGAN + 4000
    assert told["pre_roll_ms"] == 4000 - first and told["lost_packets"] == 0
    at = time.localtime((BEGAN + 4000) // 1000)
    assert clip.parent.name == time.strftime("%Y-%m-%d", at)
    assert clip.stem == time.strftime("%H%M%S-000", at)
    assert [name for name, _ in bench.told] == ["clip"]


def test_people_who_go_on_are_one_clip_and_those_who_return_another(
    tmp_path: Path, numbered_film: Path
) -> None:
    bench = Bench(tmp_path, Limits(pre_roll_s=0.4))
    first, second = event(bench, 1000, 2000), event(bench, 5000, 5400)
    bench.play(numbered_film, lambda now: (first if now < 4000 else second)(now))
    before, after = bench.clips()
    assert len(numbers(before)) >= 35 and numbers(after)[0] * 40 <= 4600


@pytest.mark.parametrize("codec", ["libx265", "mjpeg", "mpeg4"])
def test_every_codec_becomes_a_playable_mp4(tmp_path: Path, codec: str) -> None:
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    quiet = {"x265-params": "log-level=none:keyint=10:min-keyint=10"} if codec == "libx265" else {}
    path = tmp_path / "in.mkv"
    film(path, Recipe(codec=codec, pixels=pixels, times=EIGHT_SECONDS[:100], options=quiet))
    bench = Bench(tmp_path / "out", Limits(pre_roll_s=0.5))
    bench.play(path, event(bench, 2000, 3000))
    (clip,) = bench.clips()
    shown = numbers(clip)
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert shown[0] * 40 <= 1500 and shown[-1] * 40 >= 2900
    with av.open(str(clip)) as container:
        name = container.streams.video[0].codec_context.name
    assert name == ("hevc" if codec == "libx265" else "h264")
    assert follows_the_standard(clip)


def test_long_clips_go_on_in_another_without_a_gap(tmp_path: Path, numbered_film: Path) -> None:
    bench = Bench(tmp_path, Limits(pre_roll_s=0.4, longest_s=2.0))
    bench.play(numbered_film, event(bench, 1000, 7000))
    clips = bench.clips()
    assert len(clips) >= 3
    shown = [number for clip in clips for number in numbers(clip)]
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert [facts(clip)["continues"] for clip in clips] == [False] + [True] * (len(clips) - 1)


def test_memory_is_bounded_and_what_is_lost_is_counted(tmp_path: Path, numbered_film: Path) -> None:
    bench = Bench(tmp_path, Limits(pre_roll_s=2.0, queue_bytes=1))
    bench.play(numbered_film, event(bench, 4000, 5000))
    (clip,) = bench.clips()
    shown = numbers(clip)
    assert shown == list(range(shown[0], shown[-1] + 1)) and shown[-1] * 40 <= 4000
    assert facts(clip)["lost_packets"] >= 20
    assert bench.told[-1][1]["lost_packets"] == facts(clip)["lost_packets"]
    small = Bench(
        tmp_path / "small", Limits(pre_roll_s=2.0, ring_bytes=numbered_film.stat().st_size // 8)
    )
    small.play(numbered_film, event(small, 4000, 5000))
    (clip,) = small.clips()
    assert numbers(clip)[0] * 40 > 2000
    assert facts(clip)["pre_roll_ms"] < 2000


def test_another_size_or_another_stream_is_another_clip(tmp_path: Path) -> None:
    parts = []
    for name, size in (("a.ts", (96, 64)), ("b.ts", (128, 96))):
        recipe = Recipe(size=size, times=EIGHT_SECONDS[:60], options={**GOP, "bf": "0"})
        parts.append(film(tmp_path / name, recipe))
    both = joined(tmp_path / "both.ts", *parts)
    bench = Bench(tmp_path / "out", LIMITS)
    since = bench.play(both, lambda now: bench.recorder.keep(BEGAN + now, BEGAN + now + 5000))
    bench.recorder.broken()
    bench.recorder.keep(BEGAN + since, BEGAN + since + 5000)
    bench.play(parts[0], since=since)
    clips = bench.clips()
    sizes = [{(f.width, f.height) for f in pictures(clip)} for clip in clips]
    assert sizes == [{(96, 64)}, {(128, 96)}, {(96, 64)}]
    assert all(numbers(clip)[0] == 0 for clip in clips)
    assert all(follows_the_standard(clip) for clip in clips)
    assert all(facts(clip)["came"] >= facts(clip)["start"] for clip in clips)


def test_a_folder_that_cannot_be_written_loses_the_clip_and_says_so(
    tmp_path: Path, numbered_film: Path
) -> None:
    occupied = tmp_path / "door"
    occupied.write_text("not a folder")
    bench = Bench(occupied, LIMITS)
    bench.play(numbered_film, event(bench, 4000, 5000))
    bench.recorder.close()
    assert [name for name, _ in bench.told] == ["clip lost"]
    assert bench.told[0][1]["reason"]


def test_a_clip_that_was_being_written_when_the_power_went_is_gone_at_the_next_start(
    tmp_path: Path, numbered_film: Path
) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from tests.adapters.recordings.recorded import BEGAN, Bench\n"
        "from personae.adapters.recordings.recorder import Limits\n"
        "bench = Bench(Path(sys.argv[2]), Limits(pre_roll_s=2.0))\n"
        "def at(now):\n"
        "    bench.recorder.keep(BEGAN + now, BEGAN + now + 60_000)\n"
        "    time.sleep(0.01)\n"
        "    if now == 4000: print('now', flush=True)\n"
        "bench.play(Path(sys.argv[1]), at)\n"
    )
    folder = tmp_path / "recordings" / "door"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(numbered_film), str(folder)],
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{REPOSITORY}"},
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"now\n"
        assert list(folder.rglob("*.part")) and sweep(tmp_path) == 0
        process.send_signal(signal.SIGKILL)
    assert list(folder.rglob("*.part")) and not list(folder.rglob("*.mp4"))
    assert sweep(tmp_path) == 1
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_clock_that_jumps_back_begins_another_clip(tmp_path: Path) -> None:
    recipe = Recipe(times=EIGHT_SECONDS[:60], options=GOP, base=Fraction(1, 1000))
    path = film(tmp_path / "short.mp4", recipe)
    bench = Bench(tmp_path / "out", LIMITS)
    keep = lambda now: bench.recorder.keep(BEGAN + now, BEGAN + now + 5000)  # noqa: E731
    bench.play(path, keep, bench.play(path, keep))
    assert [numbers(clip) for clip in bench.clips()] == [list(range(60))] * 2
