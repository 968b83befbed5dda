"""Index, find, name, correct, measure: the main job from the outside."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import av
import pytest

from personae.adapters.demo import probes
from tests.system.command import answer, run
from tests.system.conftest import Site


def numbers(site: Site) -> dict[str, int]:
    """The person that each portrait finds first."""
    found = {}
    for name in site.truth:
        best = answer("search", probes()[name], "--library", site.library, cwd=site.folder)
        found[name] = best["matches"][0]["person"]
    return found


def test_the_people_of_the_film_are_found_and_kept_apart(site: Site) -> None:
    people = answer("people", "list", "--library", site.library, cwd=site.folder)["people"]
    found = numbers(site)
    assert len(set(found.values())) == len(site.truth) >= 2
    assert {p["id"] for p in people} == set(found.values()) | {
        p["id"] for p in people if p["seconds"] == 0
    }
    assert all(p["name"] is None and p["gender"] == "Unknown" for p in people)


def test_appearances_stand_where_the_truth_says(site: Site) -> None:
    for name, number in numbers(site).items():
        told = answer("appearances", str(number), "--library", site.library, cwd=site.folder)
        mine = [(i["start"], i["end"]) for i in told["intervals"] if i["path"] == str(site.film)]
        true = site.truth[name]
        assert len(mine) == len(true), (name, mine, true)
        for (start, end), (true_start, true_end) in zip(mine, true, strict=True):
            assert abs(start - true_start) <= 0.4, (name, mine, true)
            assert abs(end - true_end) <= 0.4, (name, mine, true)


def test_a_name_and_a_gender_stay_through_another_analysis(site: Site) -> None:
    name, number = next(iter(numbers(site).items()))
    where = ("--library", site.library)
    run("people", "name", str(number), name, *where, cwd=site.folder)
    run("people", "tag", name, "--gender", "Female", *where, cwd=site.folder)
    before = answer("appearances", name, *where, cwd=site.folder)["intervals"]
    again = answer("index", site.film, "--fps", "4", *where, cwd=site.folder)
    assert [one["path"] for one in again["indexed"]] == [str(site.film)]
    person = next(
        p for p in answer("people", "list", *where, cwd=site.folder)["people"] if p["name"] == name
    )
    assert (person["gender"], person["kind"]) == ("Female", "named")
    after = answer("appearances", name, *where, cwd=site.folder)["intervals"]
    assert len(after) == len(before) >= 1


def test_what_was_done_is_not_done_again(site: Site) -> None:
    again = answer("index", site.film, site.stills, "--library", site.library, cwd=site.folder)
    assert not again["indexed"] and not again["failed"]
    assert str(site.film) in again["skipped"]


def test_the_same_content_at_another_place_is_known(site: Site, tmp_path: Path) -> None:
    copy = tmp_path / "a copy.mp4"
    copy.write_bytes(site.film.read_bytes())
    again = answer("index", copy, "--library", site.library, cwd=site.folder)
    assert again["skipped"] == [str(copy)] and not again["indexed"]


def test_merge_split_hide_and_undo(site: Site) -> None:
    where = ("--library", site.library)
    first, second = list(numbers(site).values())[:2]

    def listed() -> dict[int, int]:
        people = answer("people", "list", "--hidden", *where, cwd=site.folder)["people"]
        return {p["id"]: p["sightings"] for p in people}

    before = listed()
    run("people", "merge", str(first), str(second), *where, cwd=site.folder)
    assert listed()[first] == before[first] + before[second]
    run("people", "undo", *where, cwd=site.folder)
    assert listed() == before
    shown = answer("people", "show", str(first), *where, cwd=site.folder)["sightings_list"]
    wrong = str(shown[0]["id"])
    run("people", "split", str(first), wrong, "--name", "Somebody", *where, cwd=site.folder)
    run("cluster", *where, cwd=site.folder)
    assert listed()[first] == before[first] - 1
    run("people", "hide", "Somebody", *where, cwd=site.folder)
    told = answer("people", "list", *where, cwd=site.folder)["people"]
    assert "Somebody" not in {p["name"] for p in told}
    run("people", "undo", *where, cwd=site.folder)
    run("people", "undo", *where, cwd=site.folder)
    assert listed() == before
    nothing = run("people", "undo", "--json", *where, cwd=site.folder, status=2)
    assert '"P105"' in nothing.stderr


def test_enrolment_by_photo_names_whom_it_finds(site: Site) -> None:
    where = ("--library", site.library)
    name, number = next(iter(numbers(site).items()))
    done = answer("enrol", name, probes()[name], *where, cwd=site.folder)["enrolled"][0]
    assert (done["name"], done["added"], done["failed"]) == (name, 1, [])
    before = answer("people", "list", *where, cwd=site.folder)["people"]
    person = next(p for p in before if p["name"] == name)
    assert person["seconds"] > 1 and number not in {
        p["id"] for p in before if p["id"] != person["id"]
    }


def test_clips_hold_what_was_found(site: Site, tmp_path: Path) -> None:
    name = next(iter(site.truth))
    found = answer(
        "search", probes()[name], "--limit", "3", "--clips", tmp_path / "clips",
        "--library", site.library, cwd=site.folder,
    )  # fmt: skip
    films = [m for m in found["matches"] if m["end"] > 0]
    assert len(found["clips"]) == len(films) >= 1
    for match, clip in zip(films, found["clips"], strict=True):
        with av.open(clip) as container:
            frames = sum(1 for _ in container.decode(video=0))
        assert abs(frames / 25 - (match["end"] - match["start"])) <= 0.05


def test_the_report_says_the_same_in_every_form(site: Site, tmp_path: Path) -> None:
    where = ("--library", site.library)
    told = answer("report", "screen-time", *where, cwd=site.folder)
    text = run("report", "screen-time", "--format", "csv", *where, cwd=site.folder).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(r["key"], pytest.approx(float(r["seconds"]), abs=1e-3)) for r in rows] == [
        (r["key"], r["seconds"]) for r in told["rows"]
    ]
    for form, head in (("html", b"<!doctype html>"), ("png", b"\x89PNG"), ("svg", b"<?xml")):
        target = tmp_path / f"report.{form}"
        run("report", "screen-time", "--format", form, "-o", target, *where, cwd=site.folder)
        assert target.read_bytes().startswith(head)
    by_gender = answer("report", "screen-time", "--by", "gender", *where, cwd=site.folder)
    assert [row["key"] for row in by_gender["rows"]] == ["Unknown"]
    lengths = sum(b - a for spans in site.truth.values() for a, b in spans)
    assert sum(r["seconds"] for r in told["rows"]) == pytest.approx(lengths, rel=0.06)


def test_anonymous_keeps_no_face(made: Site, tmp_path: Path) -> None:
    where = ("--library", tmp_path / "anonymous")
    done = answer("index", made.film, "--anonymous", *where, cwd=tmp_path)
    assert done["indexed"][0]["faces"] > 0
    assert answer("people", "list", *where, cwd=tmp_path)["people"] == []
    data = (tmp_path / "anonymous" / "library.db").read_bytes()
    assert b"\xff\xd8\xff\xe0" not in data
