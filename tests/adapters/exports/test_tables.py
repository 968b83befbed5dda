"""MOTChallenge, COCO, JSON, CSV and sidecars as their own readers open them."""

from __future__ import annotations

import csv
import io
import json
import warnings
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from personae.adapters.exports.coco import coco_text
from personae.adapters.exports.intervals import csv_text, json_text
from personae.adapters.exports.mot import NOBODY, mot_text
from personae.adapters.exports.naming import Names
from personae.adapters.exports.sidecar import nfo_text, scenes_text
from personae.core.errors import UsageError
from personae.core.numbering import Numbering
from personae.core.timecode import from_timecode
from personae.flows.evaluation.mot_files import read_mot
from tests.adapters.exports.sample import HOSTILE, NTSC, SPANS, film_at

with warnings.catch_warnings():
    # They load parts of NumPy and SciPy by names that are going away
    warnings.simplefilter("ignore")
    import motmetrics
    from pycocotools.coco import COCO

SHORT = {1: ((5, 31), (60, 62)), 2: ((20, 40),)}


def test_motmetrics_reads_every_frame_of_everybody(tmp_path: Path) -> None:
    film = film_at(NTSC, spans=SHORT)
    path = tmp_path / "gt.txt"
    path.write_text(mot_text(film, "face"))
    with warnings.catch_warnings():
        # It calls pandas in a way that is going away
        warnings.simplefilter("ignore")
        table = motmetrics.io.loadtxt(str(path), fmt="mot15-2D")
    seen = {(frame - 1, person) for frame, person in table.index}
    assert seen == {(f, p) for p, spans in SHORT.items() for a, b in spans for f in range(a, b)}
    # Analysed frames carry the store's own boxes; motmetrics takes the first pixel off again
    track = film.tracks[0]
    for time, box in zip(track.path.times, track.path.boxes, strict=True):
        row = table.loc[(film.numbering.picture(int(time)) + 1, 1)]
        assert (row.X, row.Y) == pytest.approx((box[0], box[1]), abs=0.01)
        assert (row.Width, row.Height) == pytest.approx(
            (box[2] - box[0], box[3] - box[1]), abs=0.01
        )
    own = read_mot(path)
    assert len(own.scores) == len(table) and set(own.scores) == {0.9876}
    assert mot_text(film, "body") == ""


def test_mot_frames_of_a_variable_rate_are_those_of_decoding() -> None:
    film = film_at(Fraction(25), spans={1: ((3, 9),)})
    times = np.array([0, 1, 3, 4, 5, 7, 8, 9, 40], np.int64)
    uneven = replace(film, numbering=Numbering(Fraction(1, 25), Fraction(25), times, False))
    frames = [int(line.split(",")[0]) for line in mot_text(uneven, "face").splitlines()]
    assert frames == [3, 4, 5, 6, 7]  # 1-based: PTS 3, 4, 5, 7, 8


def test_tracks_of_nobody_and_twice_of_one_person() -> None:
    film = film_at(Fraction(25), spans={1: ((0, 10),)})
    (track,) = film.tracks
    worse = replace(track, sighting=replace(track.sighting, id=900, quality=0.1))
    stranger = replace(track, owner=None, confidence=1.0)
    text = mot_text(replace(film, tracks=(worse, track, stranger)), "face")
    rows = [line.split(",")[:2] for line in text.splitlines()]
    assert len(rows) == 20
    assert {int(row[1]) for row in rows} == {1, NOBODY + track.sighting.id}


def test_pycocotools_reads_boxes_by_frame(tmp_path: Path) -> None:
    film = film_at(NTSC, spans=SHORT)
    path = tmp_path / "coco.json"
    path.write_text(coco_text([film]), encoding="utf-8")
    coco = COCO(str(path))
    assert {c["name"] for c in coco.loadCats(coco.getCatIds())} == {"face", "body"}
    wanted = {
        (film.numbering.picture(int(time)), track.owner.person.id): box
        for track in film.tracks
        if track.owner is not None
        for time, box in zip(track.path.times, track.path.boxes, strict=True)
    }
    found = {}
    for number in coco.getImgIds():
        (image,) = coco.loadImgs(number)
        assert (image["width"], image["height"]) == (640, 360)
        for one in coco.loadAnns(coco.getAnnIds(imgIds=number)):
            found[image["frame"], one["person"]] = one
            assert image["pts"] == image["frame"] * 1 and image["seconds"] == pytest.approx(
                float(image["frame"] / NTSC), abs=1e-5
            )
    assert found.keys() == wanted.keys()
    for key, box in wanted.items():
        x, y, wide, high = found[key]["bbox"]
        assert [x, y, x + wide, y + high] == pytest.approx(box.tolist(), abs=0.01)
    assert found[5, 1]["name"] == HOSTILE


