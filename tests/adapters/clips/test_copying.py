"""A copied excerpt shows exactly the frames of its span, bit by bit those of the film."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from personae.adapters.clips import cut_excerpt, write_excerpt
from personae.adapters.clips.edit_list import NoEditList, set_length
from personae.adapters.sources.video import VideoSource
from tests.adapters.clips.films import HEIGHT, WIDTH, Recipe, make, number_of, seen

NTSC = Fraction(1001, 30000)
CLOSED = {"bf": "3", "g": "30", "crf": "16"}
OPEN = {**CLOSED, "x264-params": "open-gop=1:scenecut=0"}


def uneven(base: Fraction, frames: int = 100, begin: int = 0) -> tuple[int, ...]:
    """Ascending times with steps of 10 to 170 ms."""
    chance = random.Random(5)
    times = [begin]
    while len(times) < frames:
        times.append(times[-1] + round(chance.uniform(0.01, 0.17) / base))
    return tuple(times)


KINDS = {
    "mp4": ("film.mp4", Recipe(base=Fraction(1, 12800), sound="aac", options=CLOSED)),
    "mov": ("film.mov", Recipe(base=Fraction(1, 12800), sound="aac", options=CLOSED)),
    "mkv": ("film.mkv", Recipe(base=Fraction(1, 1000), sound="aac", options=CLOSED)),
    "no B-frames": ("film.mp4", Recipe(base=Fraction(1, 12800), options={"bf": "0", "g": "12"})),
    "open groups": ("film.mp4", Recipe(base=Fraction(1, 12800), sound="aac", options=OPEN)),
    "open groups in mkv": ("film.mkv", Recipe(base=Fraction(1, 1000), options=OPEN)),
    "29.97": (
        "film.mp4",
        Recipe(base=Fraction(1, 30000), times=tuple(range(0, 100100, 1001)), sound="aac"),
    ),
    "late first frame": (
        "film.mp4",
        Recipe(base=Fraction(1, 12800), times=tuple(range(7680, 58880, 512)), sound="aac"),
    ),
    "late in mkv": ("film.mkv", Recipe(base=Fraction(1, 1000), times=tuple(range(33, 4033, 40)))),
    "uneven": (
        "film.mp4",
        Recipe(base=Fraction(1, 90000), times=uneven(Fraction(1, 90000)), sound="aac"),
    ),
    "uneven mkv": (
        "film.mkv",
        Recipe(base=Fraction(1, 1000), times=uneven(Fraction(1, 1000), begin=120), sound="aac"),
    ),
    "hevc": (
        "film.mp4",
        Recipe(
            base=Fraction(1, 12800),
            codec="libx265",
            sound="aac",
            options={"x265-params": "log-level=none:keyint=30:open-gop=1:bframes=4"},
        ),
    ),
    "one key frame": ("film.mp4", Recipe(base=Fraction(1, 12800), options={"bf": "2", "g": "999"})),
}
CUTS = [(0, 3), (7, 8), (28, 62), (30, 31), (59, 61), (70, 95), (81, 84), (95, 100), (0, 100)]


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    """What a player shows: decoded brightness, edit lists kept to."""
    with av.open(str(path)) as container:
        return [f.to_ndarray(format="gray") for f in container.decode(video=0)]


@pytest.fixture(params=KINDS)
def film(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Recipe]:
    name, recipe = KINDS[request.param]
    return make(tmp_path / name, recipe), recipe


def moments(recipe: Recipe, first: int, after: int) -> tuple[float, float]:
    """Seconds from the first frame at which these frames begin."""
    zero = recipe.seconds(0)
    last = recipe.seconds(after) if after < 100 else recipe.seconds(99) + 0.04
    return recipe.seconds(first) - zero, last - zero


def test_exactly_the_frames_and_their_pixels(film: tuple[Path, Recipe], tmp_path: Path) -> None:
    path, recipe = film
    originals = pictures(path)
    assert [number_of(one) for one in originals] == list(range(100))
    for first, after in CUTS:
        start, end = moments(recipe, first, after)
        done = cut_excerpt(path, start, end, tmp_path / "clip.mp4")
        assert done.copied
        shown = pictures(done.path)
        assert len(shown) == done.frames == after - first, (first, after)
        for mine, original in zip(shown, originals[first:after], strict=True):
            assert np.array_equal(mine, original)
        clip = seen(done.path)
        assert clip.times == pytest.approx(
            [recipe.seconds(k) - recipe.seconds(first) for k in range(first, after)], abs=1e-6
        )
        if after < 100:
            assert (done.start, done.end) == pytest.approx((start, end), abs=1e-6)
        assert clip.duration == pytest.approx(done.end - done.start, abs=1e-4)


def test_sound_stays_with_the_picture(film: tuple[Path, Recipe], tmp_path: Path) -> None:
    path, recipe = film
    for first, after in [(0, 60), (40, 90), (75, 99)]:
        start, end = moments(recipe, first, after)
        clip = seen(cut_excerpt(path, start, end, tmp_path / "c.mp4").path)
        if not recipe.sound:
            assert len(clip.codecs) == 1
            continue
        assert clip.codecs[1] == "aac"
        # Beeps stand at the full seconds of the container's clock
        origin = recipe.seconds(first)
        due = [s - origin for s in range(12) if origin <= s < origin + end - start]
        # This decoder gives the last packet whole; a beep right after the end is not shown
        heard = [beep for beep in clip.beeps if beep < end - start]
        assert heard == pytest.approx(due, abs=0.003)
        assert clip.sound_seconds == pytest.approx(end - start, abs=0.001)


def test_the_same_frames_as_encoding_gives(film: tuple[Path, Recipe], tmp_path: Path) -> None:
    path, _ = film
    chance = random.Random(3)
    for _ in range(4):
        start = chance.uniform(0, 3)
        end = start + chance.uniform(0.2, 1)
        copied = cut_excerpt(path, start, end, tmp_path / "a.mp4")
        encoded = write_excerpt(path, start, end, tmp_path / "b.mp4")
        assert (copied.copied, encoded.copied) == (True, False)
        assert seen(copied.path).numbers == seen(encoded.path).numbers
        assert (copied.start, copied.end) == pytest.approx((encoded.start, encoded.end), abs=1e-6)


def test_a_clip_of_a_clip(tmp_path: Path) -> None:
    """What the first one hides stays hidden; the source's edit list is understood."""
    path = make(tmp_path / "film.mp4", KINDS["mp4"][1])
    cut_excerpt(path, 1.6, 3.4, tmp_path / "one.mp4")
    for start, end, numbers in [(0.0, 0.4, range(40, 50)), (1.0, 1.8, range(65, 85))]:
        two = cut_excerpt(tmp_path / "one.mp4", start, end, tmp_path / "two.mp4")
        assert seen(two.path).numbers == list(numbers)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_film_stays_upright(rotation: int, tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800), rotation=rotation))
    done = cut_excerpt(path, 1.24, 2.0, tmp_path / "clip.mp4")
    assert done.copied
    with VideoSource(done.path) as source:
        assert (source.info.width, source.info.height) == (WIDTH, HEIGHT)
        assert [number_of(f.picture.rgb()[:, :, 1]) for f in source.frames()] == list(range(31, 50))


