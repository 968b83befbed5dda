"""The wall of people in real Chromium: named, tagged, merged, split and undone by keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

import personae
from tests.web.browser import browsing
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served, serving


@pytest.fixture(scope="module")
def house(demo_library: DemoLibrary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the tests of this file that change people."""
    folder = tmp_path_factory.mktemp("people") / "library"
    shutil.copytree(demo_library.folder, folder)
    with serving(folder) as one:
        yield one


@pytest.fixture
def changing(house: Served) -> Iterator[Served]:
    """That server; what a test changes is taken back when it is over."""

    def standing() -> int:
        acts = httpx.get(f"{house.url}/api/v1/people/history?limit=500").json()["acts"]
        return sum(1 for act in acts if not act["undone"])

    before = standing()
    yield house
    while standing() > before:
        httpx.post(f"{house.url}/api/v1/people/undo").raise_for_status()


def people(server: Served) -> dict[str, dict[str, object]]:
    """What the API tells of everybody, by what they are called."""
    found = httpx.get(f"{server.url}/api/v1/people?hidden=true").json()["items"]
    return {one["label"]: one for one in found}


def wall(page: Page, count: int) -> None:
    """Opens the wall and waits until everybody is there."""
    page.goto("/people")
    expect(page.locator(".pp-card")).to_have_count(count)


def at(page: Page, label: str) -> None:
    """Puts the focus on somebody."""
    page.locator(f'.pp-card[aria-label="{label}"]').focus()


def test_the_wall_shows_everybody_with_faces_and_counts(served: Served) -> None:
    known = people(served)
    with browsing(served.url) as (page, _):
        wall(page, len(known))
        for label, one in known.items():
            card = page.locator(f'.pp-card[aria-label="{label}"]')
            expect(card.locator(".pp-facts")).to_contain_text(f"{one['sightings']} faces")
            expect(card.locator(".pp-facts")).to_contain_text(f"{one['seconds']:.1f} s")
            picture = card.locator("img")
            expect(picture).to_have_attribute("loading", "lazy")
            assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") > 20


def test_filter_and_order(served: Served) -> None:
    with browsing(served.url) as (page, _):
        wall(page, 3)
        page.keyboard.press("/")
        page.keyboard.type("coll")
        expect(page.locator(".pp-card")).to_have_count(1)
        expect(page.locator("#pp-count")).to_have_text("1 person, 1 named")
        page.locator("#pp-filter").fill("nobody is called so")
        expect(page.locator("#pp-nobody")).to_contain_text("Clear it to see everybody")
        page.locator("#pp-filter").fill("")
        page.locator("#pp-order").select_option("name")
        names = page.locator(".pp-name").all_inner_texts()
        assert names == sorted(names) and len(names) == 3


def test_a_person_is_named_by_keyboard_and_that_is_undone(changing: Served) -> None:
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        at(page, "Joe Biden")
        page.keyboard.press("n")
        expect(page.locator("#pp-name")).to_be_focused()
        page.keyboard.type("The President")
        page.keyboard.press("Enter")
        expect(page.locator('.pp-card[aria-label="The President"]')).to_be_visible()
        assert "The President" in people(changing)
        page.keyboard.press("z")
        expect(page.locator('.pp-card[aria-label="Joe Biden"]')).to_be_visible()
        assert set(people(changing)) == {"Joe Biden", "Barack Obama", "Eileen Collins"}


@pytest.mark.parametrize(
    ("key", "gender"), [("f", "Female"), ("m", "Male"), ("u", "Unknown"), ("o", "Nonbinary")]
)
def test_one_key_tags(changing: Served, key: str, gender: str) -> None:
    before = "Eileen Collins" if key != "f" else "Joe Biden"
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        at(page, before)
        page.keyboard.press(key)
        if key == "o":
            page.keyboard.type("Nonbinary")
            page.keyboard.press("Enter")
        expect(page.locator(".pe-toast").last).to_contain_text(gender)
        assert people(changing)[before]["gender"] == gender


def test_two_are_merged_by_keyboard_and_that_is_undone(changing: Served) -> None:
    known = people(changing)
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        page.keyboard.press("Home")
        page.keyboard.press(" ")
        page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")
        expect(page.locator("#pp-chosen")).to_have_text("2 selected")
        page.keyboard.press("j")
        expect(page.locator("dialog")).to_contain_text("Are these 2 people one person?")
        page.keyboard.press("Enter")
        expect(page.locator(".pp-card")).to_have_count(2)
        merged = people(changing)
        assert len(merged) == 2
        total = sum(int(str(one["sightings"])) for one in known.values())
        assert sum(int(str(one["sightings"])) for one in merged.values()) == total
        page.keyboard.press("Control+z")
        expect(page.locator(".pp-card")).to_have_count(3)
        assert people(changing) == known


