"""An excerpt holds exactly the frames and the sound of its span, whatever the film is like."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import av
import pytest

from personae.adapters.clips import write_excerpt
from personae.adapters.sources.video import VideoSource
from personae.core.errors import (
    SourceEmpty,
    SourceMissing,
    SourceNoPicture,
    SourceUnreadable,
    UsageError,
)
from tests.adapters.clips.films import HEIGHT, WIDTH, Recipe, make, number_of, seen

PLAIN = {"g": "30", "crf": "16"}
KINDS = {
    "mp4": ("film.mp4", Recipe(base=Fraction(1, 12800), sound="aac")),
    "mkv": ("film.mkv", Recipe(base=Fraction(1, 1000), sound="aac")),
    "webm": (
        "film.webm",
        Recipe(
            base=Fraction(1, 1000),
            codec="libvpx",
            sound="libopus",
            options={"crf": "10", "b": "2M"},
        ),
    ),
    "avi": ("film.avi", Recipe(codec="mpeg4", sound="pcm_s16le", options={"b": "2M", "bf": "2"})),
    "ts": ("film.ts", Recipe(base=Fraction(1, 90000), sound="aac")),
    "gif": ("film.gif", Recipe(base=Fraction(1, 100), codec="gif", pix_fmt="rgb8", options={})),
    "h264": ("film.h264", Recipe()),
    "h265": (
        "film.hevc",
        Recipe(codec="libx265", options={"x265-params": "log-level=none:keyint=30"}),
    ),
}


@pytest.fixture(params=KINDS)
def film(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Recipe]:
    name, recipe = KINDS[request.param]
    return make(tmp_path / name, recipe), recipe


def test_every_kind_of_film_is_cut_at_the_frame(film: tuple[Path, Recipe], tmp_path: Path) -> None:
    """Near the start, over key frames, after a jump: first and last are right."""
    path, recipe = film
    for first, after in [(0, 3), (7, 8), (28, 62), (70, 95), (81, 84)]:
        start, end = recipe.seconds(first), recipe.seconds(after)
        done = write_excerpt(path, start, end, tmp_path / "clip.mp4")
        clip = seen(done.path)
        assert clip.numbers == list(range(first, after))
        assert done.frames == after - first
        assert (done.start, done.end) == pytest.approx((start, end), abs=1e-9)
        assert clip.times == pytest.approx(
            [recipe.seconds(k) - start for k in range(first, after)], abs=1e-6
        )
        assert clip.duration == pytest.approx(end - start, abs=1e-6)


def test_sound_stays_with_the_picture(film: tuple[Path, Recipe], tmp_path: Path) -> None:
    path, recipe = film
    for first, after in [(0, 60), (40, 90), (75, 100)]:
        start = recipe.seconds(first)
        clip = seen(
            write_excerpt(path, start, start + (after - first) / 25, tmp_path / "c.mp4").path
        )
        if not recipe.sound:
            assert clip.codecs == ["h264"]
            continue
        assert clip.codecs == ["h264", "aac"]
        due = [s - start for s in range(4) if start <= s < after / 25]
        assert clip.beeps == pytest.approx(due, abs=0.003)
        assert clip.sound_seconds == pytest.approx((after - first) / 25, abs=0.001)


def test_times_are_those_of_the_sources(film: tuple[Path, Recipe], tmp_path: Path) -> None:
    """A time that the source reports for a frame cuts to this very frame."""
    path, _ = film
    with VideoSource(path) as source:
        times = {number_of(f.picture.rgb()[:, :, 1]): f.time.seconds for f in source.frames()}
    assert sorted(times) == list(range(100))
    for number in (1, 33, 77):
        done = write_excerpt(path, times[number], times[number + 2], tmp_path / "clip.mp4")
        assert seen(done.path).numbers == [number, number + 1]


def uneven(seed: int, base: Fraction, frames: int = 120) -> tuple[int, ...]:
    """Ascending times with steps of 10 to 170 ms."""
    chance = random.Random(seed)
    times = [0]
    while len(times) < frames:
        times.append(times[-1] + round(chance.uniform(0.01, 0.17) / base))
    return tuple(times)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv"])
def test_uneven_frames_keep_their_times(name: str, tmp_path: Path) -> None:
    base = Fraction(1, 90000) if name == "film.mp4" else Fraction(1, 1000)
    recipe = Recipe(frames=120, base=base, times=uneven(5, base), sound="aac")
    path = make(tmp_path / name, recipe)
    for first, after in [(5, 40), (61, 62), (80, 115)]:
        done = write_excerpt(path, recipe.seconds(first), recipe.seconds(after), tmp_path / "c.mp4")
        clip = seen(done.path)
        assert clip.numbers == list(range(first, after))
        shifted = [recipe.seconds(k) - recipe.seconds(first) for k in range(first, after)]
        assert clip.times == pytest.approx(shifted, abs=1e-6)
        assert clip.duration == pytest.approx(done.end - done.start, abs=1e-6)


def test_half_a_frame_decides_at_the_start_and_the_end_cuts_the_last_frame(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800)))
    early = write_excerpt(path, 1.019, 2.0, tmp_path / "a.mp4")
    late = write_excerpt(path, 1.021, 2.01, tmp_path / "b.mp4")
    assert seen(early.path).numbers == list(range(25, 50))
    assert seen(late.path).numbers == list(range(26, 51))
    assert late.end == pytest.approx(2.01)
    assert seen(late.path).duration == pytest.approx(2.01 - 1.04, abs=1e-4)


def test_moments_rounded_to_milliseconds_cut_the_same(tmp_path: Path) -> None:
    base = Fraction(1001, 30000)
    recipe = Recipe(base=base, times=tuple(range(100)))
    path = make(tmp_path / "film.mp4", recipe)
    for first, after in [(1, 4), (20, 35), (64, 66)]:
        start, end = round(recipe.seconds(first), 3), round(recipe.seconds(after), 3)
        done = write_excerpt(path, start, end, tmp_path / "c.mp4")
        assert seen(done.path).numbers == list(range(first, after))


def test_a_span_beyond_the_film_is_cut_to_it(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800), sound="aac"))
    whole = write_excerpt(path, -5.0, 1e9, tmp_path / "whole.mp4")
    assert seen(whole.path).numbers == list(range(100))
    assert (whole.start, whole.end, whole.frames) == (0.0, pytest.approx(4.0), 100)
    endless = write_excerpt(path, float("-inf"), float("inf"), tmp_path / "endless.mp4")
    assert endless.frames == 100
    tail = write_excerpt(path, 3.9, 77.0, tmp_path / "tail.mp4")
    assert seen(tail.path).numbers == [98, 99] if tail.start > 3.91 else [97, 98, 99]
    with pytest.raises(UsageError):
        write_excerpt(path, 4.5, 5.0, tmp_path / "nothing.mp4")
    assert not (tmp_path / "nothing.mp4").exists()


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_film_becomes_upright(rotation: int, tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800), rotation=rotation))
    clip = seen(write_excerpt(path, 1.0, 2.0, tmp_path / "clip.mp4").path)
    assert clip.size == (WIDTH, HEIGHT)
    assert clip.numbers == list(range(25, 50))


def test_oblong_pixels_become_square_and_large_films_smaller(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800), aspect=Fraction(4, 3)))
    wide = seen(write_excerpt(path, 1.0, 1.4, tmp_path / "a.mp4").path)
    small = seen(write_excerpt(path, 1.0, 1.4, tmp_path / "b.mp4", max_height=48).path)
    same = seen(write_excerpt(path, 1.0, 1.4, tmp_path / "c.mp4", max_height=2000).path)
    assert (wide.size, small.size, same.size) == ((256, 96), (128, 48), (256, 96))
    assert wide.numbers == small.numbers == same.numbers == list(range(25, 35))


def test_full_range_and_ten_bits_keep_their_brightness(tmp_path: Path) -> None:
    full = Recipe(base=Fraction(1, 12800), full_range=True)
    deep = Recipe(
        base=Fraction(1, 1000),
        codec="libx265",
        pix_fmt="yuv420p10le",
        options={"x265-params": "log-level=none"},
    )
    for path in (make(tmp_path / "a.mp4", full), make(tmp_path / "b.mkv", deep)):
        done = write_excerpt(path, 1.0, 1.2, tmp_path / "clip.mp4")
        shades = []
        for film, skip in ((path, 25), (done.path, 0)):
            with av.open(str(film)) as container:
                frames = list(container.decode(video=0))
            rgb = frames[skip].to_ndarray(format="rgb24")
            assert number_of(rgb[:, :, 1]) == 25
            shades.append([rgb[24, 12].mean(), rgb[24, 84].mean()])
        assert shades[0] == pytest.approx([40, 40 + 170], abs=4)
        assert shades[1] == pytest.approx(shades[0], abs=4)


def test_mono_stays_mono_and_sound_that_starts_late_stays_late(tmp_path: Path) -> None:
    recipe = Recipe(base=Fraction(1, 1000), sound="aac", layout="mono", sound_late=0.5)
    path = make(tmp_path / "film.mkv", recipe)
    done = write_excerpt(path, 0.0, 4.0, tmp_path / "clip.mp4")
    clip = seen(done.path)
    assert clip.beeps == pytest.approx([0.5, 1.5, 2.5, 3.5], abs=0.003)
    assert clip.sound_seconds == pytest.approx(4.0, abs=0.001)
    with av.open(str(done.path)) as container:
        assert container.streams.audio[0].channels == 1


def test_the_index_stands_in_front_and_nothing_of_the_film_is_told(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800)))
    content = write_excerpt(path, 1.0, 2.0, tmp_path / "clip.mp4").path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    assert b"film" not in content


@pytest.mark.parametrize(
    ("start", "end"), [(2.0, 2.0), (2.0, 1.0), (-3.0, -1.0), (float("nan"), 1.0)]
)
def test_a_span_that_ends_before_it_starts_is_refused(
    start: float, end: float, tmp_path: Path
) -> None:
    with pytest.raises(UsageError):
        write_excerpt(tmp_path / "absent.mp4", start, end, tmp_path / "clip.mp4")


def test_what_is_no_film_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "noise.mp4").write_bytes(random.Random(1).randbytes(5000))
    with av.open(str(tmp_path / "sound.mkv"), "w") as out:
        track = out.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=800)
        frame.sample_rate = 8000
        out.mux(track.encode(frame))
    wanted = {
        "absent.mp4": SourceMissing,
        "empty.mp4": SourceEmpty,
        "noise.mp4": SourceUnreadable,
        "sound.mkv": SourceNoPicture,
    }
    for name, error in wanted.items():
        with pytest.raises(error):
            write_excerpt(tmp_path / name, 0.0, 1.0, tmp_path / "clip.mp4")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*wanted][1:])


def test_holes_in_a_film_do_not_end_its_clip(tmp_path: Path) -> None:
    path = make(tmp_path / "film.ts", Recipe(base=Fraction(1, 90000), sound="aac"))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 188 * 188
    content[middle : middle + 188 * 4] = bytes(188 * 4)
    path.write_bytes(content)
    done = write_excerpt(path, 0.0, 4.0, tmp_path / "clip.mp4")
    clip = seen(done.path)
    assert clip.numbers[:20] == list(range(20)) and clip.numbers[-3:] == [97, 98, 99]
    assert clip.sound_seconds == pytest.approx(done.end - done.start, abs=0.001)