def test_json_and_csv_say_the_same_to_the_frame() -> None:
    film = film_at(NTSC, base=Fraction(1, 90000))
    said = json.loads(json_text([film]))
    rows = list(csv.DictReader(io.StringIO(csv_text([film]))))
    expected = [(person, *span) for person, spans in SPANS.items() for span in spans]
    assert [
        (one["person"], one["first_frame"], one["last_frame"]) for one in said["intervals"]
    ] == expected
    records = [one for who in film.people for one in who.intervals]
    for one, row, record in zip(said["intervals"], rows, records, strict=True):
        assert (one["first"], one["last"]) == (record.first, record.last)
        assert Fraction(one["base_num"], one["base_den"]) == film.numbering.base
        assert (one["start"], one["end"]) == (round(record.start, 6), round(record.end, 6))
        assert from_timecode(one["timecode_in"], NTSC) == one["first_frame"]
        assert from_timecode(one["timecode_out"], NTSC) == one["last_frame"]
        assert one["sightings"] == list(record.sightings)
        for name, value in one.items():
            if name not in ("name", "label", "sightings"):
                assert row[name] == str(value)
        assert row["sightings"] == str(record.sightings[0])
    assert said["intervals"][0]["name"] == HOSTILE
    assert "\n" not in rows[0]["name"]
    assert "exact" in said["media"][0]["method"]


def test_a_photo_has_no_timecode() -> None:
    film = film_at(Fraction(25), spans={1: ((0, 1),)})
    photo = replace(film, media=replace(film.media, kind="photo"))
    (one,) = json.loads(json_text([photo]))["intervals"]
    assert (one["timecode_in"], one["timecode_out"], one["rate"]) == (None, None, None)
    (row,) = csv.DictReader(io.StringIO(csv_text([photo])))
    assert (row["timecode_in"], row["rate"]) == ("", "")


def test_a_spreadsheet_runs_no_name() -> None:
    film = film_at(NTSC)
    (who, *others) = film.people
    named = replace(who, person=replace(who.person, name="=1+1"), label="=1+1")
    rows = csv.DictReader(io.StringIO(csv_text([replace(film, people=(named, *others))])))
    assert next(rows)["name"] == "'=1+1"


def test_scenes_tell_who_is_there_when() -> None:
    film = film_at(NTSC)
    said = json.loads(scenes_text(film))
    assert (said["format"], said["version"]) == ("personae.scenes", 1)
    for who, told in zip(film.people, said["people"], strict=True):
        assert told["person"] == who.person.id
        assert [(s["first"], s["last"]) for s in told["scenes"]] == [
            (one.first, one.last) for one in who.intervals
        ]
    assert [scene["people"] for scene in said["scenes"]][:3] == [[1], [1, 2], [2]]
    assert said["scenes"][0]["start"] == 0.0


def test_an_nfo_lists_named_people_as_actors() -> None:
    film = film_at(NTSC)
    root = ElementTree.fromstring(nfo_text(film, None))
    assert (root.tag, root.findtext("title")) == ("movie", "evening & news 1")
    (actor,) = root.findall("actor")
    assert actor.findtext("name") == " ".join(HOSTILE.replace("\u202e", " ").split())
    scenes = [(float(s.get("start", "")), float(s.get("end", ""))) for s in actor.iter("scene")]
    frames = [(round(a * NTSC), round(b * NTSC)) for a, b in scenes]
    assert frames == list(SPANS[1])


def test_an_nfo_that_is_there_keeps_what_it_says() -> None:
    film = film_at(NTSC)
    named = replace(film.people[0], person=replace(film.people[0].person, name="Ann Lee"))
    film = replace(film, people=(named,))
    present = (
        b'<?xml version="1.0" encoding="UTF-8"?><episodedetails><plot>Rain.</plot>'
        b"<actor><name>Ann Lee</name><role>Herself</role><thumb>a.jpg</thumb></actor>"
        b"<actor><name>Bob</name></actor></episodedetails>"
    )
    once = nfo_text(film, present)
    root = ElementTree.fromstring(once)
    assert root.tag == "episodedetails" and root.findtext("plot") == "Rain."
    ann, bob = root.findall("actor")
    assert (ann.findtext("role"), ann.findtext("thumb")) == ("Herself", "a.jpg")
    assert len(ann.findall("scenes/scene")) == 3 and bob.find("scenes") is None
    assert nfo_text(film, once.encode()) == once


@pytest.mark.parametrize(
    "present",
    [
        b"https://www.themoviedb.org/movie/1",
        b"<!DOCTYPE x [<!ENTITY a 'aa'>]><movie>&a;</movie>",
        b"<svg/>",
        b"",
    ],
)
def test_an_nfo_that_is_something_else_is_left_alone(present: bytes) -> None:
    with pytest.raises(UsageError):
        nfo_text(film_at(NTSC), present)


def test_file_names_are_safe_and_differ() -> None:
    names = Names()
    made = [names.name(["film", name], 7, ".edl") for name in ("A/B", "a_b", "..", "a\nb", "", "")]
    assert made == [
        "film - A_B.edl",
        "film - a_b (7).edl",
        "film - unnamed.edl",
        "film - a b.edl",
        "film - unnamed (7).edl",
        "film - unnamed (8).edl",
    ]
