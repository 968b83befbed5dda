"""The film of a watch: boxes on it, true times, never a delay, playable whatever ends it."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

import personae
from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film
from personae.adapters.render.live import COLOURS
from personae.adapters.sources.camera import CameraOptions
from personae.adapters.sources.pictures import ArrayPicture
from personae.app.cameras import CameraConfig
from personae.app.preview import WAITING, Preview
from personae.app.watch_command import watching
from personae.cli.watch import WatchRequest
from personae.core.errors import UsageError
from personae.core.frame import Frame, FrameTime
from personae.core.live import LivePerson

BEGAN = 1_700_000_000_000
BOX = (40, 60, 200, 220)
PERSON = LivePerson(1, "known", 3, "Ana", 0.9, 1e-6, "live", (), BEGAN, BOX)


def cameras(*names: str) -> list[CameraConfig]:
    return [CameraConfig(name, f"rtsp://127.0.0.1/{name}", CameraOptions()) for name in names]


def look(at: int, shade: int, size: tuple[int, int] = (640, 360)) -> Frame:
    """A grey picture."""
    rgb = np.full((size[1], size[0], 3), shade, np.uint8)
    moment = FrameTime(BEGAN + at, Fraction(1, 1000), BEGAN + at)
    return Frame(ArrayPicture(rgb), 0, moment)


def shown(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    with av.open(str(path)) as container:
        found = [(f.time or 0.0, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    return [(at, np.asarray(pixels, np.uint8)) for at, pixels in found]


def waited(preview: Preview) -> None:
    """Until the preview has drawn what waits."""
    until = time.monotonic() + 10
    while not preview._waiting.empty() and time.monotonic() < until:
        time.sleep(0.01)


def near(pixel: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= 60)


def test_looks_are_pictures_with_boxes_at_their_times(tmp_path: Path) -> None:
    preview = Preview(tmp_path / "out.mp4", cameras("door"))
    times = [0, 250, 251, 1400, 5000]
    for number, at in enumerate(times):
        preview.seen("door", look(at, 40 + 30 * number), (PERSON,) if number else ())
        waited(preview)
    preview.close()
    found = shown(tmp_path / "out.mp4")
    assert [round(1000 * at) for at, _ in found] == times
    assert {pixels.shape for _, pixels in found} == {(360, 640, 3)}
    for number, (_, pixels) in enumerate(found):
        assert near(pixels[300, 500], (40 + 30 * number,) * 3)
        assert near(pixels[BOX[3], 120], COLOURS["known"]) == bool(number)
    assert preview.dropped == 0


def test_several_cameras_are_a_grid(tmp_path: Path) -> None:
    names = ("a", "b", "c", "d")
    preview = Preview(tmp_path / "out.mp4", cameras(*names))
    sizes = [(640, 360), (1920, 1080), (400, 400), (320, 240)]
    for number, (name, size) in enumerate(zip(names, sizes, strict=True)):
        preview.seen(name, look(number * 100, 60 + 50 * number, size), ())
        waited(preview)
    # By now the others have not been looked at for long
    preview.seen("d", look(9000, 90), ())
    preview.close()
    found = [pixels for _, pixels in shown(tmp_path / "out.mp4")]
    assert {pixels.shape for pixels in found} == {(720, 1280, 3)}
    middles = [(180, 320), (180, 960), (540, 320), (540, 960)]
    for number, (row, column) in enumerate(middles):
        assert near(found[number][row, column], (60 + 50 * number,) * 3)
    # Square pictures stay square
    assert near(found[3][540, 20], (0, 0, 0)) and near(found[3][380, 320], (160, 160, 160))
    assert [int(found[4][row, column].max()) for row, column in middles[:3]] == [0, 0, 0]
    assert near(found[4][540, 960], (90, 90, 90))


def test_it_never_delays_the_watch_and_says_what_it_dropped(tmp_path: Path) -> None:
    preview = Preview(tmp_path / "out.mp4", cameras("door"))
    looks = [look(40 * number, 100, (1280, 720)) for number in range(60)]
    began = time.perf_counter()
    for one in looks:
        preview.seen("door", one, (PERSON,))
    took = time.perf_counter() - began
    preview.close()
    found = len(shown(tmp_path / "out.mp4"))
    assert took < 1.0 and preview.dropped > 0
    assert found + preview.dropped == 60 and found >= WAITING


def test_it_can_be_played_before_it_is_finished(tmp_path: Path) -> None:
    preview = Preview(tmp_path / "out.mp4", cameras("door"))
    for number in range(30):
        preview.seen("door", look(400 * number, 8 * number), ())
        waited(preview)
    time.sleep(0.3)
    copy = tmp_path / "killed.mp4"
    copy.write_bytes((tmp_path / "out.mp4").read_bytes())
    found = shown(copy)
    assert len(found) >= 20 and found[-1][0] >= 12.0 - 4.5
    preview.close()
    assert len(shown(tmp_path / "out.mp4")) == 30


def test_a_place_that_cannot_be_written_is_refused_before_the_watch_begins(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x")
    played = [CameraConfig("film", str(film), CameraOptions())]
    for path in (tmp_path, tmp_path / "none" / "out.mp4", film):
        with pytest.raises(UsageError):
            Preview(path, played)


def test_a_watch_writes_its_film(tmp_path: Path) -> None:
    source = tmp_path / "obama.mp4"
    face = Framing(0.5, 0.3, 0.4)
    scene = Scene(75, (Layer("obama", face, Framing(0.54, 0.32, 0.4)),))
    make_film(source, (Scene(5), scene), FilmSettings(width=640, height=360))
    out = tmp_path / "out.mp4"
    with personae.Library(personae.Settings(library=tmp_path / "library")) as lib:
        asked = WatchRequest(liveness=False, preview=out)
        with watching(lib, [f"hall={source}"], None, asked) as watch:
            while not watch.over:
                time.sleep(0.1)
    found = shown(out)
    assert len(found) >= 5 and 2.0 <= found[-1][0] - found[0][0] <= 6.0
    colours = (COLOURS["unknown"], COLOURS["undecided"])
    marked = [
        any((np.abs(p.astype(int) - c).max(axis=2) < 30).sum() > 100 for c in colours)
        for _, p in found
    ]
    assert any(marked)
    with personae.Library(personae.Settings(library=tmp_path / "library")) as lib:
        with pytest.raises(UsageError):
            watching(lib, [f"hall={source}"], None, WatchRequest(preview=source))
        assert source.stat().st_size > 10_000
