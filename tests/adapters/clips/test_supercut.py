"""A supercut shows the pieces in order, each as long as in its film, with its sound as loud."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from personae.adapters.clips import Look, Piece, Supercut, write_supercut
from personae.adapters.clips.card import card, one_line
from personae.adapters.clips.picture import Canvas
from personae.core.errors import SourceMissing, SourceTruncated, UsageError
from tests.adapters.clips.films import WIDTH, Recipe, make, number_of, seen

NTSC = Fraction(30000, 1001)
FILM = Recipe(base=Fraction(1, 12800), sound="aac")
FAST = Recipe(base=Fraction(1, 30000), times=tuple(range(0, 100100, 1001)), sound="aac")


def numbers(path: Path) -> list[int]:
    """The numbers of all frames, at an even rate."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        times = [float(f.pts * stream.time_base) for f in frames if f.pts is not None]
        steps = np.diff(times)
        assert np.allclose(steps, 1 / float(stream.average_rate or 0), atol=6e-4)
        return [number_of(f.to_ndarray(format="gray")) for f in frames]


def assert_lengths(done: Supercut, rate: float) -> None:
    """Every piece lasts as long as was asked, within a frame; and all together too."""
    assert done.parts
    for part in done.parts:
        wanted = part.piece.end - part.piece.start
        assert part.end - part.start == pytest.approx(wanted, abs=1 / rate + 1e-9)
    clip = seen(done.path)
    assert clip.duration == pytest.approx(done.seconds, abs=2e-3)
    assert clip.sound_seconds == pytest.approx(done.seconds, abs=2e-3)


