"""The wall of cameras in a real browser: pictures move, people come and go, nothing flickers."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from tests.web.browser import browsing
from tests.web.cameras import NAMES, FakeWatch, four_cameras, now_ms, person, stream
from tests.web.serving import Served

PRINT = """(image) => {
  if (!image.naturalWidth) return 0;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 36];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, 64, 36);
  return pen.getImageData(0, 0, 64, 36).data.reduce((sum, v, at) => (31 * sum + v * at) % 1e9, 7);
}"""
"""A number for what an image shows; 0 while it shows nothing."""


def prints(page: Page) -> list[int]:
    """What each camera of the wall shows."""
    return [int(one.evaluate(PRINT)) for one in page.locator("#pc-wall .pc-pic img").all()]


def moved(page: Page, cameras: int) -> None:
    """Waits until every camera has shown a picture and then another."""
    page.wait_for_function(
        "(n) => { const found = [...document.querySelectorAll('#pc-wall .pc-pic img')];"
        " return found.length === n && found.every((one) => one.naturalWidth > 0); }",
        arg=cameras,
    )
    before = prints(page)
    for _ in range(100):
        page.wait_for_timeout(100)
        if all(now not in (0, old) for now, old in zip(prints(page), before, strict=True)):
            return
    raise AssertionError(f"a camera stands still: {before} {prints(page)}")


def test_four_cameras_move_and_say_who_is_there(empty_server: Served) -> None:
    with four_cameras(empty_server.library) as watch, browsing(empty_server.url) as (page, _):
        page.goto("/cameras")
        moved(page, 4)
        tiles = page.locator(".pc-cam")
        door = tiles.nth(0)
        expect(door.locator(".pc-top")).to_contain_text("front doorlive")
        expect(door.locator("li.known")).to_contain_text("Person 1 97 %")
        expect(door.locator("li.known")).to_contain_text("alive")
        expect(door.locator("li.known")).to_contain_text(re.compile(r"for \d+ s"))
        expect(door.locator("li.unknown")).to_contain_text("Somebody unknown")
        expect(door.locator("li.unknown")).to_contain_text("not shown to be alive yet")
        expect(door.locator(".pc-facts")).to_contain_text("4.8 looks a second · 130 ms behind")
        expect(tiles.nth(1)).to_contain_text("Nobody is here")
        expect(tiles.nth(2).locator("li.spoof")).to_contain_text("Person 2?")
        expect(tiles.nth(2).locator("li.spoof")).to_contain_text("perhaps a picture")
        expect(tiles.nth(3).locator("li.unknown")).to_contain_text("unknown-7 91 %")
        expect(page.locator("#pc-said")).to_have_text("4 cameras · 5 people here now")
        # The face of who is there comes out of the picture itself
        expect(door.locator("li.known canvas")).to_be_visible()
        held = watch.streams[0]
        watch.write([replace(held, persons=(), people=0), *watch.streams[1:]])
        expect(door).to_contain_text("Nobody is here")


def test_what_stays_is_not_drawn_anew(empty_server: Served) -> None:
    with four_cameras(empty_server.library) as watch, browsing(empty_server.url) as (page, _):
        page.goto("/cameras")
        moved(page, 4)
        page.evaluate(
            "() => { window.kept ="
            " [...document.querySelectorAll('.pc-cam, .pc-pic img, li.known')];"
            " window.added = []; new MutationObserver((all) => { for (const one of all)"
            " for (const node of one.addedNodes) if (node.nodeType === 1)"
            " window.added.push(node.className || node.tagName); })"
            ".observe(document.querySelector('#pc-wall'), {childList: true, subtree: true}); }"
        )
        page.wait_for_timeout(2500)
        assert page.evaluate("window.kept.every((one) => one.isConnected)")
        assert page.evaluate("window.added") == []
        someone = person(9, name="<b>Ada</b>")
        watch.write([replace(watch.streams[0], persons=(someone,)), *watch.streams[1:]])
        expect(page.locator(".pc-cam").first).to_contain_text("<b>Ada</b>")


def test_a_dark_camera_and_a_watch_that_ended_say_so(empty_server: Served) -> None:
    with four_cameras(empty_server.library) as watch, browsing(empty_server.url) as (page, _):
        page.goto("/cameras")
        moved(page, 4)
        gone = replace(
            watch.streams[1], state="dark", since=now_ms(), reason="no frame for 4 s", persons=()
        )
        watch.write([watch.streams[0], gone, *watch.streams[2:]])
        garden = page.locator(".pc-cam").nth(1)
        expect(garden.locator(".pe-chip").first).to_have_text(re.compile(r"^dark since \d\d:\d\d$"))
        expect(garden.locator(".pc-veil")).to_contain_text("no frame for 4 s")
        expect(page.locator("#pc-said")).to_have_text("4 cameras · 1 dark · 5 people here now")
        watch.__exit__()
        watch.write(running=False)
        expect(page.locator("#pc-over")).to_contain_text("The watch ended at")
        expect(garden).to_contain_text("ended")
        expect(page.locator(".pc-cam").first.locator("li.known")).to_have_count(0)
        watch.write([])
        expect(page.locator(".pe-empty")).to_contain_text("No camera is being watched")
        expect(page.locator(".pc-cam")).to_have_count(0)


def test_one_camera_is_enlarged_and_arrow_keys_go_on(empty_server: Served) -> None:
    with four_cameras(empty_server.library), browsing(empty_server.url) as (page, _):
        page.goto("/cameras")
        moved(page, 4)
        page.get_by_role("button", name="Enlarge garden").click()
        big = page.locator("dialog.pc-big")
        image = big.locator("img")
        expect(big).to_contain_text("garden")
        assert str(image.get_attribute("src")) == "/api/v1/live/garden/stream"
        before = int(image.evaluate(PRINT))
        page.wait_for_function(f"(old) => ({PRINT})(document.querySelector('.pc-big img')) !== old",
                               arg=before)  # fmt: skip
        page.keyboard.press("ArrowRight")
        expect(big.locator("b").first).to_have_text("hall")
        expect(big.locator("li.spoof")).to_contain_text("perhaps a picture")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(big.locator("b").first).to_have_text(NAMES[0])
        page.keyboard.press("Escape")
        expect(big).to_have_count(0)
        moved(page, 4)


def test_what_happens_is_told_below_in_words(empty_server: Served) -> None:
    with four_cameras(empty_server.library) as watch, browsing(empty_server.url) as (page, _):
        known = {"camera": "hall", "track": 1, "type": "known", "person": 3, "name": "Ana"}
        for number in range(40):
            watch.history.add(now_ms() - 90_000_000 + number, "person", {**known, "live": "live"})
        page.goto("/cameras")
        rows = page.locator("#pc-history li:not(.day)")
        expect(rows).to_have_count(15)
        expect(page.locator("#pc-history .day")).to_have_count(1)
        watch.history.add(now_ms(), "person", {**known, "track": 2, "type": "undecided"})
        watch.history.add(now_ms(), "left", {"camera": "hall", "track": 1})
        expect(rows.first).to_contain_text("Ana left")
        expect(rows.first).to_contain_text("hall")
        expect(rows).to_have_count(16)
        page.get_by_role("button", name="Older").click()
        expect(rows).to_have_count(41)
        expect(page.get_by_role("button", name="Older")).to_be_hidden()
        assert rows.nth(1).locator("a").get_attribute("href") == "/people/3"


def test_without_a_watch_three_steps_say_how_to_begin(empty_server: Served) -> None:
    with browsing(empty_server.url) as (page, _):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/cameras")
        expect(page.locator(".pe-empty")).to_contain_text("No camera is being watched")
        expect(page.locator(".pc-steps h2")).to_have_text(
            [re.compile("1.*where"), re.compile("2.*passwords"), re.compile("3.*watch")]
        )
        page.get_by_role("button", name="Copy").first.click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert 'name = "front door"' in page.evaluate("navigator.clipboard.readText()")
        # It begins by itself
        watch = FakeWatch(empty_server.library, [stream("front door")])
        watch.picture("front door", 1)
        watch.write()
        expect(page.locator(".pc-cam")).to_contain_text("front door")
        expect(page.locator(".pe-empty")).to_be_hidden()
        (empty_server.library / "status.json").write_text("{half")
        expect(page.locator(".pe-empty")).to_be_visible()


def test_two_open_walls_leave_the_browser_connections_for_others(empty_server: Served) -> None:
    """A browser opens six to a server; four cameras by themselves would take nearly all."""
    with four_cameras(empty_server.library), browsing(empty_server.url) as (page, _):
        other = page.context.new_page()
        for one in (page, other):
            one.goto("/cameras")
            moved(one, 4)
        moved(page, 4)
        asked = "fetch('/api/v1/live', {signal: AbortSignal.timeout(5000)}).then((a) => a.status)"
        assert page.evaluate(asked) == 200


def test_the_wall_fits_a_phone(empty_server: Served) -> None:
    with (
        four_cameras(empty_server.library) as watch,
        browsing(empty_server.url, width=390, height=844, dark=True) as (page, _),
    ):
        long = replace(watch.streams[0], name="a camera whose name is as long as names may be here")
        watch.picture(long.name, 1)
        watch.write([long, *watch.streams[1:]])
        page.goto("/cameras")
        moved(page, 4)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


NOTIFICATION = """
window.told = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return this.permission = "granted"; }
  constructor(title, options) { window.told.push([title, options.body, options.tag]); }
};
"""


def test_alerts_become_notifications_when_asked_for(empty_server: Served) -> None:
    """The browser's own permission cannot be given to a headless one: its door is replaced."""
    with four_cameras(empty_server.library) as watch, browsing(empty_server.url) as (page, _):
        page.add_init_script(NOTIFICATION)
        watch.alert("old", "Before")
        page.goto("/cameras")
        moved(page, 4)
        watch.alert("a1", "Ana")
        expect(page.locator(".pe-toast")).to_contain_text("who comes: Ana at front door (97 %)")
        assert page.evaluate("window.told") == []
        page.get_by_role("button", name="Notify me here").click()
        expect(page.get_by_role("button", name="Notifications are on")).to_be_visible()
        watch.alert("a2", "Ben", ["log"])
        watch.alert("a3", "<b>Cleo</b>", ["browser", "log"])
        expect(page.locator(".pe-toast").last).to_contain_text("<b>Cleo</b>")
        assert page.evaluate("window.told") == [
            ["who comes", "<b>Cleo</b> at front door (97 %)", "a3"]
        ]
        page.get_by_role("button", name="Notifications are on").click()
        watch.alert("a4", "Dan")
        expect(page.locator(".pe-toast").last).to_contain_text("Dan")
        assert len(page.evaluate("window.told")) == 1
