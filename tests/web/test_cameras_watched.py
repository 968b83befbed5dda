"""Four films as cameras, watched and served by the real commands: the wall moves, and names."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

import personae
from personae.adapters.demo import (
    FilmSettings,
    Framing,
    Layer,
    Scene,
    make_film,
    probes,
)
from tests.system.command import start
from tests.web.browser import browsing
from tests.web.serving import Served, serving
from tests.web.test_cameras_page import moved
from tests.web.test_screenshots import PHONE, kept, picture

__all__ = ["kept"]
pytestmark = pytest.mark.slow

FACES = {"front door": "collins", "garden": "obama", "hall": "biden", "garage": None}
WALL = (1280, 1010)
"""Four cameras at once, and who is before them."""
PATIENCE_S = 120.0
"""Until four cameras show pictures: two cores load the networks twice."""


def film(path: Path, face: str | None) -> None:
    """Somebody who comes near and goes away again, or an empty room."""
    near, far = Framing(0.5, 0.34, 0.5), Framing(0.62, 0.36, 0.36)
    layers = () if face is None else (Layer(face, near, far),)
    made = (Scene(10), Scene(60, layers)) if layers else (Scene(70),)
    make_film(path, made, FilmSettings(width=640, height=360))


@contextmanager
def watching(folder: Path, films: Path) -> Iterator[subprocess.Popen[str]]:
    """The real command, on four films that begin again at their ends."""
    named = [f"{name}={films / name}.mp4" for name in FACES]
    words = ("watch", *named, "--loop", "--fps", "4", "--library", folder)
    process = start(*words, cwd=films)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a library that is being watched, with two people known."""
    films = tmp_path_factory.mktemp("films")
    for name, face in FACES.items():
        film(films / f"{name}.mp4", face)
    folder = films / "library"
    with personae.Library(personae.Settings(library=folder)) as library:
        for name in ("Eileen Collins", "Barack Obama"):
            library.enrol(name, [probes()[name]])
    with watching(folder, films) as watch, serving(folder) as served:
        until = time.monotonic() + PATIENCE_S
        while True:
            told = httpx.get(f"{served.url}/api/v1/live", trust_env=False).json()["streams"]
            if len(told) == 4 and all(one["analysed_fps"] > 0 for one in told):
                break
            assert watch.poll() is None, watch.communicate()
            assert time.monotonic() < until, told
            time.sleep(0.5)
        yield served


@pytest.mark.parametrize(
    ("size", "dark", "name"),
    [
        (WALL, False, "web-cameras-live.png"),
        (WALL, True, "web-cameras-live-dark.png"),
        (PHONE, False, "web-cameras-live-phone.png"),
    ],
    ids=["light", "dark", "phone"],
)
def test_four_cameras_live(
    walled: Served, kept: Path, size: tuple[int, int], dark: bool, name: str
) -> None:
    with browsing(walled.url, width=size[0], height=size[1], dark=dark) as (page, _):
        page.goto("/cameras")
        moved(page, 4)
        tiles = page.locator(".pc-cam")
        expect(tiles).to_have_count(4)
        expect(tiles.nth(0)).to_contain_text("Eileen Collins", timeout=60_000)
        picture(page, kept / name)
        expect(page.locator("#pc-said")).to_contain_text("4 cameras")
        expect(tiles.nth(1)).to_contain_text("Barack Obama", timeout=60_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_what_happened_is_told_below(walled: Served) -> None:
    with browsing(walled.url) as (page, _):
        page.goto("/cameras")
        happened = page.locator("#pc-history")
        expect(happened).to_contain_text("Eileen Collins was recognised", timeout=60_000)
        expect(happened).to_contain_text("front door")
