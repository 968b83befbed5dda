"""The library page in real Chromium: files are added with progress, what fails says why."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served

SLOW_MS = 90_000
"""Until a film of a few seconds is analysed on a busy machine."""


def test_what_is_indexed_is_shown_with_length_and_people(
    served: Served, demo_library: DemoLibrary
) -> None:
    with browsing(served.url) as (page, _):
        page.goto("/")
        expect(page.locator(".lb-card")).to_have_count(1 + len(list(demo_library.stills.iterdir())))
        film = page.locator(".lb-card", has_text=demo_library.film.name)
        expect(film.locator(".lb-length")).to_have_text("0:08")
        expect(film.locator(".lb-who img")).to_have_count(len(demo_library.truth))
        picture = film.locator(".lb-picture img")
        assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") > 100
        page.locator("#lb-filter").fill("collins")
        expect(page.locator(".lb-card:visible").first).to_be_visible()
        shown = page.locator(".lb-card:visible").all_inner_texts()
        assert 0 < len(shown) < 6


def test_a_photo_is_added_and_a_text_is_refused_with_why(
    empty_server: Served, demo_library: DemoLibrary, tmp_path: Path
) -> None:
    text = tmp_path / "holiday.jpg"
    text.write_text("this is no picture, whatever its name says")
    photo = demo_library.stills / "two-people.jpg"
    with browsing(empty_server.url, calm=False) as (page, _):
        page.goto("/")
        expect(page.locator(".pe-empty")).to_contain_text("Nothing is indexed yet")
        page.locator("#lb-files").set_input_files([photo, text])
        rows = page.locator("#lb-list li")
        expect(rows).to_have_count(2)
        good, bad = rows.filter(has_text="two-people"), rows.filter(has_text="holiday")
        expect(bad.locator(".lb-state")).to_have_text("not taken")
        expect(bad.locator(".lb-why")).not_to_be_empty()
        expect(good.locator(".lb-state")).to_have_text("done", timeout=SLOW_MS)
        # The list below shows it by itself, with those who are in it
        card = page.locator(".lb-card")
        expect(card).to_have_count(1)
        expect(card.locator(".lb-who img")).to_have_count(2)
        page.goto("/people")
        expect(page.locator(".pp-card")).to_have_count(2)


def test_removing_asks_and_then_it_is_gone(fresh_server: Served, demo_library: DemoLibrary) -> None:
    with browsing(fresh_server.url) as (page, _):
        page.goto("/")
        before = page.locator(".lb-card").count()
        page.get_by_role("button", name="Remove obama-hall.jpg").click()
        expect(page.locator("dialog")).to_contain_text("cannot be brought back")
        page.keyboard.press("Escape")
        expect(page.locator(".lb-card")).to_have_count(before)
        page.get_by_role("button", name="Remove obama-hall.jpg").click()
        page.locator("dialog").get_by_role("button", name="Remove").click()
        expect(page.locator(".lb-card")).to_have_count(before - 1)
    names = [m["name"] for m in httpx.get(f"{fresh_server.url}/api/v1/media").json()["items"]]
    assert "obama-hall.jpg" not in names
    assert (demo_library.stills / "obama-hall.jpg").is_file(), "a file elsewhere stays"
