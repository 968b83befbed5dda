"""A watch over files that are played as cameras."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

import personae
from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film, probes
from personae.adapters.sources.camera import Camera, CameraOptions
from personae.app.cameras import CameraConfig, cameras_from
from personae.app.status_file import History, StatusFile
from personae.app.watching import Watching, WatchOptions
from personae.core.errors import ShapeError, UsageError, WatchBroken
from personae.core.frame import Frame
from personae.core.live import Liveness, LiveStatus
from personae.flows.collect import OpenTrack
from personae.flows.watch import CameraWatch, LivenessJudge, Piece, WatchSettings

FACE = Framing(0.5, 0.3, 0.4)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Six seconds of one person, and of another."""
    folder = tmp_path_factory.mktemp("films")
    made = {}
    for portrait in ("collins", "obama"):
        made[portrait] = folder / f"{portrait}.mp4"
        scene = Scene(150, (Layer(portrait, FACE, Framing(0.54, 0.32, 0.4)),))
        make_film(made[portrait], (Scene(5), scene), FilmSettings(width=640, height=360))
    return made


def test_known_people_are_named_and_strangers_become_profiles(
    films: dict[str, Path], tmp_path: Path
) -> None:
    settings = personae.Settings(library=tmp_path / "library")
    with personae.Library(settings) as lib:
        lib.enrol("Eileen Collins", [probes()["Eileen Collins"]])
        cameras = [CameraConfig(name, str(path), CameraOptions()) for name, path in films.items()]
        seen: dict[str, set[tuple[str, str | None]]] = {name: set() for name in films}
        with Watching(lib, cameras, WatchSettings(liveness=False)) as watch:
            until = time.monotonic() + 60
            while not watch.over and time.monotonic() < until:
                for stream in watch.status().streams:
                    seen[stream.name] |= {(p.type, p.name) for p in stream.persons}
                time.sleep(0.1)
        assert ("known", "Eileen Collins") in seen["collins"]
        assert {name for _, name in seen["collins"]} <= {None, "Eileen Collins"}
        assert ("known", "Eileen Collins") not in seen["obama"]
        assert ("unknown", None) in seen["obama"]
        everybody = {p.id: p for p in lib.people()}
        named = [p for p in everybody.values() if p.name == "Eileen Collins"]
        made = [p for p in everybody.values() if p.name is None]
        assert len(named) == len(made) == 1
        there = {(everybody[i.person].name, i.path): i.end - i.start for i in lib.appearances()}
        assert set(there) == {("Eileen Collins", "camera:collins"), (None, "camera:obama")}
        assert all(3.0 < seconds < 8.0 for seconds in there.values())
    status = json.loads((tmp_path / "library" / "status.json").read_text("utf-8"))
    assert status["running"] is False
    events = [
        json.loads(line)["event"]
        for line in (tmp_path / "library" / "history.jsonl").read_text("utf-8").splitlines()
    ]
    assert {"person", "left", "profile made"} <= set(events)


