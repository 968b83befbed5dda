"""Films that are broken, cut or hostile: frames until the damage, then an error with a code."""

from __future__ import annotations

import os
import random
from fractions import Fraction
from pathlib import Path

import pytest

from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.sources.video import VideoSource
from personae.core.errors import SourceError, SourceTruncated
from tests.media.films import Recipe, film, index_in_front, number_of, sound, with_longer_sound


def read(path: Path) -> tuple[int, str]:
    """How many frames came out, and the code of the failure after them, if any."""
    count = 0
    try:
        with open_source(path, SourceOptions()) as source:
            for frame in source.frames():
                frame.picture.rgb()
                count += 1
    except SourceError as error:
        assert error.hint
        return count, error.code
    return count, ""


def noisy(path: Path, frames: int = 250) -> Path:
    """A film large enough for its index to be a small part of it."""
    if path.suffix == ".avi":
        options = {"g": "25"}
        return film(
            path, Recipe("mpeg4", times=range(frames), base=Fraction(1, 25), options=options)
        )
    return film(path, Recipe(times=range(0, frames * 40, 40), options={"crf": "5", "g": "25"}))


@pytest.mark.parametrize("name", ["a.mkv", "a.avi"])
def test_a_film_cut_in_the_middle_yields_its_first_half_and_then_fails(
    tmp_path: Path, name: str
) -> None:
    whole = noisy(tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    count, code = read(tmp_path / name)
    assert 60 < count < 200
    assert code == "P206"


def test_a_film_with_its_index_in_front_is_cut_the_same(tmp_path: Path) -> None:
    path = index_in_front(noisy(tmp_path / "a.mp4"), tmp_path / "front.mp4")
    assert read(path) == (250, "")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    count, code = read(path)
    assert 60 < count < 220
    assert code in {"P206", "P203"}


def test_a_film_without_its_index_says_that_it_is_cut(tmp_path: Path) -> None:
    path = noisy(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceTruncated):
        VideoSource(path)


def test_a_picture_shorter_than_its_sound_is_no_cut(tmp_path: Path) -> None:
    path = with_longer_sound(tmp_path / "a.mkv", picture_s=2, sound_s=10)
    assert read(path) == (50, "")


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_one_damaged_spot_is_survived(tmp_path: Path, name: str) -> None:
    path = noisy(tmp_path / name)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = random.Random(7).randbytes(40)
    path.write_bytes(content)
    count, code = read(path)
    assert count > 230
    assert code == ""


def test_damage_everywhere_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    path = noisy(tmp_path / "a.mp4")
    content = bytearray(path.read_bytes())
    dice = random.Random(3)
    for place in range(5000, len(content) * 8 // 10, 60):
        content[place : place + 30] = dice.randbytes(30)
    path.write_bytes(content)
    count, code = read(path)
    assert count > 0
    assert code == "P203"


def test_what_was_lost_is_counted_and_tolerated(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", Recipe("mjpeg", "yuvj420p"))
    content = bytearray(path.read_bytes())
    place = -1
    for _ in range(20):
        place = content.index(b"\xff\xd8\xff", place + 1)
    content[place : place + 200] = bytes(200)
    path.write_bytes(content)
    with VideoSource(path) as source:
        numbers = [number_of(frame.picture.rgb()) for frame in source.frames()]
        assert source.damaged == 1
    assert numbers == [n for n in range(50) if n != 19]


def test_sound_alone_has_no_picture(tmp_path: Path) -> None:
    assert read(sound(tmp_path / "a.m4a")) == (0, "P205")
    assert read(sound(tmp_path / "a.mkv")) == (0, "P205")


def test_a_film_without_frames_has_no_picture(tmp_path: Path) -> None:
    assert read(film(tmp_path / "a.avi", Recipe(times=()))) == (0, "P205")


def test_an_encrypted_film_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", Recipe())
    content = path.read_bytes()
    assert content.count(b"avc1") >= 1
    head, tail = content.split(b"moov", 1)
    path.write_bytes(head + b"moov" + tail.replace(b"avc1", b"encv"))
    assert read(path) == (0, "P208")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("words.mp4", b"not a film " * 500, "P203"),
        ("words.txt", b"not a film " * 500, "P208"),
        ("empty.mp4", b"", "P202"),
        ("one.mp4", b"\0", "P203"),
        ("zeros.mkv", bytes(100_000), "P203"),
        ("head.mkv", b"\x1aE\xdf\xa3", "P203"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", "P208"),
        ("list.txt", b"ffconcat version 1.0\nfile 'a.mp4'\n", "P208"),
        ("list.sdp", b"v=0\ns=x\nc=IN IP4 127.0.0.1\nm=video 5 RTP/AVP 96\n", "P208"),
    ],
)  # fmt: skip
def test_what_is_no_film_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    film(tmp_path / "a.mp4", Recipe(times=(0, 40)))
    (tmp_path / name).write_bytes(content)
    assert read(tmp_path / name) == (0, code)


@pytest.mark.parametrize(
    "name",
    [
        "new\nline.mp4", "quo'te\".mp4", "-dash.mp4", "concat:a.mp4|b.mp4", "http:a.mp4",
        "%d.mp4", "%03d.mp4", "a b*?[x].mp4", "#half?query=1&x.mp4", "pipe:0", "ünï—côde.mp4",
        "no_ending", "wrong.txt", "\udcff.mp4",
    ],
)  # fmt: skip
def test_a_name_is_only_ever_a_name(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also as a bare relative path, which is how a shell hands it on."""
    film(tmp_path / "0.mp4", Recipe(times=(0,)))
    os.rename(film(tmp_path / "made.mp4", Recipe(times=(0, 40, 80))), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert read(Path(name)) == (3, "")
    assert read(tmp_path / name) == (3, "")


def test_a_pattern_is_not_looked_for(tmp_path: Path) -> None:
    film(tmp_path / "1.mp4", Recipe(times=(0, 40)))
    assert read(tmp_path / "%d.mp4") == (0, "P201")


def test_a_pipe_and_a_folder_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert read(tmp_path / "pipe.mp4") == (0, "P208")
    assert read(tmp_path) == (0, "P208")


def test_frames_before_the_damage_are_the_right_ones(tmp_path: Path) -> None:
    path = noisy(tmp_path / "a.mkv")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    seen = []
    with VideoSource(path) as source, pytest.raises(SourceTruncated):
        for frame in source.frames():
            seen.append(number_of(frame.picture.rgb()))
    assert seen[:-2] == list(range(len(seen) - 2))
