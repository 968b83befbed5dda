"""A report on crowds as page, picture, table and heat map."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from personae.adapters.render.crowd_chart import crowd_png, crowd_svg
from personae.adapters.render.crowd_page import crowd_html
from personae.adapters.render.crowd_table import HEADER, crowd_csv
from personae.adapters.render.heat_map import heat_png, softened
from personae.core.crowd import CrowdReport
from personae.core.zones import Line, Zone
from personae.flows.crowd import CrowdOptions, crowd_report, film_crowd
from tests.flows.crowds import FILM, PHOTO, walk

HOSTILE = "<script>alert('x')</script>"
OPTIONS = CrowdOptions(
    zones=(Zone(HOSTILE, np.array([[50, 50], [300, 50], [300, 400]], np.float64)),),
    lines=(Line("gate", np.array([[300, 480], [300, 0]], np.float64)),),
)
PEOPLE = [walk(1, (2, 12), ((100, 300), (500, 300))), walk(2, (6, 14), ((400, 400), (400, 400)))]


@pytest.fixture(scope="module")
def report() -> CrowdReport:
    named = replace(FILM, path="=cmd/street.mp4")
    films = [
        film_crowd(named, PEOPLE, OPTIONS, for_crowds=False),
        film_crowd(PHOTO, [], CrowdOptions(), for_crowds=False),
    ]
    return crowd_report(films, OPTIONS)


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_holds_the_figures_and_fetches_nothing(report: CrowdReport) -> None:
    page = crowd_html(report, {}, "People counted")
    read = Page(page)
    text = " ".join(read.text)
    film = report.films[0]
    assert f"{film.visits[0][1] - film.visits[0][0]:.1f} s" in text
    assert f"most {film.most:.0f}" in text
    for sentence in report.method:
        assert sentence in text
    assert "script" not in {tag for tag, _ in read.tags}
    pictures = [attributes["src"] or "" for tag, attributes in read.tags if tag == "img"]
    assert len(pictures) == 2
    assert all(one.startswith("data:image/png;base64,") for one in pictures)
    assert not re.search(r"(?:src|href)=.https?:", page)
    assert "default-src 'none'" in page


def test_pictures_are_pictures(report: CrowdReport) -> None:
    picture = Image.open(io.BytesIO(crowd_png(report, {}, "People counted", 800)))
    assert picture.width == 800
    assert picture.height > 800
    assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 50
    svg = crowd_svg(report, {}, "People counted")
    assert svg.lstrip().startswith("<?xml")
    assert HOSTILE not in svg


def test_a_line_of_the_table_is_a_bin(report: CrowdReport) -> None:
    header, *lines = csv.reader(io.StringIO(crowd_csv(report)))
    assert tuple(header) == HEADER
    assert len(lines) == sum(len(film.bins) for film in report.films)
    assert {line[1] for line in lines} == {"'=cmd/street.mp4", "group.jpg"}
    means = [float(line[4]) for line in lines if line[0] == "1"]
    assert means == pytest.approx([one.mean for one in report.films[0].bins], abs=1e-6)


def test_heat_is_drawn_where_it_is_and_over_a_frame_if_asked(report: CrowdReport) -> None:
    film = replace(report.films[0], zones=(), lines=())
    plain = np.asarray(Image.open(io.BytesIO(heat_png(film, None, 640))).convert("L"), float)
    assert plain.shape == (480, 640)
    assert plain[10:100, 10:100].mean() > 250
    assert plain[395:405, 395:405].mean() < 240
    grey = np.full((480, 640, 3), 90, np.uint8)
    over = np.asarray(Image.open(io.BytesIO(heat_png(film, grey, 640))).convert("L"), float)
    assert over[10:100, 10:100].mean() == pytest.approx(90, abs=3)


def test_an_empty_film_has_an_empty_map() -> None:
    empty = film_crowd(FILM, [], CrowdOptions(), for_crowds=True)
    shown = np.asarray(Image.open(io.BytesIO(heat_png(empty, None, 320))).convert("L"), float)
    assert shown[5:-5, 5:-5].min() > 250


def test_softening_loses_nothing_in_the_middle() -> None:
    cells = np.zeros((20, 30), np.float32)
    cells[10, 15] = 7
    soft = softened(cells)
    assert float(soft.sum()) == pytest.approx(7, rel=1e-5)
    assert np.unravel_index(soft.argmax(), soft.shape) == (10, 15)