def test_pieces_follow_each_other_frame_by_frame(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one.mp4", FILM), make(tmp_path / "two.mkv", FILM)
    pieces = [Piece(two, 2.0, 2.4), Piece(one, 0.4, 1.0), Piece(two, 0.0, 0.04)]
    done = write_supercut(pieces, tmp_path / "all.mp4")
    assert numbers(done.path) == [*range(50, 60), *range(10, 25), 0]
    assert [(part.start, part.end) for part in done.parts] == [(0, 0.4), (0.4, 1.0), (1.0, 1.04)]
    assert_lengths(done, 25)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.mp4", "one.mp4", "two.mkv"]


@pytest.mark.parametrize("name", ["all.mp4", "all.mov", "all.mkv"])
def test_films_of_other_rates_keep_their_lengths_and_roundings_do_not_add_up(
    name: str, tmp_path: Path
) -> None:
    one, two = make(tmp_path / "one.mp4", FILM), make(tmp_path / "two.mp4", FAST)
    pieces = [
        Piece(film, start, start + length)
        for start, length in [(0.2, 0.33), (0.5, 0.21), (1.1, 0.75), (2.0, 0.11), (2.2, 0.47)]
        for film in (one, two)
    ]
    done = write_supercut(pieces, tmp_path / name, Look(rate=Fraction(24)))
    for part in done.parts:
        wanted = part.piece.end - part.piece.start
        # Frames begin up to half a frame before the moment that was asked for
        assert part.end - part.start == pytest.approx(wanted, abs=1 / 24 + 0.5 / 25)
    assert done.parts[-1].end == pytest.approx(done.seconds)
    with av.open(str(done.path)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == round(done.seconds * 24)
    assert all(a.end == b.start for a, b in zip(done.parts, done.parts[1:], strict=False))


def test_the_first_film_gives_the_rate(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one.mp4", FAST), make(tmp_path / "two.mp4", FILM)
    done = write_supercut([Piece(one, 0.0, 1.001), Piece(two, 1.0, 2.0)], tmp_path / "all.mp4")
    shown = numbers(done.path)
    assert shown[:30] == list(range(30))
    assert len(shown) == 60 and set(shown[30:]) == set(range(25, 50))
    with av.open(str(done.path)) as container:
        assert container.streams.video[0].average_rate == NTSC


def test_beeps_stay_with_their_pictures_over_all_pieces(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one.mp4", FILM), make(tmp_path / "two.mp4", FAST)
    pieces = [Piece(one, 0.8, 1.4), Piece(two, 1.7, 2.7), Piece(one, 2.6, 3.4)] * 3
    done = write_supercut(pieces, tmp_path / "all.mp4")
    due = [part.start + round(part.piece.start + 0.5) - part.piece.start for part in done.parts]
    assert seen(done.path).beeps == pytest.approx(due, abs=0.045)
    assert_lengths(done, 25)


def power(path: Path, start: float, end: float) -> float:
    """Mean power over a stretch, both sides added (as loudness is measured, ITU-R BS.1770)."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = [f.to_ndarray() for f in container.decode(stream)]
        sound = np.concatenate(frames, axis=1)[:, int(start * stream.rate) : int(end * stream.rate)]
    return float((sound.astype(np.float64) ** 2).mean(axis=1).sum())


def test_sound_is_as_loud_as_in_the_film_and_silence_is_silent(tmp_path: Path) -> None:
    loud = make(tmp_path / "stereo.mp4", FILM)
    mono = make(tmp_path / "mono.mp4", Recipe(base=FILM.base, sound="aac", layout="mono"))
    mute = make(tmp_path / "mute.mp4", Recipe(base=FILM.base))
    pieces = [Piece(mute, 0.0, 1.0), Piece(loud, 0.0, 1.0), Piece(mono, 0.0, 1.0)]
    done = write_supercut(pieces, tmp_path / "all.mp4")
    clip = seen(done.path)
    assert clip.sound_seconds == pytest.approx(3.0, abs=1e-3)
    assert power(done.path, 0.1, 0.9) < 1e-7
    for film, at in ((loud, 1.0), (mono, 2.0)):
        here, there = power(done.path, at, at + 0.5), power(film, 0.0, 0.5)
        assert 10 * np.log10(here / there) == pytest.approx(0.0, abs=0.5)
    with av.open(str(done.path)) as container:
        assert (container.streams.audio[0].rate, container.streams.audio[0].layout.name) == (
            48000,
            "stereo",
        )


def test_every_shape_fits_the_largest_and_colours_stay(tmp_path: Path) -> None:
    wide = make(tmp_path / "wide.mp4", FILM)
    turned = make(tmp_path / "turned.mp4", Recipe(base=FILM.base, rotation=90))
    oblong = make(tmp_path / "oblong.mp4", Recipe(base=FILM.base, aspect=Fraction(4, 3)))
    pieces = [Piece(film, 1.0, 1.4) for film in (wide, turned, oblong)]
    done = write_supercut(pieces, tmp_path / "all.mp4")
    small = write_supercut(pieces[:2], tmp_path / "small.mp4", Look(height=48))
    assert seen(done.path).size == (256, 96)
    assert seen(small.path).size == (96, 48)
    assert seen(small.path).numbers == [*range(25, 35), *range(25, 35)]
    with av.open(str(done.path)) as container:
        frames = [f.to_ndarray(format="gray") for f in container.decode(video=0)]
    bars = (256 - WIDTH) // 2
    assert [number_of(f[:, bars : bars + WIDTH]) for f in frames[:20]] == [*range(25, 35)] * 2
    assert frames[0][:, : bars - 4].max() < 24, "beside a narrower film it is black"
    assert [number_of(f) for f in frames[20:]] == list(range(25, 35))


def test_cards_come_before_each_piece_and_say_which_film(tmp_path: Path) -> None:
    film = make(tmp_path / "a film.mp4", FILM)
    pieces = [Piece(film, 1.0, 1.4), Piece(film, 2.0, 2.2)]
    done = write_supercut(pieces, tmp_path / "all.mp4", Look(cards=True))
    assert done.seconds == pytest.approx(2 * 1.5 + 0.6, abs=1 / 25)
    starts = [part.start for part in done.parts]
    assert starts == pytest.approx([1.5, 3.4], abs=1 / 25)
    with av.open(str(done.path)) as container:
        frames = [f.to_ndarray(format="gray") for f in container.decode(video=0)]
    assert [number_of(f) for f in frames[38:48]] == list(range(25, 35))
    first, second = frames[10], frames[38 + 10 + 10]
    assert first.mean() < 60 and first.max() > 150, "light letters on dark ground"
    assert np.abs(first.astype(int) - second.astype(int)).max() > 60, "another time"
    assert power(done.path, 0.1, 1.4) < 1e-7


def test_long_and_hostile_names_stay_on_their_card() -> None:
    canvas = Canvas(320, 180)
    for name in ("x" * 500, "a\nb\u202ec\x00", "", "Вечерние новости 最新.mp4"):
        gray = card(canvas, name, 12.0).to_ndarray(format="gray")
        assert gray[:, :8].max() < 40 and gray[:, -8:].max() < 40
        assert gray.max() > 120
    assert one_line("a\nb\u202ec\x00") == "a bc"


def test_a_film_that_is_gone_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    film, short = make(tmp_path / "film.mp4", FILM), make(tmp_path / "short.mp4", FILM)
    gone, broken = tmp_path / "gone.mp4", tmp_path / "broken.mp4"
    broken.write_bytes(b"not a film")
    pieces = [
        Piece(gone, 0.0, 1.0), Piece(film, 1.0, 1.4), Piece(broken, 0.0, 1.0),
        Piece(short, 60.0, 61.0), Piece(film, 2.0, 2.4),
    ]  # fmt: skip
    done = write_supercut(pieces, tmp_path / "all.mp4")
    assert [part.piece for part in done.parts] == [pieces[1], pieces[4]]
    assert numbers(done.path) == [*range(25, 35), *range(50, 60)]
    assert set(done.failed) == {gone, broken, short}
    assert isinstance(done.failed[gone], SourceMissing)
    assert isinstance(done.failed[short], SourceTruncated)
    with pytest.raises(SourceMissing):
        write_supercut([Piece(gone, 0.0, 1.0)], tmp_path / "none.mp4")
    assert not (tmp_path / "none.mp4").exists()


@pytest.mark.parametrize(
    ("pieces", "name", "look"),
    [
        ([], "all.mp4", Look()),
        ([Piece(Path("film.mp4"), 0.0, 1.0)], "all.avi", Look()),
        ([Piece(Path("film.mp4"), 0.0, 1.0)], "all.mp4", Look(height=2)),
        ([Piece(Path("film.mp4"), 1.0, 1.0)], "all.mp4", Look()),
        ([Piece(Path("film.mp4"), 0.0, 1.0)], "none/all.mp4", Look()),
    ],
)
def test_what_cannot_be_done_is_said_first(
    pieces: list[Piece], name: str, look: Look, tmp_path: Path
) -> None:
    with pytest.raises(UsageError):
        write_supercut(pieces, tmp_path / name, look)
    assert list(tmp_path.iterdir()) == []


def test_the_film_itself_is_not_overwritten(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", FILM)
    before = film.read_bytes()
    with pytest.raises(UsageError):
        write_supercut([Piece(film, 0.0, 1.0)], film)
    assert film.read_bytes() == before


def test_an_interruption_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    film, target = make(tmp_path / "film.mp4", FILM), tmp_path / "all.mp4"
    target.write_bytes(b"older")
    told: list[tuple[float, float]] = []

    def interrupted(done: float, total: float) -> None:
        told.append((done, total))
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_supercut([Piece(film, 0.0, 1.0)] * 2, target, watch=interrupted)
    assert target.read_bytes() == b"older"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.mp4", "film.mp4"]
    assert told[0] == (pytest.approx(0.04), pytest.approx(2.0))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_a_process_that_is_stopped_leaves_nothing(sign: signal.Signals, tmp_path: Path) -> None:
    film, out = make(tmp_path / "film.mp4", FILM), tmp_path / "out"
    out.mkdir()
    script = (
        "import sys; from pathlib import Path\n"
        "from personae.adapters.clips import Piece, write_supercut\n"
        "def told(done, total): print(done, flush=True)\n"
        "film, target = map(Path, sys.argv[1:])\n"
        "write_supercut([Piece(film, 0.0, 4.0)] * 500, target, watch=told)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", script, str(film), str(out / "all.mp4")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(sign)
        process.stdout.read()
        assert process.wait(timeout=30) != 0
    left = list(out.iterdir())
    if sign == signal.SIGKILL and not hasattr(os, "O_TMPFILE"):
        left = [path for path in left if path.suffix != ".part"]
    assert left == []
