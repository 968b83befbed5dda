"""Search, jobs, settings and cameras in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
from playwright.sync_api import expect

import personae
from personae.web.ui.settings import in_force
from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served

WORK_MS = 120_000


def two_people(library: DemoLibrary) -> Path:
    """A photo of several faces."""
    return next(path for path in library.stills.iterdir() if "two" in path.name)


def test_one_face_of_several_is_chosen(served: Served, demo_library: DemoLibrary) -> None:
    with browsing(served.url) as (page, _):
        page.goto("/search")
        page.set_input_files("#ps-file", two_people(demo_library))
        expect(page.locator("#ps-said")).to_contain_text("2 faces. Which one?")
        assert page.locator("#ps-answer section").count() == 0
        names = []
        for number in (1, 2):
            page.locator(f'.ps-strip [data-face="{number}"]').click()
            expect(page.locator(f'.pv-face.chosen[data-face="{number}"]')).to_have_count(1)
            expect(page.locator("#ps-busy")).to_be_hidden()
            expect(page.locator("#ps-answer h2").first).not_to_have_text("".join(names) or "-")
            names.append(page.locator("#ps-answer h2").first.inner_text())
        assert len(set(names)) == 2
        assert set(names) <= {"Barack Obama", "Eileen Collins", "Joe Biden"}


def test_the_expected_false_matches_follow_the_slider(
    served: Served, demo_library: DemoLibrary
) -> None:
    with browsing(served.url) as (page, _):
        page.goto("/search")
        page.set_input_files("#ps-file", two_people(demo_library))
        page.locator('.ps-strip [data-face="1"]').click()
        said = page.locator("#ps-expected")
        expect(said).to_contain_text("1 in 10,000 comparisons")
        faces = int(re.findall(r"with ([\d,]+) faces", said.inner_text())[0].replace(",", ""))
        expect(said).to_contain_text(f"one in {round(1e4 / faces):,} such searches")
        page.locator("#ps-rate").fill("0")
        expect(page.locator("#ps-told")).to_have_text("very loose: 1 in 100 strangers passes")
        expect(said).to_contain_text("1 in 100 comparisons")


def test_a_picture_without_a_face_says_so(served: Served, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (300, 200), (90, 120, 60)).save(tmp_path / "wall.png")
    with browsing(served.url, calm=False) as (page, seen):
        page.goto("/search")
        page.set_input_files("#ps-file", tmp_path / "wall.png")
        expect(page.locator("#ps-said")).to_contain_text("no face was found")
        assert [one[:3] for one in seen.broken] == ["422"]


def test_work_is_shown_as_it_goes_cancelled_and_tried_again(
    fresh_server: Served, demo_library: DemoLibrary, tmp_path: Path
) -> None:
    film = tmp_path / "again.mp4"
    # Other content at the end, so that it is not the film that is indexed already
    film.write_bytes(demo_library.film.read_bytes() + bytes(64))
    with browsing(fresh_server.url) as (page, _):
        page.goto("/jobs")
        expect(page.locator("#pj-none")).to_be_visible()
        with film.open("rb") as content:
            files = {"file": (film.name, content, "video/mp4")}
            httpx.post(f"{fresh_server.url}/api/v1/media", files=files, timeout=60)
        row = page.locator(".pj-job")
        expect(row).to_contain_text("again.mp4")
        row.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Cancel the work").click()
        expect(row).to_have_attribute("data-state", "cancelled", timeout=WORK_MS)
        row.get_by_role("button", name="Try again").click()
        expect(row).to_have_attribute("data-state", re.compile("waiting|running"))
        expect(row).to_have_attribute("data-state", "done", timeout=WORK_MS)
        expect(row.get_by_role("link", name="Open")).to_be_visible()


def test_settings_models_and_checks_are_shown(served: Served) -> None:
    with browsing(served.url) as (page, _):
        page.goto("/settings")
        expect(page.locator("tr", has_text="observe.fps")).to_contain_text("5.0")
        models = page.locator("section", has=page.get_by_role("heading", name="Models"))
        expect(models.locator("tr", has_text="yunet").first).to_contain_text("MIT")
        page.get_by_role("button", name="Check this machine").click()
        checks = page.locator("#ps-checks tr")
        expect(checks.first).to_contain_text("well", timeout=WORK_MS)
        assert checks.count() > 5


def test_no_secret_is_told() -> None:
    class Guarded(personae.Settings):
        camera_password: str = "hunter2"

    told = {name: value for name, value, _ in in_force(Guarded())}
    assert told["camera_password"] == "set, not shown"
    assert "hunter2" not in str(told)
    assert told["gap_s"] == "0.5"