def test_oblong_pixels_stay_oblong(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800), aspect=Fraction(4, 3)))
    done = cut_excerpt(path, 1.0, 1.4, tmp_path / "clip.mp4")
    assert done.copied
    with VideoSource(done.path) as source:
        assert (source.info.width, source.info.height) == (256, 96)


def test_sound_that_no_mp4_plays_is_encoded_beside_the_copied_picture(tmp_path: Path) -> None:
    recipe = Recipe(base=Fraction(1, 1000), sound="pcm_s16le")
    path = make(tmp_path / "film.mkv", recipe)
    done = cut_excerpt(path, 0.6, 2.6, tmp_path / "clip.mp4")
    clip = seen(done.path)
    assert done.copied and clip.codecs == ["h264", "aac"]
    assert clip.numbers == list(range(15, 65))
    assert clip.beeps == pytest.approx([0.4, 1.4], abs=0.003)
    assert clip.sound_seconds == pytest.approx(2.0, abs=0.001)


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("film.avi", Recipe(codec="mpeg4", options={"b": "2M"})),
        ("film.h264", Recipe()),
        ("film.ts", Recipe(base=Fraction(1, 90000))),
        ("film.gif", Recipe(base=Fraction(1, 100), codec="gif", pix_fmt="rgb8", options={})),
        ("film.webm", Recipe(base=Fraction(1, 1000), codec="libvpx", options={"b": "2M"})),
    ],
)
def test_what_cannot_be_copied_is_encoded(name: str, recipe: Recipe, tmp_path: Path) -> None:
    path = make(tmp_path / name, recipe)
    done = cut_excerpt(path, 1.0, 2.0, tmp_path / "clip.mp4")
    assert not done.copied
    assert seen(done.path).numbers == list(range(25, 50))


