"""Every page on the demo library, at a desk and on a phone, light and dark, with pictures of them.

The pictures lie in the test's folder. ``PERSONAE_SCREENSHOTS`` names a folder to keep them in, and
``PERSONAE_SCREENSHOTS_OF`` the library to take them of, such as the one that ``personae demo``
makes; ``web-video.png`` among them is the picture of the README.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from personae.adapters.demo import probes
from tests.web.browser import browsing
from tests.web.serving import Served, serving

pytestmark = pytest.mark.slow

LARGEST = 400_000
"""Bytes of a picture that goes into the repository."""
AT_S = 0.29
"""Where the film stands, as a part of its length: two people at once, in both demo films."""
DESK, PHONE = (1280, 800), (390, 844)
PAGES = ("Library", "People", "Person", "Video", "Search", "Measure", "Jobs", "Settings", "Cameras")


@pytest.fixture(scope="module")
def shown(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server of all tests, or one of the library that was named."""
    named = os.environ.get("PERSONAE_SCREENSHOTS_OF")
    if named is None:
        yield served
        return
    folder = tmp_path_factory.mktemp("shown") / "library"
    shutil.copytree(named, folder)
    with serving(folder) as one:
        yield one


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go."""
    named = os.environ.get("PERSONAE_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def address(server: Served, place: str) -> str:
    """Where a page is, with something to see on it."""
    api = f"{server.url}/api/v1"
    if place == "Person":
        return f"/people/{httpx.get(f'{api}/people').json()['items'][0]['id']}"
    if place == "Video":
        film = httpx.get(f"{api}/media?kind=film").json()["items"][0]
        return f"/video/{film['id']}?t={film['duration'] * AT_S:.2f}"
    return "/" if place == "Library" else f"/{place.lower()}"


def settled(page: Page, place: str) -> None:
    """The page shows what it is for, and every picture in sight is there."""
    if place == "Search":
        page.set_input_files("#ps-file", probes()["Barack Obama"])
        expect(page.locator("#ps-answer section").first).to_contain_text("Barack Obama")
    content = {
        "Library": ".lb-card",
        "People": ".pp-card",
        "Person": ".pe-main img",
        "Video": ".pv-who",
        "Search": ".pv-found",
        "Measure": ".pv-fig",
        "Jobs": "#pj-none",
        "Settings": ".pe-table tr",
        "Cameras": ".pe-empty",
    }[place]
    expect(page.locator(content).first).to_be_visible()
    if place == "Video":
        page.wait_for_function(
            "() => { const v = document.querySelector('video'); const c = document.querySelector("
            "'.pv-picture canvas'); return v.readyState >= 2 && !v.seeking && c.dataset.drawn }"
        )
    page.wait_for_function(
        "() => [...document.images].filter((i) => i.getBoundingClientRect().top < innerHeight"
        " && i.offsetParent).every((i) => i.complete && i.naturalWidth > 0)"
    )


def picture(page: Page, path: Path) -> None:
    """The window as a PNG; with fewer colours where it would be too large."""
    page.screenshot(path=path)
    with Image.open(path) as image:
        colours = image.convert("L").getextrema()
        whole = image.convert("RGB")
    whole.save(path, optimize=True)
    if path.stat().st_size >= LARGEST:
        whole.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < LARGEST
    assert colours[1] - colours[0] > 100, "the picture is empty"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_at_a_desk(shown: Served, kept: Path, dark: bool) -> None:
    with browsing(shown.url, width=DESK[0], height=DESK[1], dark=dark) as (page, _):
        for place in PAGES:
            page.goto(address(shown, place))
            settled(page, place)
            is_dark = page.evaluate(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g)"
                ".map(Number).reduce((a, b) => a + b) < 200"
            )
            assert is_dark == dark, f"{place} is not {'dark' if dark else 'light'}"
            name = f"web-{place.lower()}{'-dark' if dark else ''}.png"
            picture(page, kept / name)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_on_a_phone(shown: Served, kept: Path, dark: bool) -> None:
    with browsing(shown.url, width=PHONE[0], height=PHONE[1], dark=dark) as (page, _):
        for place in PAGES:
            page.goto(address(shown, place))
            settled(page, place)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], f"{place} is {wide} pixels wide on a phone"
            name = f"web-{place.lower()}-phone{'-dark' if dark else ''}.png"
            picture(page, kept / name)


@pytest.mark.parametrize("view", ["time", "when", "together", "crowd"])
def test_every_measure_on_a_phone_and_as_a_file(shown: Served, kept: Path, view: str) -> None:
    with browsing(shown.url, width=PHONE[0], height=PHONE[1]) as (page, _):
        page.goto(f"/measure?view={view}")
        expect(page.locator(".pe-panel").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        files = page.locator(".pv-files").first.locator("a")
        links = [str(one.get_attribute("href")) for one in files.all()]
        picture(page, kept / f"web-measure-{view}-phone.png")
    assert len(links) == 4
    starts = {"png": b"\x89PNG", "svg": b"<", "csv": b"", "json": b"{"}
    for link in links:
        answer = httpx.get(shown.url + link, timeout=120)
        assert answer.status_code == 200
        assert answer.content.startswith(starts[link.rpartition("=")[2]])
        assert len(answer.content) > 100
