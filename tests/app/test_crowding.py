"""From a library to counts: zones in files, the choice of media, and nothing that identifies."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from PIL import Image

import personae
from personae.app.crowding import Scope, crowd_file, heat_file, read_places
from personae.core.errors import NothingIndexed, SourceMissing, UnknownOption, UsageError
from personae.flows.crowd import CrowdOptions
from tests.flows.crowds import FILM, PHOTO
from tests.shared import REPOSITORY

PORTRAITS = REPOSITORY / "src/personae/adapters/demo/portraits"
IDENTIFYING = ("embedding", "crop", "shot", "template", "space", "person", "belongs")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One person for three seconds, nobody for three, one person again; kept anonymously."""
    folder = tmp_path_factory.mktemp("crowd")
    person = Image.open(PORTRAITS / "obama.jpg").resize((480, 600))
    nobody = Image.new("RGB", person.size, (90, 110, 90))
    film = folder / "visits.gif"
    person.save(film, save_all=True, append_images=[nobody, person], duration=3000)
    observe = personae.ObserveSettings(anonymous=True).crowd()
    with personae.Library(personae.Settings(library=folder / "kept", observe=observe)) as lib:
        assert not lib.index([film]).failed
    return folder / "kept"


@pytest.fixture
def lib(library: Path) -> personae.Library:
    return personae.Library(personae.Settings(library=library), create=False)


def test_the_whole_report_needs_nothing_that_identifies(
    library: Path, lib: personae.Library, tmp_path: Path
) -> None:
    with sqlite3.connect(library / "library.db") as rows:
        kept = {
            name: rows.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in IDENTIFYING
        }
        assert rows.execute("SELECT count(*) FROM sighting").fetchone()[0] >= 2
    assert kept == dict.fromkeys(IDENTIFYING, 0)
    zones = tmp_path / "zones.json"
    places = {
        "units": "share",
        "zones": [{"name": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]]}],
        "lines": [{"name": "middle", "points": [[0.5, 0], [0.5, 1]]}],
    }
    zones.write_text(json.dumps(places), encoding="utf-8")
    made = lib.crowd("visits.gif", zones=zones, bin_s=1)
    (film,) = made.films
    assert film.expected
    assert [(round(a), round(b)) for a, b in film.visits] == [(0, 3), (6, 9)]
    assert film.series.counted.max() == 1
    assert film.series.people[15:30].tolist() == [0.0] * 15
    assert (film.zones[0].entries, film.zones[0].most) == (2, 1)
    for form in ("csv", "json", "html", "png", "svg"):
        assert len(crowd_file(made, form)) > 200
    assert json.loads(crowd_file(made, "json")) == json.loads(json.dumps(made.as_json()))
    assert heat_file(made)[:4] == b"\x89PNG"
    assert heat_file(made, over_frame=True) != heat_file(made)


def test_a_medium_is_chosen_by_number_path_or_name() -> None:
    shown = [FILM, PHOTO]
    assert Scope().of(shown) == shown
    assert Scope("2").of(shown) == Scope("group.jpg").of(shown) == [PHOTO]
    assert Scope(FILM.path).of(shown) == [FILM]
    for nothing in (Scope("3"), Scope("other.mp4"), Scope(collection="x"), Scope("1", "x")):
        with pytest.raises(NothingIndexed):
            nothing.of(shown)


def test_shares_become_pixels_and_other_media_have_no_part_in_it(tmp_path: Path) -> None:
    file = tmp_path / "zones.json"
    triangle = [[0, 0], [0.5, 0], [0.5, 1]]
    told = {
        "units": "share",
        "zones": [
            {"name": "a", "polygon": triangle},
            {"name": "b", "polygon": triangle, "media": "other.mp4"},
        ],
    }
    file.write_text(json.dumps(told), encoding="utf-8")
    options = read_places(file).on(FILM, CrowdOptions())
    assert [zone.name for zone in options.zones] == ["a"]
    assert options.zones[0].corners.tolist() == [[0, 0], [320, 0], [320, 480]]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"zones": [{"name": "a"}]}',
        '{"zones": [{"name": "a", "polygon": [[1, 2], [3, 4]]}]}',
        '{"zones": [{"name": "a", "polygon": [[1, 2], [3, 4], ["x", 5]]}]}',
        '{"lines": [{"name": "a", "points": [[1, 2]]}]}',
        '{"zones": 3}',
        '{"units": "feet", "lines": [{"name": "a", "points": [[1, 2], [3, 4]]}]}',
    ],
)
def test_a_file_that_says_no_zones_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "zones.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"zones\.json") as told:
        read_places(file)
    assert "polygon" in told.value.hint


def test_a_file_that_is_missing_and_a_format_that_is_none(
    lib: personae.Library, tmp_path: Path
) -> None:
    with pytest.raises(SourceMissing):
        read_places(tmp_path / "none.json")
    with pytest.raises(UnknownOption):
        crowd_file(lib.crowd(), "gif")
