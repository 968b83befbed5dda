"""Pages for people who sign in: each place opens, viewers are offered nothing to change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from personae.web.auth.store import UserStore
from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served, serving

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def guarded(
    demo_library: DemoLibrary, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A library with an administrator, an editor and a viewer."""
    folder: Path = tmp_path_factory.mktemp("guarded") / "library"
    shutil.copytree(demo_library.folder, folder)
    users = UserStore(folder)
    users.add("root", PASSWORD, "admin")
    users.add("edith", PASSWORD, "editor")
    users.add("vera", PASSWORD, "viewer")
    with serving(folder) as one:
        yield one


def sign_in(page: Page, name: str) -> None:
    told = page.request.post(
        "/api/v1/session",
        data={"name": name, "password": PASSWORD},
        headers={"Origin": page.evaluate("location.origin")},
    )
    assert told.ok, told.text()


@pytest.mark.parametrize(("name", "edits"), [("vera", False), ("edith", True)])
def test_every_place_opens_and_offers_what_the_role_may(
    guarded: Served, name: str, edits: bool
) -> None:
    with browsing(guarded.url) as (page, _):
        page.goto("/login")
        sign_in(page, name)
        page.goto("/")
        expect(page.locator(".lb-card")).to_have_count(6)
        assert page.locator("#lb-drop").count() == int(edits)
        assert (page.locator("[data-delete]").count() > 0) is edits
        page.goto("/people")
        expect(page.locator(".pp-card")).to_have_count(3)
        page.goto("/people/suggested")
        expect(page.locator(".pe-empty, .pp-pairs").first).to_be_visible()
        page.goto("/people/1")
        expect(page.locator(".pp-times a").first).to_be_visible()
        assert page.locator(".pp-deeds").count() == int(edits)
        page.get_by_text(f"Sign out {name}").click()
        expect(page).to_have_url(f"{guarded.url}/login")


def test_a_viewers_key_changes_nothing_and_says_why(guarded: Served) -> None:
    with browsing(guarded.url, calm=False) as (page, seen):
        page.goto("/login")
        sign_in(page, "vera")
        page.goto("/people")
        expect(page.locator(".pp-card")).to_have_count(3)
        page.keyboard.press("Home")
        page.keyboard.press("f")
        expect(page.locator(".pe-toast.bad")).to_contain_text("needs the role editor")
        assert any(line.startswith("403 ") for line in seen.broken)
