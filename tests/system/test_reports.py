"""Reports from the outside: groups, presence, together, one page; every form says the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas
import pytest
from PIL import Image

import personae
from personae.adapters.demo import portraits_dir
from personae.adapters.render.words import clock, percent
from tests.system.browser import opened
from tests.system.command import answer, run
from tests.system.conftest import Site


class Tables(HTMLParser):
    """The tables of a page by the heading above them, as lists of rows of text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._heading = self._into = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2":
            self._heading = ""
        if tag == "tr":
            self.found.setdefault(self._heading, []).append([])
        if tag in ("td", "th"):
            self.found[self._heading][-1].append("")
        self._into = tag if tag in ("h2", "td", "th") else self._into

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h2", "td", "th"):
            self._into = ""

    def handle_data(self, data: str) -> None:
        if self._into == "h2":
            self._heading += data
        elif self._into:
            self.found[self._heading][-1][-1] += data


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two collections: 6 s of one woman, 4 s of a man and a woman by turns."""
    folder = tmp_path_factory.mktemp("programme")
    woman, man = (Image.open(portraits_dir() / f"{name}.jpg") for name in ("collins", "obama"))
    films = {"monday.gif": [woman, woman, woman], "sunday.gif": [man, woman]}
    for name, pictures in films.items():
        # Each cut a little elsewhere: equal pictures in a row would become one long frame
        first, *rest = [one.crop((6 * at, 0, 512 + 6 * at, 512)) for at, one in enumerate(pictures)]
        first.save(folder / name, save_all=True, append_images=rest, duration=2000)
    for name, collection in (("monday.gif", "News"), ("sunday.gif", "Films")):
        answer("index", name, "--collection", collection, "--library", "lib", cwd=folder)
    people = answer("people", "list", "--library", "lib", cwd=folder)["people"]
    assert len(people) == 2
    for person, gender in zip(people, ("Female", "Male"), strict=True):
        run("people", "tag", str(person["id"]), "--gender", gender, "--library", "lib", cwd=folder)
    return folder


def test_each_group_and_two_side_by_side(programme: Path) -> None:
    where = ("--by", "gender", "--library", "lib")
    told = answer("report", "screen-time", "--per", "collection", *where, cwd=programme)
    seconds = {
        one["group"]: {row["key"]: row["seconds"] for row in one["rows"]} for one in told["groups"]
    }
    assert seconds == {"Films": {"Male": 2, "Female": 2}, "News": {"Female": 6}}
    both = answer("report", "screen-time", "--compare", "News", "Films", *where, cwd=programme)
    rows = {row["key"]: row for row in both["rows"]}
    assert (rows["Female"]["a"]["per_hour"], rows["Female"]["b"]["per_hour"]) == (3600, 1800)
    assert rows["Female"]["more"] == -1800
    assert rows["Male"]["a"]["seconds"] == 0
    done = run(
        "report", "screen-time", "--compare", "News", "Films", *where, "--format", "csv",
        cwd=programme,
    )  # fmt: skip
    lines = {line["key"]: line for line in csv.DictReader(io.StringIO(done.stdout))}
    assert float(lines["Female"]["difference"]) == -1800
    printed = run("report", "screen-time", "--compare", "News", "Films", *where, cwd=programme)
    assert "-1800.00" in printed.stdout


def test_groups_are_a_page_and_a_picture(programme: Path, tmp_path: Path) -> None:
    where = ("--by", "gender", "--library", "lib")
    for words in (("--per", "collection"), ("--compare", "News", "Films")):
        page, picture = tmp_path / "page.html", tmp_path / "picture.png"
        ask = ("report", "screen-time", *words, *where, "--format")
        run(*ask, "html", "-o", page, cwd=programme)
        figures = Tables(page.read_text()).found["Figures"]
        assert any("3600.0" in cell for row in figures for cell in row)
        run(*ask, "png", "-o", picture, cwd=programme)
        with Image.open(picture) as drawn:
            assert np.asarray(drawn.convert("RGB")).std() > 10


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("screen-time", "--per", "week"), "P106"),
        (("screen-time", "--compare", "News", "Nothing"), "P107"),
        (("screen-time", "--compare", "News", "Films", "--per", "year"), "P106"),
        (("screen-time", "--format", "parquet"), "P106"),
        (("together", "--by", "age"), "P106"),
        (("together", "--format", "parquet", "-o", "x"), "P106"),
        (("presence", "--collection", "Nothing"), "P107"),
        (("page", "nowhere.mp4"), "P107"),
    ],
)
def test_what_cannot_be_answered_is_said_by_code(
    programme: Path, words: tuple[str, ...], code: str
) -> None:
    done = run("report", *words, "--library", "lib", cwd=programme, status=2)
    assert code in done.stderr


def test_one_command_for_one_new_file(programme: Path, tmp_path: Path) -> None:
    run("report", "page", programme / "sunday.gif", "--library", "new", cwd=tmp_path)
    found = Tables((tmp_path / "sunday.html").read_text()).found
    assert [row[2] for row in found["Figures by person"][1:]] == ["0:00:02.000"] * 2
    assert [row[2] for row in found["Figures by gender"][1:]] == ["0:00:04.000"]


@pytest.fixture(scope="module")
def page(made: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("page")
    run("report", "page", made.film, "-o", folder / "film.html", "--library", made.library,
        cwd=folder)  # fmt: skip
    yield folder / "film.html"


def test_the_numbers_on_the_page_are_those_of_json(made: Site, page: Path) -> None:
    found = Tables(page.read_text()).found
    where = ("--library", made.library)
    presence = answer("report", "presence", *where, cwd=made.folder)
    (film,) = [one for one in presence["films"] if one["path"] == str(made.film)]
    assert len(film["lanes"]) >= 2
    told = {row[0]: row for row in found["Figures by person"][1:]}
    assert set(told) == {lane["key"] for lane in film["lanes"]}
    with personae.open(made.library, create=False) as lib:
        media = [m for m in lib.media() if m.path == str(made.film)]
        (report,) = [g.report for g in lib.reports.per("media").groups if g.key == media[0].path]
        rows = {row["key"]: row for row in report.as_json()["rows"]}  # type: ignore[union-attr,index,call-overload]
    for key, row in rows.items():
        assert told[key][2:7] == [
            *(clock(row[name]) for name in ("seconds", "low", "high")),
            *(percent(row[name]) for name in ("share", "face_share")),
        ]
    lists = [row for row in found["Every appearance"][1:]]
    assert sorted((row[0], row[2], row[3]) for row in lists) == sorted(
        (lane["key"], clock(a), clock(b)) for lane in film["lanes"] for a, b in lane["intervals"]
    )
    pairs = answer("report", "together", *where, cwd=made.folder)["pairs"]
    assert pairs
    shown = {(row[0], row[1]): row for row in found["Pairs"][1:]}
    for pair in pairs:
        row = shown[pair["a"], pair["b"]]
        assert row[2:6] == [
            clock(pair["seconds"]),
            percent(pair["share_a"]),
            percent(pair["share_b"]),
            clock(pair["expected"]),
        ]
        assert row[7] == f"{pair['p']:.3f}"


def test_what_is_left_open_is_told(made: Site) -> None:
    told = answer("report", "screen-time", "--library", made.library, cwd=made.folder)
    assert set(told["unseen"]) == {
        *("turned_s", "unnamed_s", "unassigned_s", "too_small_s", "too_small"),
    }
    assert told["unseen"]["unnamed_s"] == pytest.approx(
        sum(row["seconds"] for row in told["rows"]), 0.02
    )
    assert told["accuracy"]["source"]
    for row in told["rows"]:
        assert row["low"] <= row["seconds"] <= row["high"]


def test_presence_and_together_agree_in_every_form(made: Site, tmp_path: Path) -> None:
    where = ("--library", made.library)
    presence = answer("report", "presence", *where, cwd=made.folder)
    listed = [a for film in presence["films"] for lane in film["lanes"] for a in lane["intervals"]]
    printed = run("report", "presence", *where, cwd=made.folder).stdout
    assert all(clock(start) in printed and clock(end) in printed for start, end in listed)
    ask = run("report", "presence", *where, "--format", "csv", cwd=made.folder)
    assert len(list(csv.DictReader(io.StringIO(ask.stdout)))) == len(listed) > 2
    pairs = answer("report", "together", *where, cwd=made.folder)["pairs"]
    ask = run("report", "together", *where, "--format", "csv", cwd=made.folder)
    lines = list(csv.DictReader(io.StringIO(ask.stdout)))
    assert [float(line["seconds"]) for line in lines] == pytest.approx(
        [pair["seconds"] for pair in pairs], abs=1e-6
    )
    for verb in ("presence", "together"):
        for form in ("png", "svg"):
            target = tmp_path / f"{verb}.{form}"
            run("report", verb, *where, "--format", form, "-o", target, cwd=made.folder)
            assert target.stat().st_size > 5000


def test_parquet_holds_the_times_of_the_store(made: Site, tmp_path: Path) -> None:
    target = tmp_path / "times.parquet"
    run("report", "screen-time", "--format", "parquet", "-o", target, "--library", made.library,
        cwd=made.folder)  # fmt: skip
    read = pandas.read_parquet(target)
    with personae.open(made.library, create=False) as lib:
        media = {m.id: m for m in lib.media()}
        kept = lib.appearances()
    assert len(read) == len(kept) > 2
    for line, one in zip(read.itertuples(), kept, strict=True):
        assert (line.person_id, line.medium, line.known_by) == (one.person, one.path, one.known_by)
        assert (line.start_s, line.end_s) == (one.start, one.end)
        assert (line.first_pts, line.last_pts) == (one.first, one.last)
        number, over = (int(part) for part in line.base.split("/"))
        assert line.first_pts * number / over == line.start_s
        assert (number, over) == (media[one.media].base_num, media[one.media].base_den)
        assert line.confidence == one.confidence


def test_the_page_opens_without_network_and_without_a_complaint(page: Path, tmp_path: Path) -> None:
    seen = opened(page, tmp_path)
    assert seen.requests == []
    assert seen.complaints == []
    assert "Screen time by gender" in seen.text
    with Image.open(seen.screenshot) as drawn:
        pixels = np.asarray(drawn.convert("RGB"))
    # Bars are drawn in the first colours of the palette, and faces and letters besides
    assert (pixels == (0x00, 0x72, 0xB2)).all(axis=2).sum() > 2000
    assert (pixels == (0xE6, 0x9F, 0x00)).all(axis=2).sum() > 2000


def test_a_page_that_asks_or_complains_is_noticed(tmp_path: Path) -> None:
    asking = tmp_path / "asking.html"
    asking.write_text('<!doctype html><img src="http://example.invalid/a.png">')
    assert opened(asking, tmp_path).requests == ["http://example.invalid/a.png"]
    forbidden = tmp_path / "forbidden.html"
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    forbidden.write_text(f'<!doctype html>{policy}<img src="http://example.invalid/a.png">')
    seen = opened(forbidden, tmp_path)
    assert seen.complaints
    assert seen.requests == []
