"""Cameras of a real RTSP server that dies, comes back, changes, stalls and talks nonsense."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film
from personae.adapters.sources.camera import Camera, CameraOptions
from tests.media.line import Line
from tests.media.live_http import live_over_http, piece
from tests.media.rtsp import RtspServer, needs_rtsp

SHORT_S = 2.0
BACK_S = 10.0
"""A camera is live again so soon after its return."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Forty seconds in two sizes."""
    needs_rtsp()
    folder = tmp_path_factory.mktemp("rtsp")
    scene = Scene(1000, (Layer("collins", Framing(0.5, 0.3, 0.4)),), noise=0.0)
    made = {}
    for name, size in (("wide", (640, 360)), ("small", (320, 240))):
        made[name] = folder / f"{name}.mp4"
        make_film(made[name], (scene,), FilmSettings(width=size[0], height=size[1]))
    return made


@pytest.fixture
def cameras() -> Iterator[Callable[[str], Camera]]:
    """Starts cameras, and ends them; none may leave a thread or a file open."""
    threads, files = threading.active_count(), len(os.listdir("/proc/self/fd"))
    started: list[Camera] = []

    def start(address: str) -> Camera:
        camera = Camera(address)
        camera.start()
        started.append(camera)
        return camera

    yield start
    for camera in started:
        camera.close()
    assert threading.active_count() <= threads
    assert len(os.listdir("/proc/self/fd")) <= files


def until(holds: Callable[[], bool], seconds: float = 15.0) -> float:
    """Waits until something is so; how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "waited too long"
        time.sleep(0.05)
    return time.monotonic() - began


def is_live(camera: Camera) -> bool:
    return camera.state().state == "live"


def test_a_server_is_killed_and_comes_back_with_another_size(
    films: dict[str, Path], cameras: Callable[[str], Camera]
) -> None:
    server = RtspServer({"a": films["wide"]})
    camera = cameras(server.address("a"))
    until(lambda: is_live(camera))
    assert (camera.state().width, camera.state().height) == (640, 360)
    server.kill()
    until(lambda: camera.state().state == "dark")
    assert camera.state().reason and "geheim" not in camera.state().reason
    since = camera.state().since
    time.sleep(2.5)
    assert camera.state().since == since
    again = RtspServer({"a": films["small"]}, server.port)
    assert until(lambda: is_live(camera)) <= BACK_S
    until(lambda: camera.state().width == 320)
    frame = None
    assert camera.wait(5)
    frame = camera.take()
    assert frame is not None and frame.picture.rgb().shape == (240, 320, 3)
    assert camera.state().connections == 2
    again.kill()


def test_one_that_stalls_delays_no_other(
    films: dict[str, Path], cameras: Callable[[str], Camera]
) -> None:
    bad, good = RtspServer({"a": films["wide"]}), RtspServer({"a": films["wide"]})
    stalls, runs = cameras(bad.address("a")), cameras(good.address("a"))
    until(lambda: is_live(stalls) and is_live(runs))
    bad.freeze()
    before = runs.state().received
    waited = until(lambda: stalls.state().state == "dark")
    assert waited <= CameraOptions().read_s + 0.5
    assert runs.state().received - before >= 20 * waited
    # What the decoder held back is given out when the read ends: it is no sign of life
    states = {stalls.state().state for _ in range(100) if not time.sleep(0.05)}
    assert states == {"dark"} and stalls.take() is None
    bad.kill()
    back = RtspServer({"a": films["wide"]}, bad.port)
    assert until(lambda: is_live(stalls)) <= BACK_S
    for server in (back, good):
        server.kill()


def test_one_that_talks_nonsense_is_dark_and_tried_again(
    cameras: Callable[[str], Camera], films: dict[str, Path]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        camera = cameras(f"rtsp://127.0.0.1:{port}/a")
        listener.settimeout(10)
        for _ in range(2):
            caller, _ = listener.accept()
            with contextlib.suppress(OSError):
                caller.sendall(os.urandom(4000))
            caller.close()
        assert camera.state().state in ("dark", "connecting")
    server = RtspServer({"a": films["wide"]}, port)
    assert until(lambda: is_live(camera)) <= BACK_S
    server.kill()


def test_one_whose_line_is_garbled_comes_back(
    films: dict[str, Path], cameras: Callable[[str], Camera]
) -> None:
    server = RtspServer({"a": films["wide"]})
    line = Line(server.port)
    camera = cameras(f"rtsp://127.0.0.1:{line.port}/a")
    until(lambda: is_live(camera))
    line.garble()
    until(lambda: camera.state().state == "dark")
    assert camera.state().reason
    line.clear()
    assert until(lambda: is_live(camera)) <= BACK_S
    camera.close()
    line.close()
    server.kill()


def test_one_whose_timestamps_jump_and_whose_size_changes_stays_connected(
    films: dict[str, Path], cameras: Callable[[str], Camera], tmp_path: Path
) -> None:
    begins = (10.0, 3600.0, 10.0, 12.0)
    names = ("wide", "small", "wide", "small")
    pieces = [
        piece(films[name], tmp_path / "piece.ts", begin, SHORT_S)
        for name, begin in zip(names, begins, strict=True)
    ]
    with live_over_http(pieces) as address:
        camera = cameras(address)
        until(lambda: is_live(camera))
        seen: list[int] = []
        moments: list[int] = []
        ends = time.monotonic() + 30
        while is_live(camera) and time.monotonic() < ends:
            frame = camera.take()
            if frame is not None:
                moments.append(frame.time.pts)
                if seen[-1:] != [frame.picture.width]:
                    seen.append(frame.picture.width)
            time.sleep(0.02)
        assert camera.state().state == "dark", "it ended"
        assert seen == [640, 320, 640, 320] and camera.state().connections == 1
        assert moments == sorted(set(moments)), "its times are those of arrival"
        camera.close()