class Faulty:
    """Fits `LivenessJudge`; fails at every look."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def look(self, track: int, frame: Frame, view: OpenTrack) -> None:
        raise self._error

    def state(self, track: int) -> tuple[Liveness, tuple[str, ...]]:
        return "not shown yet", ()

    def forget(self, track: int) -> None:
        """Nothing is kept."""


def test_a_look_that_fails_is_told_and_the_others_go_on(
    films: dict[str, Path], tmp_path: Path
) -> None:
    judges = iter([Faulty(ShapeError("the plug-in answers nonsense")), None])
    cameras = [CameraConfig(name, str(path), CameraOptions()) for name, path in films.items()]
    options = WatchOptions(judge=cast(Callable[[], LivenessJudge], lambda: next(judges)))
    with personae.Library(personae.Settings(library=tmp_path / "library")) as lib:
        with Watching(lib, cameras, WatchSettings(liveness=False), options) as watch:
            wait_until_over(watch)
        seen = {one.path for one in lib.appearances()}
    assert "camera:obama" in seen
    told = [one for one in history(tmp_path / "library") if one["event"] == "trouble"]
    assert [one["camera"] for one in told] == ["collins"], "told once, not at every look"
    assert "nonsense" in str(told[0]["reason"])


def test_what_cannot_be_kept_of_a_camera_that_went_ends_no_watch(
    films: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(watch: CameraWatch) -> list[Piece]:
        raise ShapeError("the plug-in answers nonsense")

    monkeypatch.setattr(CameraWatch, "gone_dark", broken)
    gone = CameraConfig("gone", "rtsp://127.0.0.1:9/none", CameraOptions())
    with (
        personae.Library(personae.Settings(library=tmp_path / "library")) as lib,
        Watching(lib, [gone], WatchSettings(liveness=False)) as watch,
    ):
        until = time.monotonic() + 20
        while "nonsense" not in str(events(tmp_path / "library")) and time.monotonic() < until:
            time.sleep(0.1)
        assert not watch.over, "it looks on"
    assert {"camera dark", "trouble"} <= {str(e["event"]) for e in history(tmp_path / "library")}


def events(folder: Path) -> list[dict[str, object]]:
    """What the history holds so far."""
    return history(folder) if (folder / "history.jsonl").exists() else []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_watch_that_falls_over_ends_and_says_so(films: dict[str, Path], tmp_path: Path) -> None:
    cameras = [CameraConfig("one", str(films["obama"]), CameraOptions(loop=True))]
    options = WatchOptions(judge=lambda: Faulty(ZeroDivisionError("a fault of ours")))
    with (
        personae.Library(personae.Settings(library=tmp_path / "library")) as lib,
        pytest.raises(WatchBroken, match="kept"),
        Watching(lib, cameras, WatchSettings(), options) as watch,
    ):
        wait_until_over(watch)
        assert watch.over
    status = json.loads((tmp_path / "library" / "status.json").read_text("utf-8"))
    assert status["running"] is False


def wait_until_over(watch: Watching) -> None:
    until = time.monotonic() + 60
    while not watch.over and time.monotonic() < until:
        time.sleep(0.1)


def history(folder: Path) -> list[dict[str, object]]:
    lines = (folder / "history.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_camera_that_is_not_there_is_dark_and_says_why() -> None:
    camera = Camera("rtsp://me:geheim@127.0.0.1:9/none")
    camera.start()
    until = time.monotonic() + 20
    while camera.state().state != "dark" and time.monotonic() < until:
        time.sleep(0.05)
    state = camera.state()
    camera.close()
    assert state.state == "dark" and state.reason and "geheim" not in state.reason


def test_the_newest_frame_wins_and_drops_are_counted(films: dict[str, Path]) -> None:
    camera = Camera(str(films["obama"]))
    camera.start()
    assert camera.wait(10)
    time.sleep(0.5)
    frame = camera.take()
    assert frame is not None and frame.index >= 5
    assert camera.wait(10)
    later = camera.take()
    assert later is not None and later.index > frame.index
    camera.close()
    state = camera.state()
    assert state.dropped >= 4
    assert state.dropped <= state.received - 2


def test_a_reader_never_sees_half_a_status(tmp_path: Path) -> None:
    file, stop, broken = StatusFile(tmp_path), threading.Event(), []
    path = tmp_path / "status.json"
    file.write(LiveStatus(0, 0, True, ()))

    def read() -> None:
        while not stop.is_set():
            try:
                json.loads(path.read_text("utf-8"))
            except ValueError as error:
                broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1000):
        file.write(LiveStatus(number, 0, True, ()))
    stop.set()
    reader.join()
    assert not broken
    assert json.loads(path.read_text("utf-8"))["timestamp"] == 999


def test_history_rotates_and_keeps_the_newest(tmp_path: Path) -> None:
    history = History(tmp_path, largest=300)
    for number in range(60):
        history.add(number, "person", {"name": "Ana"})
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == ["history.jsonl", *(f"history.jsonl.{n}" for n in range(1, 6))]
    assert all(p.stat().st_size <= 300 for p in tmp_path.iterdir())
    last = (tmp_path / "history.jsonl").read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["at"] == 59


def test_cameras_are_named_on_the_command_line_in_the_environment_and_in_a_file(
    tmp_path: Path,
) -> None:
    file = tmp_path / "cameras.toml"
    file.write_text('[[camera]]\nname = "door"\naddress = "rtsp://u:p@cam/1"\ntransport = "udp"\n')
    given = cameras_from(["yard=rtsp://a:b@cam/2", "film.mp4"], file, {})
    assert [(c.name, c.shown) for c in given] == [("yard", "rtsp://cam/2"), ("film", "film.mp4")]
    found = cameras_from([], file, {"PERSONAE_CAMERA_FRONT_GATE": "rtsp://cam/3"})
    assert [c.name for c in found] == ["front gate", "door"]
    assert found[1].options.transport == "udp"
    for broken in ("[[camera]]\nname = 3", "[[camera", '[[camera]]\nname="a/b"\naddress="x"'):
        file.write_text(broken)
        with pytest.raises(UsageError):
            cameras_from([], file, {})
    with pytest.raises(UsageError, match="no camera"):
        cameras_from([], None, {})
