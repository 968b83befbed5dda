"""The whole way in a real browser: upload, people, name, merge, undo, search, play, measure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from personae.adapters.demo import probes
from tests.ports import free_port
from tests.system.command import answer
from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served

WORK_MS = 300_000
"""Until a short film is analysed on a machine that has much else to do."""
NAME = "Barack Obama"


def upload(page: Page, film: Path) -> None:
    """Drops the film and follows the analysis to its end."""
    page.goto("/")
    page.set_input_files("#lb-files", film)
    line = page.locator("#lb-list li")
    expect(line.locator('[role="progressbar"]')).to_be_visible()
    expect(line.locator(".lb-state")).to_have_text(re.compile(r"analysing \d+ %"), timeout=WORK_MS)
    expect(line.locator(".lb-state")).to_have_text("done", timeout=WORK_MS)
    expect(page.locator(".lb-card")).to_have_count(1)


def name_first(page: Page) -> None:
    """Whoever is on screen longest gets a name from the keyboard."""
    page.goto("/people")
    expect(page.locator(".pp-card")).to_have_count(3)
    page.keyboard.press("Home")
    page.keyboard.press("n")
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    expect(page.locator(f'.pp-card[aria-label="{NAME}"]')).to_be_visible()


def merge_and_undo(page: Page) -> None:
    """Two people become one, and two again."""
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("j")
    page.locator("dialog [data-yes]").click()
    expect(page.locator(".pp-card")).to_have_count(2)
    page.keyboard.press("z")
    expect(page.locator(".pp-card")).to_have_count(3)


def search(page: Page) -> tuple[int, float]:
    """Searches by a portrait and plays the second match: its person and its start."""
    page.goto("/search")
    page.set_input_files("#ps-file", probes()[NAME])
    expect(page.locator("#ps-said")).to_contain_text("One face")
    found = page.locator("#ps-answer section").first
    expect(page.locator("#ps-expected")).to_contain_text("false match")
    link = found.locator("a[data-start]").last
    start = float(str(link.get_attribute("data-start")))
    person = int(str(found.get_attribute("data-person")))
    link.click()
    page.wait_for_url(re.compile(r"/video/\d+"))
    assert float(parse_qs(urlsplit(page.url).query)["t"][0]) == start
    return person, start


def stands_at(page: Page) -> float:
    """Seconds at which the film stands once its picture is there."""
    page.wait_for_function(
        "() => { const film = document.querySelector('video');"
        " return film && film.readyState >= 2 && !film.seeking }"
    )
    return float(page.evaluate("document.querySelector('video').currentTime"))


def told(library: Path, *words: str) -> Any:  # noqa: ANN401 - any JSON
    """What the command line tells of the same library."""
    return answer(*words, "--library", library, cwd=library.parent)


def test_from_a_film_to_its_figures(empty_server: Served, demo_library: DemoLibrary) -> None:
    library = empty_server.library
    with browsing(empty_server.url) as (page, _):
        upload(page, demo_library.film)
        name_first(page)
        merge_and_undo(page)
        person, start = search(page)
        stands = stands_at(page)
        spans = [
            (one["start"], one["end"])
            for one in told(library, "appearances", f"#{person}")["intervals"]
        ]
        here = [span for span in spans if span[0] - 0.2 <= stands < span[1]]
        assert here, f"the film stands at {stands}, and they appear at {spans}"
        assert stands == pytest.approx(start, abs=0.2)
        assert stands == pytest.approx(here[0][0], abs=0.2)
        page.goto("/measure")
        shown = page.locator('section[data-by="person"] .pv-fig')
        expect(shown).to_have_count(3)
        seconds = {
            str(one.get_attribute("data-key")): float(str(one.get_attribute("data-seconds")))
            for one in shown.all()
        }
        rows = told(library, "report", "screen-time")["rows"]
        assert seconds == {row["key"]: row["seconds"] for row in rows}
        assert NAME in seconds


def test_a_request_to_elsewhere_is_noticed(served: Served) -> None:
    """What guards all these walks can fail; scripts cannot even ask, the headers forbid it."""
    elsewhere = f"http://127.0.0.1:{free_port()}/"
    with (
        pytest.raises(AssertionError, match="somebody else than its server"),
        browsing(served.url, calm=False) as (page, seen),
    ):
        page.goto("/jobs")
        refused = page.evaluate(f"fetch('{elsewhere}').catch((error) => error.name)")
        assert (refused, seen.outside) == ("TypeError", [])
        with pytest.raises(PlaywrightError, match="ERR_CONNECTION_REFUSED"):
            page.goto(elsewhere)
        assert seen.outside == [elsewhere]
