"""The rules of alerts in a real browser: made in a form, read in words, switched off, deleted."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from personae.app.alert_book import BESIDE, AlertBook
from tests.web.access import COOKIE, guarded, with_users
from tests.web.browser import browsing
from tests.web.cameras import FakeWatch, stream
from tests.web.serving import Served

FILE = """# By hand
[lists]
family = ["Ana", "Ben"]
[action.phone]
kind = "webhook"
url = "https://hooks.example/T0KEN"
[[rule]]
name = "night"
on = "unknown"
hours = "22:00-06:00"
actions = ["phone"]
"""


def test_a_rule_is_made_changed_switched_off_and_deleted(empty_server: Served) -> None:
    folder = empty_server.library
    FakeWatch(folder, [stream("front door"), stream("garden")]).write()
    with browsing(empty_server.url) as (page, _):
        page.goto("/cameras/alerts")
        expect(page.locator(".pe-empty")).to_contain_text("Nobody is told anything yet")
        expect(page.locator("#pa-said")).to_contain_text("takes changes within seconds")
        page.get_by_role("button", name="New rule").click()
        page.get_by_label("Name", exact=True).fill("Ana at night")
        page.get_by_label("When").select_option("A certain person is seen")
        page.get_by_label("Who", exact=True).fill("Ana")
        page.get_by_label("garden").check()
        page.get_by_label("only at some").check()
        page.get_by_label("From", exact=True).fill("22:00")
        page.get_by_label("To", exact=True).fill("06:30")
        for day in ("Mon", "Tue", "Wed", "Thu", "Sun"):
            page.get_by_label(day).uncheck()
        page.get_by_label("At least").fill("92.5")
        page.get_by_label("the newest picture goes with it").check()
        page.get_by_label("Rest afterwards").select_option("an hour")
        page.get_by_role("button", name="Make the rule").click()
        made = page.locator(".pa-rule")
        expect(made).to_contain_text(
            "At garden, when Ana is seen (at least 92.5 % sure) on Fridays and Saturdays, 22:00 to "
            "06:30 the next day: tell open pages, with a picture. At most every hour."
        )
        made.get_by_role("button", name="Change").click()
        expect(page.get_by_label("Who", exact=True)).to_have_value("Ana")
        page.get_by_label("When").select_option("A camera goes dark")
        expect(page.get_by_label("Who", exact=True)).to_be_hidden()
        page.get_by_label("always").check()
        page.get_by_role("button", name="Save").click()
        expect(made).to_contain_text("At garden, when it goes dark: tell open pages")
        made.get_by_role("switch").uncheck()
        expect(made).to_have_attribute("data-off", "")
        assert AlertBook(folder).asked().rules == ()
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Delete the rule").click()
        expect(page.locator(".pe-empty")).to_be_visible()
        assert json.loads((folder / BESIDE).read_text()) == {"rules": [], "off": []}


def test_a_rule_by_hand_is_changed_beside_its_file(empty_server: Served) -> None:
    (empty_server.library / "alerts.toml").write_text(FILE)
    with browsing(empty_server.url, calm=False) as (page, seen):
        page.goto("/cameras/alerts")
        night = page.locator(".pa-rule").first
        expect(night).to_contain_text("in alerts.toml")
        expect(night.get_by_role("button", name="Delete")).to_have_count(0)
        night.get_by_role("button", name="Change").click()
        page.get_by_label("phone (webhook)").uncheck()
        page.get_by_role("button", name="Save").click()
        # What is wrong is said where it was typed, and nothing is lost
        expect(page.locator(".pa-wrong")).to_be_visible()
        assert [one[:3] for one in seen.broken] == ["422"]
        page.get_by_label("the program's log").check()
        page.get_by_label("When").select_option("Somebody on a list is seen")
        page.get_by_role("button", name="Save").click()
        expect(night).to_contain_text("changed here")
        expect(night).to_contain_text("somebody on the list family is seen")
        night.get_by_role("button", name="As in alerts.toml").click()
        expect(night).to_contain_text("in alerts.toml")
        expect(night).to_contain_text("somebody unknown is seen")
        assert (empty_server.library / "alerts.toml").read_text() == FILE
        assert "T0KEN" not in page.content()
        (empty_server.library / "alerts.toml").write_text("[[rule")
        page.reload()
        expect(page.locator("#pa-problem")).to_contain_text("alerts.toml is not understood")


def test_what_is_told_appears_as_it_is_told(empty_server: Served) -> None:
    watch = FakeWatch(empty_server.library, [stream("front door")])
    watch.alert("a1", "Ana")
    with browsing(empty_server.url, width=390, height=844) as (page, _):
        page.goto("/cameras/alerts")
        told = page.locator("#pa-told li")
        expect(told).to_have_count(1)
        watch.alert("a2", "<b>Ben</b>", ["log"])
        expect(told.first).to_contain_text("<b>Ben</b> at front door (97 %)")
        page.get_by_role("button", name="New rule").click()
        expect(page.get_by_role("button", name="Make the rule")).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_viewers_look_and_change_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with_users(folder)
    (folder / "alerts.toml").write_text(FILE)
    with guarded(folder) as served, browsing(served.url) as (page, _):
        cookie = {"name": COOKIE, "value": served.session("viewer"), "url": served.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto("/cameras/alerts")
        expect(page.locator(".pa-rule")).to_contain_text("somebody unknown is seen")
        expect(page.get_by_role("button", name="New rule")).to_be_hidden()
        expect(page.get_by_role("button", name="Change")).to_have_count(0)
        expect(page.get_by_role("switch")).to_be_disabled()
        page.goto("/cameras")
        expect(page.locator(".pc-steps")).to_contain_text("my-library")
        assert str(folder) not in page.content()
