"""One person's page in real Chromium: appearances lead into the film, deeds are done and undone."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served


def number_of(server: Served, name: str) -> int:
    """The number of somebody with this name."""
    found = httpx.get(f"{server.url}/api/v1/people?q={name}").json()["items"]
    assert len(found) == 1
    return int(found[0]["id"])


def test_every_appearance_leads_to_its_second(served: Served, demo_library: DemoLibrary) -> None:
    name = "Barack Obama"
    number = number_of(served, name)
    told = httpx.get(f"{served.url}/api/v1/intervals?person={number}").json()["items"]
    films = [one for one in told if one["name"] == demo_library.film.name]
    assert films
    with browsing(served.url) as (page, _):
        page.goto(f"/people/{number}")
        expect(page.locator("#pe-title")).to_have_text(name)
        links = page.locator(".pp-times a")
        expect(links).to_have_count(len(films))
        for link, one in zip(links.all(), films, strict=True):
            address = link.get_attribute("href") or ""
            found = re.fullmatch(r"/video/(\d+)\?t=([\d.]+)", address)
            assert found and int(found[1]) == one["media"]
            assert float(found[2]) == pytest.approx(one["start"], abs=0.001)
        expect(page.locator(".pp-track a")).to_have_count(len(films))
        expect(page.locator(".pp-stills img")).to_have_count(
            len({one["media"] for one in told} - {one["media"] for one in films})
        )


def test_renaming_tells_and_can_be_undone(fresh_server: Served) -> None:
    number = number_of(fresh_server, "Joe Biden")
    with browsing(fresh_server.url, width=390, dark=True) as (page, _):
        page.goto(f"/people/{number}")
        page.get_by_role("button", name="Rename").click()
        page.locator("#pp-name").fill("Somebody Else")
        page.keyboard.press("Enter")
        expect(page.locator("#pe-title")).to_have_text("Somebody Else")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#pe-title")).to_have_text("Joe Biden")


def test_a_supercut_is_made_and_can_be_fetched(fresh_server: Served) -> None:
    number = number_of(fresh_server, "Eileen Collins")
    with browsing(fresh_server.url) as (page, _):
        page.goto(f"/people/{number}")
        page.get_by_role("button", name="Supercut").click()
        page.get_by_role("button", name="Make").click()
        link = page.get_by_role("link", name="Download")
        expect(link).to_be_visible(timeout=60_000)
        made = httpx.get(fresh_server.url + (link.get_attribute("href") or ""))
    assert made.status_code == 200
    assert made.content[4:8] == b"ftyp"


def test_nobody_has_this_number(served: Served) -> None:
    with browsing(served.url) as (page, _):
        page.goto("/people/4711")
        expect(page.locator(".pe-empty")).to_contain_text("There is no person 4711")
