"""The page stands alone, lets no name become markup, and shows exact times."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest

from personae.adapters.render.options import PageOptions
from personae.adapters.render.page import html_page
from personae.core.records import Person
from personae.flows.report import By, presence, screen_time
from tests.adapters.render.sample import HOSTILE, MEDIA, PEOPLE, RECORDS, lanes, report

VOID = {"meta", "img"}


class Outline(HTMLParser):
    """Tags as a browser opens them; fails on one that is closed wrongly."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Outline:
    outline = Outline()
    outline.feed(page)
    outline.close()
    assert outline.open == []
    return outline


@pytest.mark.parametrize("by", ["person", "gender"])
def test_a_hostile_name_stays_text(by: By) -> None:
    page = html_page(report(by), lanes(), PageOptions(title=HOSTILE, date=HOSTILE))
    outline = read(page)
    assert "script" not in outline.tags
    assert "b" in outline.tags
    assert "<b>one" not in page
    assert HOSTILE in outline.text
    assert not [name for name, _ in outline.attributes if name.startswith("on")]


def test_nothing_is_fetched_from_elsewhere() -> None:
    options = PageOptions(thumbnails={1: b"\xff\xd8\xff"})
    page = html_page(report(), lanes(), options)
    assert not re.search(r"https?:|//\w|@import|url\(", page, re.IGNORECASE)
    sources = [value for name, value in read(page).attributes if name in {"src", "href"}]
    inlined = base64.b64encode(b"\xff\xd8\xff").decode()
    assert sources == [f"data:image/jpeg;base64,{inlined}"]


def test_exact_in_and_out_are_shown() -> None:
    text = read(html_page(report(), lanes())).text
    assert "1:00:00.002" in text
    assert "1:02:03.456" in text
    assert "0:00:00.333" in text
    assert "gap tolerance 0.5 s" in text
    assert all(" ".join(said.split()) in text for said in report().method)


def test_the_same_report_gives_the_same_page() -> None:
    options = PageOptions(date="2 May 2025")
    page = html_page(report(), lanes(), options)
    assert page == html_page(report(), lanes(), options)
    assert "2 May 2025" in page
    assert page.encode("utf-8")  # also with a path that is no text


def test_what_is_not_drawn_is_said_and_still_listed() -> None:
    page = html_page(report(), lanes(), PageOptions(people=1, films=1))
    text = read(page).text
    assert "3 rows are not drawn" in text
    assert "1 film is not drawn" in text
    assert "person 4" in text


def test_an_empty_report_says_so() -> None:
    empty = screen_time([], {}, MEDIA, by="person")
    assert "Nobody appears" in read(html_page(empty, presence([], {}, MEDIA))).text
    assert read(html_page(screen_time([], {}, [], by="gender"))).text


def test_somebody_who_is_only_in_a_photo_is_listed() -> None:
    people = {4: Person(4, "Zoe", "named", "Female")}
    records = [one for one in RECORDS if one.media == 3]
    told = screen_time(records, people, MEDIA, by="person")
    assert "Zoe" in read(html_page(told, presence(records, people, MEDIA))).text


def test_direction_overrides_are_taken_out_of_names() -> None:
    people = {**PEOPLE, 1: Person(1, "evil\u202egpj.exe\n\x00", "named", "Female")}
    page = html_page(screen_time(RECORDS, people, MEDIA, by="person"))
    assert "evil gpj.exe" in page
    assert "\u202e" not in page