def test_encoding_can_be_asked_for(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mp4", KINDS["mp4"][1])
    done = cut_excerpt(path, 1.0, 2.0, tmp_path / "a.mp4", reencode=True)
    small = cut_excerpt(path, 1.0, 2.0, tmp_path / "b.mp4", max_height=48)
    assert (done.copied, small.copied) == (False, False)
    assert seen(small.path).size == (96, 48)
    assert seen(done.path).numbers == list(range(25, 50))


def test_an_open_group_is_entered_at_the_last_picture_that_needs_no_other(tmp_path: Path) -> None:
    """The copy is longer than one from a closed group, and begins with a picture of its own."""
    path = make(tmp_path / "film.mp4", Recipe(base=Fraction(1, 12800), options=OPEN))
    done = cut_excerpt(path, 2.6, 3.0, tmp_path / "clip.mp4")
    with av.open(str(done.path)) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    assert len(packets) >= 75 and packets[0].is_keyframe


def test_a_lead_in_that_is_too_long_is_not_copied(tmp_path: Path) -> None:
    recipe = Recipe(frames=250, base=Fraction(1, 12800), options={"bf": "0", "g": "999"},
                    times=tuple(range(0, 250 * 1024, 1024)))  # fmt: skip
    path = make(tmp_path / "film.mp4", recipe)
    late = cut_excerpt(path, 16.0, 16.4, tmp_path / "late.mp4")
    early = cut_excerpt(path, 14.0, 14.4, tmp_path / "early.mp4")
    assert (late.copied, early.copied) == (False, True)
    assert seen(late.path).numbers == [200, 201, 202, 203, 204]
    assert seen(early.path).numbers == [175, 176, 177, 178, 179]


def test_damage_is_decoded_over_not_copied_wrong(tmp_path: Path) -> None:
    path = make(tmp_path / "film.mkv", KINDS["mkv"][1])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = bytes(600)
    path.write_bytes(content)
    done = cut_excerpt(path, 0.0, 4.0, tmp_path / "clip.mp4")
    numbers = seen(done.path).numbers
    assert numbers[:20] == list(range(20)) and numbers[-3:] == [97, 98, 99]


def test_nothing_of_the_film_but_picture_and_sound_is_carried_over(tmp_path: Path) -> None:
    path = make(tmp_path / "plain.mkv", KINDS["mkv"][1])
    named = tmp_path / "named.mkv"
    with av.open(str(path)) as source, av.open(str(named), "w") as out:
        out.metadata["title"] = "SECRET-TITLE"
        copies = {s.index: out.add_stream_from_template(s) for s in source.streams}
        copies[0].metadata["title"] = "SECRET-TRACK"
        for packet in source.demux():
            if packet.size:
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
    done = cut_excerpt(named, 1.0, 2.0, tmp_path / "clip.mp4")
    content = done.path.read_bytes()
    assert done.copied and b"SECRET" in named.read_bytes()
    assert b"SECRET" not in content
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_only_clips_have_their_edit_lists_set(tmp_path: Path) -> None:
    (tmp_path / "noise.mp4").write_bytes(random.Random(1).randbytes(5000))
    (tmp_path / "empty.mp4").write_bytes(b"\0\0\0\x08free")
    for name in ("noise.mp4", "empty.mp4"):
        with pytest.raises(NoEditList):
            set_length(str(tmp_path / name), 100)