def test_merging_asks_first(changing: Served) -> None:
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        page.keyboard.press("Home")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("j")
        expect(page.locator("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        assert len(people(changing)) == 3


def test_the_name_of_somebody_else_merges(changing: Served) -> None:
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        at(page, "Joe Biden")
        page.keyboard.press("Enter")
        page.keyboard.type("eil")
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-yes]")).to_have_text("Same person as Eileen Collins: merge")
        page.keyboard.press("Enter")
        expect(page.locator(".pp-card")).to_have_count(2)
        assert set(people(changing)) == {"Barack Obama", "Eileen Collins"}


def test_wrong_faces_are_split_off(changing: Served) -> None:
    before = int(str(people(changing)["Barack Obama"]["sightings"]))
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        at(page, "Barack Obama")
        page.keyboard.press("s")
        expect(page.locator(".pp-pick")).to_have_count(before)
        page.keyboard.press("ArrowRight")
        page.keyboard.press(" ")
        expect(page.locator("[data-yes]")).to_have_text("Split off 1")
        page.keyboard.press("Enter")
        expect(page.locator(".pp-card")).to_have_count(4)
        now = people(changing)
        assert now["Barack Obama"]["sightings"] == before - 1
        assert [one["sightings"] for one in now.values() if not one["name"]] == [1]
        page.keyboard.press("z")
        expect(page.locator(".pp-card")).to_have_count(3)
        assert people(changing)["Barack Obama"]["sightings"] == before


def test_somebody_is_hidden_and_shown_again(changing: Served) -> None:
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        at(page, "Joe Biden")
        page.keyboard.press("h")
        expect(page.locator(".pp-card")).to_have_count(2)
        page.locator("#pp-kind").select_option("hidden")
        expect(page.locator(".pp-card")).to_have_count(1)
        page.locator(".pe-toast button").last.click()
        expect(page.locator("#pp-nobody")).to_be_visible()
        assert people(changing)["Joe Biden"]["kind"] == "named"


def test_two_are_not_the_same_for_ever(changing: Served) -> None:
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        for label in ("Joe Biden", "Barack Obama"):
            at(page, label)
            page.keyboard.press(" ")
        page.keyboard.press("x")
        expect(page.locator(".pe-toast").last).to_contain_text("are two people")
    acts = httpx.get(f"{changing.url}/api/v1/people/history").json()["acts"]
    assert acts[0]["verb"] == "not-same"


def test_a_name_that_would_be_markup_is_text(changing: Served) -> None:
    name = '<img src=x onerror=alert(1)> & "Co" \''
    with browsing(changing.url) as (page, _):
        wall(page, 3)
        at(page, "Joe Biden")
        page.keyboard.press("n")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator(".pp-name").filter(has_text="onerror")).to_have_text(name)
        number = people(changing)[name]["id"]
        page.goto(f"/people/{number}")
        expect(page.locator("#pe-title")).to_have_text(name)
        page.goto("/")
        expect(page.get_by_role("img", name=name, exact=True)).not_to_have_count(0)
        assert page.locator("img[src=x]").count() == 0


def test_keys_are_explained(served: Served) -> None:
    with browsing(served.url) as (page, _):
        wall(page, 3)
        page.keyboard.press("?")
        expect(page.locator("dialog")).to_contain_text("tag Female, Male, Unknown, other")
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)


def test_pairs_who_may_be_one_are_decided_by_a_key(fresh_server: Served) -> None:
    """Two faces given to people of their own are two people who look like the one they were."""
    number = int(str(people(fresh_server)["Barack Obama"]["id"]))
    with personae.open(fresh_server.library, create=False) as library:
        faces = [one.id for one in library.sightings(number) if one.kind == "face"][:2]
        store = library.store.people
        for face in faces:
            store.assign([face], store.create(None, "auto", "Unknown"), "cluster", {face: 1.0})
        asked = library.suggestions()
    assert {one.a.name for one in asked} >= {"Barack Obama"}
    with browsing(fresh_server.url) as (page, _):
        page.goto("/people/suggested")
        expect(page.locator(".pp-pair")).to_have_count(len(asked))
        first = page.locator('.pp-pair[aria-label^="Barack Obama and"]').first
        expect(first).to_contain_text(re.compile(r"one person.*pairs of strangers", re.S))
        first.focus()
        page.keyboard.press("x")
        expect(page.locator(".pp-pair")).to_have_count(len(asked) - 1)
        first.focus()
        page.keyboard.press("j")
        expect(page.locator(".pe-toast").last).to_contain_text("merged into Barack Obama")
    with personae.open(fresh_server.library, create=False) as library:
        assert len(library.people()) == 4
        assert library.suggestions() == [], "one is merged, the other is said to be two people"


def test_an_empty_library_says_what_to_do(empty_server: Served) -> None:
    with browsing(empty_server.url, width=390, dark=True) as (page, _):
        page.goto("/people")
        expect(page.locator("#pp-nobody")).to_contain_text("Add videos or photos in the library")
        page.goto("/people/suggested")
        expect(page.locator(".pe-empty")).to_contain_text("Nothing to decide")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
