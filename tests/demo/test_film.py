"""Demo films as files: exact times, rotation, determinism, what lies beside them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageOps

from personae.adapters.demo import (
    CAST,
    PORTRAITS,
    FilmSettings,
    Framing,
    Layer,
    Scene,
    Transition,
    make_film,
    photos,
    portraits_dir,
    probes,
)
from personae.core.arrays import RgbImage

PLAN = (
    Scene(12, (Layer("collins", Framing(0.4, 0.4, 0.25), Framing(0.6, 0.4, 0.25)),)),
    Scene(14, (Layer("biden", Framing(0.5, 0.4, 0.25)),), transition_in=Transition(4)),
    Scene(8),
)
FRAMES = 30


def small(**changes: object) -> FilmSettings:
    return FilmSettings(**({"width": 320, "height": 240} | changes))  # type: ignore[arg-type]


def decoded(path: Path) -> tuple[list[Fraction], list[RgbImage], int]:
    """Exact seconds, stored pictures and the rotation tag of a film."""
    with av.open(str(path)) as film:
        frames = list(film.decode(video=0))
    assert all(f.time_base is not None for f in frames)
    times = [f.pts * f.time_base for f in frames]
    return times, [f.to_ndarray(format="rgb24") for f in frames], int(frames[0].rotation)


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30000, 1001), Fraction(24), Fraction(10)])
def test_times_in_the_file_are_those_of_the_truth(tmp_path: Path, fps: Fraction) -> None:
    truth = make_film(tmp_path / "film.mp4", PLAN, small(fps=fps))
    times, pictures, rotation = decoded(tmp_path / "film.mp4")
    assert times == [k / fps for k in range(FRAMES)]
    assert times == [p * truth.time_base for p in truth.pts]
    assert pictures[0].shape == (240, 320, 3)
    assert rotation == 0
    with av.open(str(tmp_path / "film.mp4")) as film:
        stream = film.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == truth.duration == FRAMES / fps
        assert (stream.codec_context.name, stream.format.name) == ("h264", "yuv420p")


def test_variable_frame_rate(tmp_path: Path) -> None:
    steps = np.random.default_rng(3).integers(400, 3000, FRAMES - 1)
    pts = (0, *(int(p) for p in np.cumsum(steps)))
    truth = make_film(tmp_path / "vfr.mp4", PLAN, small(fps=Fraction(30), pts=pts))
    times, _, _ = decoded(tmp_path / "vfr.mp4")
    assert truth.time_base == Fraction(1, 10020)
    assert times == [Fraction(p, 10020) for p in pts]
    # Collins is at least half there in the 8 clear frames and 2 of the 4 shared ones.
    assert truth.intervals("Eileen Collins") == [(Fraction(0), Fraction(pts[10], 10020))]


@pytest.mark.parametrize(("degrees", "tag", "turns"), [(90, -90, 3), (180, -180, 2), (270, 90, 1)])
def test_rotated_film_is_upright_when_turned_back(
    tmp_path: Path, degrees: int, tag: int, turns: int
) -> None:
    phone = {"width": 240, "height": 320}
    make_film(tmp_path / "upright.mp4", PLAN, small(**phone, crf=16))
    make_film(tmp_path / "turned.mp4", PLAN, small(**phone, crf=16, rotation=degrees))
    _, upright, _ = decoded(tmp_path / "upright.mp4")
    _, stored, rotation = decoded(tmp_path / "turned.mp4")
    assert (rotation - tag) % 360 == 0
    assert stored[5].shape == ((240, 320, 3) if degrees != 180 else (320, 240, 3))
    turned_back = np.rot90(stored[5], turns)  # numpy turns anticlockwise
    assert np.abs(turned_back.astype(int) - upright[5].astype(int)).mean() < 4


def test_two_runs_agree(tmp_path: Path) -> None:
    first = make_film(tmp_path / "a.mp4", PLAN, small())
    second = make_film(tmp_path / "b.mp4", PLAN, small())
    assert first == second
    _, a, _ = decoded(tmp_path / "a.mp4")
    _, b, _ = decoded(tmp_path / "b.mp4")
    assert len(a) == FRAMES
    assert np.array_equal(np.stack(a), np.stack(b))


def test_noise_makes_frames_differ_and_its_absence_makes_them_equal(tmp_path: Path) -> None:
    layer = Layer("biden", Framing(0.5, 0.4, 0.25))
    for noise in (0.0, 2.0):
        make_film(tmp_path / "still.mp4", (Scene(6, (layer,), noise=noise),), small(crf=12))
        _, pictures, _ = decoded(tmp_path / "still.mp4")
        change = np.abs(pictures[1].astype(int) - pictures[2].astype(int)).mean()
        assert (change < 0.1) if noise == 0 else (change > 1)


def test_truth_is_written_beside_the_film(tmp_path: Path) -> None:
    make_film(tmp_path / "film.mp4", PLAN, small())
    written = json.loads((tmp_path / "film.truth.json").read_text(encoding="utf-8"))
    assert written["fps"] == 25
    assert written["duration"] == 1.2
    assert written["people"]["Eileen Collins"]["gender"] == "Female"
    assert written["people"]["Eileen Collins"]["intervals"] == [[0, 0.4]]
    assert written["people"]["Joe Biden"]["intervals"] == [[0.4, 0.88]]
    assert written["shots"] == [[0, 0.4], [0.4, 0.88], [0.88, 1.2]]


def test_portraits_are_there_small_and_with_their_origin() -> None:
    files = sorted(p.name for p in portraits_dir().glob("*.jpg"))
    assert files == sorted(f"{name}.jpg" for name in PORTRAITS)
    assert sum(p.stat().st_size for p in portraits_dir().glob("*.jpg")) < 700_000
    origin = (portraits_dir() / "PROVENANCE.md").read_text(encoding="utf-8")
    assert [name for name in files if f"`{name}`" not in origin] == []
    assert set(probes()) == set(CAST)


def test_photos_show_whom_they_say_and_open_upright(tmp_path: Path) -> None:
    stills = photos(tmp_path / "photos")
    assert len({still.path for still in stills}) == len(stills) == 5
    assert [still.people for still in stills if len(still.people) == 2] == [
        ("Joe Biden", "Barack Obama")
    ]
    turned = []
    for still in stills:
        with Image.open(still.path) as image:
            turned += [still.path] if image.getexif().get(0x0112) == 6 else []
    assert [path.name for path in turned] == ["biden-phone.jpg"]
    with Image.open(turned[0]) as image:
        assert image.size == (800, 640)
        upright = ImageOps.exif_transpose(image)
    assert upright.size == (640, 800)
    pixels = np.asarray(upright.convert("L"))
    # Upright, Biden's dark suit is at the bottom and the bright room is at the top.
    assert pixels[600:, 200:440].mean() + 30 < pixels[:200].mean()
