"""A library's appearances against a truth file, and which film a truth file speaks of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film, probes
from personae.app.evaluating_timeline import film_of, read_truth, timeline
from personae.app.library import Library
from personae.app.settings import Settings
from personae.core.errors import (
    NothingIndexed,
    SourceMissing,
    SourceUnreadable,
    UsageError,
)
from personae.core.records import Media
from personae.flows.settings import ObserveSettings

PLAN = (
    Scene(30, (Layer("biden", Framing(0.5, 0.4, 0.3)),)),
    Scene(15),
    Scene(30, (Layer("collins", Framing(0.5, 0.3, 0.25)),)),
)


def medium(number: int, path: str) -> Media:
    return Media(number, "0" * 64, path, "film", 320, 240, 1, 1000, 1.0)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a film, its truth, and a library in which it is indexed."""
    folder = tmp_path_factory.mktemp("timeline")
    make_film(folder / "short.mp4", PLAN, FilmSettings(width=480, height=360))
    observe = ObserveSettings(bodies=False)
    settings = Settings(library=folder / "library", workers=1, observe=observe)
    with Library(settings) as library:
        assert library.index([folder / "short.mp4"]).failed == []
    return folder


def opened(folder: Path) -> Library:
    return Library(Settings(library=folder / "library"), create=False)


def test_the_truth_beside_a_film_is_met(indexed: Path) -> None:
    with opened(indexed) as library:
        data = timeline(indexed / "short.truth.json", library).as_json()
    assert data["interval_f1"] == {"0.5": 1.0, "0.9": 1.0}
    assert data["people"] == 2 and data["mixed"] is False
    assert max(data["screen_time_error"].values()) < 0.05  # type: ignore[attr-defined]


def test_a_wrong_truth_is_not_met(indexed: Path, tmp_path: Path) -> None:
    truth = {"film": "short.mp4", "people": {"Nobody": {"intervals": [[1.25, 1.75]]}}}
    (tmp_path / "wrong.truth.json").write_text(json.dumps(truth), encoding="utf-8")
    with opened(indexed) as library:
        data = timeline(tmp_path / "wrong.truth.json", library).as_json()
    assert data["interval_f1"] == {"0.5": 0.0, "0.9": 0.0}
    assert data["screen_time_error"] == {"Nobody": 1.0}


def test_a_name_is_held_to_what_it_says(indexed: Path) -> None:
    """Whoever is called Biden and is not him is wrong, however well the times would fit."""
    with opened(indexed) as library:
        portrait = probes()["Eileen Collins"]
        [person] = {match.match.person for match in library.search(portrait).matches}
        library.name(str(person), "Joe Biden")
        try:
            data = timeline(indexed / "short.truth.json", library).as_json()
        finally:
            library.undo()
    assert data["interval_f1"]["0.5"] == 0.0  # type: ignore[index]
    assert data["found_as"]["Joe Biden"] == "Joe Biden"  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"people": {"A": [[0, 1]]}}', '{"people": {"A": {"intervals": [[0]]}}}'],
)
def test_what_is_no_truth_is_said_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.truth.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="no truth file"):
        read_truth(path)
    with pytest.raises(SourceMissing):
        read_truth(tmp_path / "none.json")


def test_the_film_is_the_one_beside_or_the_one_named(tmp_path: Path) -> None:
    truth = tmp_path / "a.truth.json"
    media = [medium(1, f"{tmp_path}/a.mp4"), medium(2, "/x/a.mp4"), medium(3, "/x/b.mp4")]
    assert film_of(truth, None, media).id == 1
    assert film_of(truth, None, media[1:]).id == 2
    assert film_of(truth, "/x/b.mp4", media).id == 3
    assert film_of(truth, "b.mp4", media).id == 3
    with pytest.raises(NothingIndexed):
        film_of(truth, "c.mp4", media)
    with pytest.raises(UsageError, match="any of"):
        film_of(truth, None, [media[1], medium(4, "/y/a.mp4")])
