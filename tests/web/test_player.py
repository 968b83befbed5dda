"""The player: names over the right faces at the right time, lanes that seek and zoom, photos."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served
from tests.web.test_walk import stands_at

IN_TIME_S = 0.2


def media(server: Served, kind: str) -> int:
    """The number of the first medium of a kind."""
    items = httpx.get(f"{server.url}/api/v1/media?kind={kind}").json()["items"]
    return int(items[-1]["id"])


def labels(server: Served) -> dict[int, str]:
    """Everybody's label by number."""
    found = httpx.get(f"{server.url}/api/v1/people").json()["items"]
    return {one["id"]: one["label"] for one in found}


def drawn(page: Page, at: float) -> list[str]:
    """Numbers of those whose boxes lie over the picture at a moment."""
    page.evaluate(
        "t => window.dispatchEvent(new CustomEvent('personae-seek',"
        " { detail: { media: Number(location.pathname.split('/').pop()), seconds: t } }))",
        at,
    )
    assert stands_at(page) == pytest.approx(at, abs=0.05)
    canvas = page.locator(".pv-picture canvas")
    expect(canvas).to_have_attribute("data-seconds", re.compile(f"^{int(at)}\\."))
    page.wait_for_timeout(400)
    return str(canvas.get_attribute("data-drawn")).split()


def test_names_lie_over_faces_when_they_are_there(
    served: Served, demo_library: DemoLibrary
) -> None:
    known = labels(served)
    moments = sorted(
        {round((a + b) / 2, 2) for spans in demo_library.truth.values() for a, b in spans}
    )
    assert len(moments) >= 3
    with browsing(served.url) as (page, _):
        page.goto(f"/video/{media(served, 'film')}")
        stands_at(page)
        for at in moments:
            there = {
                name
                for name, spans in demo_library.truth.items()
                if any(a <= at < b for a, b in spans)
            }
            assert {known[int(one)] for one in drawn(page, at)} == there
            listed = page.locator(".pv-who b").all_inner_texts()
            assert set(listed) == there


def test_a_box_lies_where_the_api_says(served: Served) -> None:
    number = media(served, "film")
    track = next(
        one
        for one in httpx.get(f"{served.url}/api/v1/media/{number}/tracks").json()["tracks"]
        if one["kind"] == "face" and len(one["times"]) > 4
    )
    at, (x1, y1, x2, _) = track["times"][2], track["boxes"][2]
    with browsing(served.url) as (page, _):
        page.goto(f"/video/{number}?t={at}")
        drawn(page, at)
        # A pixel on the middle of the upper edge has the colour of a box, one above it has none
        look = """([x, y]) => { const c = document.querySelector('.pv-picture canvas');
          const k = c.width / 640; const at = (dy) => [...c.getContext('2d').getImageData(
            Math.round(x * k), Math.round(y * k + dy), 1, 1).data];
          return [at(0)[3], at(-14)[3]] }"""
        on, _above = page.evaluate(look, [(x1 + x2) / 2, y1])
        assert on > 200
        page.keyboard.press("b")
        off, above = page.evaluate(look, [(x1 + x2) / 2, y1])
        assert (off, above) == (0, 0)


def test_the_parts_of_a_film_fit_together(served: Served) -> None:
    """Boxes fetched by the part are those of the whole."""
    base = f"{served.url}/api/v1/media/{media(served, 'film')}/tracks"
    whole = {one["sighting"]: one for one in httpx.get(base).json()["tracks"]}
    part = httpx.get(f"{base}?start=4&end=6").json()["tracks"]
    assert part and len(part) < len(whole)
    for one in part:
        full = whole[one["sighting"]]
        place = full["times"].index(one["times"][0])
        length = len(one["times"])
        assert one["times"] == full["times"][place : place + length]
        assert one["boxes"] == full["boxes"][place : place + length]
        # Reaches over both edges, as far as the track does
        assert one["times"][0] <= 4 or place == 0
        assert one["times"][-1] >= 6 or place + length == len(full["times"])
    assert httpx.get(f"{served.url}/api/v1/media/9999/tracks").status_code == 404


def test_lanes_seek_zoom_and_go_back(served: Served) -> None:
    with browsing(served.url) as (page, _):
        page.goto(f"/video/{media(served, 'film')}")
        stands_at(page)
        track = page.locator(".pv-lane .pv-track").first
        length = float(page.evaluate("document.querySelector('video').duration"))
        box = track.bounding_box()
        assert box is not None
        track.click(position={"x": box["width"] / 2, "y": 10})
        assert stands_at(page) == pytest.approx(length / 2, abs=IN_TIME_S)
        expect(page.locator(".pv-head")).to_be_visible()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 10, steps=4)
        expect(page.locator(".pv-drag")).to_be_visible()
        page.mouse.up()
        whole = page.get_by_role("button", name="whole")
        expect(whole).to_be_enabled()
        assert stands_at(page) == pytest.approx(length / 2, abs=IN_TIME_S), "a drag moved the film"
        track.click(position={"x": box["width"] / 2, "y": 10})
        assert stands_at(page) == pytest.approx(length * 0.625, abs=IN_TIME_S)
        page.locator(".pv-lanes").focus()
        page.keyboard.press("0")
        expect(whole).to_be_disabled()
        page.keyboard.press("+")
        expect(whole).to_be_enabled()


def test_keys_move_the_film(served: Served) -> None:
    with browsing(served.url) as (page, _):
        page.goto(f"/video/{media(served, 'film')}?t=5")
        assert stands_at(page) == pytest.approx(5, abs=IN_TIME_S)
        for key, at in (("ArrowRight", 6.0), ("ArrowLeft", 5.0), (".", 5.04), (",", 5.0)):
            page.keyboard.press(key)
            assert stands_at(page) == pytest.approx(at, abs=0.02)
        page.keyboard.press(" ")
        page.wait_for_function("() => document.querySelector('video').currentTime > 5.3")
        page.keyboard.press(" ")
        assert page.evaluate("document.querySelector('video').paused")


def test_a_photo_is_a_picture_with_names(served: Served) -> None:
    with browsing(served.url) as (page, _):
        page.goto(f"/video/{media(served, 'photo')}")
        expect(page.locator(".pv-picture canvas")).to_have_attribute(
            "data-drawn", re.compile(r"\d+")
        )
        expect(page.locator(".pv-who")).not_to_have_count(0)
        assert page.locator("video").count() == 0


def test_what_is_not_there_says_so(served: Served) -> None:
    with browsing(served.url) as (page, _):
        page.goto("/video/9999")
        expect(page.locator(".pe-empty")).to_contain_text("There is no film or photo 9999")
