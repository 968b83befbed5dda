"""The life of profiles, day by day: made, promoted, improved, thinned, joined, gone, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import personae
from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film
from personae.cli.main import app
from personae.flows.profiles import ProfileSettings
from tests.app.days import BEGINNING, Days

TWO = ProfileSettings(vectors=2)


def film(folder: Path, name: str, portrait: str, seconds: float, blur: float = 0.0) -> Path:
    """Somebody before a camera for so long."""
    path = folder / f"{name}.mp4"
    layer = Layer(portrait, Framing(0.5, 0.3, 0.4), Framing(0.54, 0.32, 0.4))
    scene = Scene(round(25 * seconds), (layer,), blur=blur)
    make_film(path, (Scene(3), scene, Scene(3)), FilmSettings(width=640, height=360))
    return path


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("films")
    return {
        "obama short": film(folder, "short", "obama", 1.0),
        "obama blur": film(folder, "blur", "obama", 3.0, blur=9.0),
        "obama": film(folder, "good", "obama", 3.0),
        "obama older": film(folder, "older", "obama3", 3.0),
        "collins": film(folder, "collins", "collins", 3.0),
        "biden": film(folder, "biden", "biden", 3.0),
    }


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    with personae.Library(personae.Settings(library=tmp_path / "library")) as library:
        yield Days(library, TWO)


def test_profiles_live(days: Days, films: dict[str, Path]) -> None:
    library = days.library
    # Day 0: too short a look makes nobody
    (glimpse,) = days.play(0, "door", films["obama short"])
    assert glimpse.person is None and days.profiles() == {} and days.vectors() == {None: 1}
    # Day 1: seen long enough, a stranger becomes a profile by himself
    (first,) = days.play(1, "door", films["obama blur"])
    one = first.person
    assert first.fresh and one is not None
    blurred = days.profiles()[one]
    blurs = days.sharpness(one)
    assert len(blurred.views) == 1 and 2.0 < blurred.seconds < 4.0
    # Day 2: another camera, the same person; a better shot
    (second,) = days.play(2, "yard", films["obama"])
    assert (second.person, second.fresh) == (one, False)
    better = days.profiles()[one]
    assert len(better.views) == 2 and better.best > blurred.best + 0.05
    assert days.sharpness(one) > blurs
    assert days.maintain(2.1).anything is False
    # Day 3: another good look; the worst goes, how long he was seen stays as it is
    (third,) = days.play(3, "door", films["obama older"])
    assert third.person == one
    full = days.profiles()[one]
    assert len(full.views) == 3
    done = days.maintain(3.1)
    assert (done.vectors, done.thinned, done.profiles) == (1, 1, 1)
    thin = days.profiles()[one]
    assert {view.sighting for view in thin.views} == {second.sighting, third.sighting}
    assert thin.best == full.best and thin.seconds == full.seconds and thin.times == 3
    assert days.maintain(3.2).anything is False
    # Day 4: two more people, one of them a double of the first that a strict camera made
    (other,) = days.play(4, "yard", films["collins"])
    strict, usual = replace(days.watch, fmr=1e-30), days.watch
    days.watch = strict
    (double,) = days.play(4.1, "door", films["obama"])
    days.watch = usual
    assert other.fresh and double.fresh and other.person and double.person
    assert days.vectors() == {None: 1, one: 2, other.person: 1, double.person: 1}
    # A proposal changes nothing; then they are one
    days.settings = replace(TWO, merge="propose")
    proposed = days.maintain(4.2)
    assert [(m.keeper, m.other) for m in proposed.proposed] == [(one, double.person)]
    assert not proposed.anything and len(days.profiles()) == 3
    days.settings = TWO
    done = days.maintain(4.3)
    assert [(m.keeper, m.other) for m in done.merged] == [(one, double.person)]
    assert done.profiles == 2 and days.vectors() == {None: 1, one: 2, other.person: 1}
    (act,) = library.history()
    assert (act.verb, act.by, act.undone) == ("merge", "watch", False)
    assert f"unknown-{double.person} merged into unknown-{one}" in act.summary
    # Undone, both are back with faces to be known by, and are never joined again by themselves
    library.undo()
    counts = days.vectors()
    assert set(days.profiles()) == {one, other.person, double.person}
    assert counts[one] >= 1 and counts[double.person] == 1
    assert days.maintain(4.4).merged == ()
    # A person may join them all the same
    library.merge(one, double.person)
    # Day 12: whoever was seen for some seconds eight days ago goes; when that was stays
    seen = len(library.store.sightings.all())
    done = days.maintain(12)
    assert done.pruned == (other.person,) and set(days.profiles()) == {one}
    assert len(library.store.sightings.all()) == seen
    assert [a.verb for a in library.history() if not a.undone] == ["prune", "merge"]
    library.undo()
    assert set(days.profiles()) == {one, other.person}
    assert days.profiles()[other.person].views
    assert days.maintain(30).anything is False
    # Who has a name is no profile any more, and known by what is left of the vectors
    library.name(one, "Barack Obama")
    assert set(days.profiles()) == {other.person}
    (again,) = days.play(31, "yard", films["obama"])
    (her,) = days.play(31, "door", films["collins"])
    (stranger,) = days.play(31, "door", films["biden"])
    assert (again.person, her.person) == (one, other.person)
    assert stranger.fresh and stranger.person not in (one, other.person)


def test_what_a_person_said_meanwhile_wins(days: Days, films: dict[str, Path]) -> None:
    library, rows = days.library, days.library.store.profiles
    (first,) = days.play(0, "door", films["obama"])
    days.watch = replace(days.watch, fmr=1e-30)
    (second,) = days.play(1, "yard", films["obama older"])
    assert first.person and second.person and first.person != second.person
    marks, seen = rows.marks(), days.profiles()[second.person]
    library.not_same(first.person, second.person)
    assert rows.merge(first.person, second.person, "", marks, days.now) is False
    assert rows.drop(seen, "", marks, days.now) is False
    assert rows.thin([first.sighting], library.calibration.space, marks) == 0
    assert days.maintain(2).merged == ()
    assert {frozenset((first.person, second.person))} == rows.apart()
    # Both were spoken of: they do not go, however brief, and their faces stay
    days.settings = replace(TWO, vectors=1)
    assert days.maintain(60).anything is False
    assert set(days.profiles()) == {first.person, second.person}
    told = CliRunner().invoke(app, ["profiles", "--library", str(library.folder), "--json"])
    listed = {row["person"]: row for row in json.loads(told.stdout)["profiles"]}
    assert set(listed) == {first.person, second.person}
    row = listed[first.person]
    assert row["vectors"] == row["times"] == 1 and 2 < row["seconds"] < 4 and row["touched"]
    assert 0.5 < row["quality_parts"]["sharpness"] <= 1 and row["last_seen"] > BEGINNING
    shown = CliRunner().invoke(app, ["profiles", "--library", str(library.folder), "--maintain"])
    assert "0 merged, 0 too brief" in shown.stdout and f"unknown-{first.person}" in shown.stdout
    # A name that was given since the decision was made wins as well
    library.undo()
    marks = rows.marks()
    library.store.people.change(second.person, {"name": "Ann", "kind": "named"})
    assert rows.merge(first.person, second.person, "", marks, days.now) is False
