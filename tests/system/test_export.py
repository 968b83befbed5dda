"""``export`` on films that were really indexed: every format against the store, to the frame."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import numpy as np
import opentimelineio as otio
import pytest
import webvtt
from PIL import Image

import personae
from personae.core.timecode import from_timecode
from tests.shared import REPOSITORY
from tests.system.command import answer, run
from tests.system.conftest import Site

NTSC = Fraction(30000, 1001)
PORTRAIT = REPOSITORY / "src/personae/adapters/demo/portraits/obama.jpg"
APPEARS = (300, 390)
AGAIN = (1790, 1850)
LENGTH = 1900


def stored(library: Path) -> dict[str, list[tuple[int, int]]]:
    """In and out of everybody in PTS, by label, as the library has them."""
    with personae.open(library, create=False) as lib:
        people = {one.id: one.label for one in lib.people(hidden=True)}
        found: dict[str, list[tuple[int, int]]] = {}
        for one in lib.appearances():
            if one.end > one.start:
                found.setdefault(people[one.person], []).append((one.first, one.last))
    return found


def exported(site: Site, tmp_path: Path, form: str, *words: str) -> str:
    """The text of the one file that this makes."""
    path = tmp_path / f"out.{dict(coco='json', mot='txt', sidecar='nfo').get(form, form)}"
    said = answer("export", *words, "--format", form, "-o", path, "--media", "film.mp4",
                  "--library", site.library, cwd=tmp_path)  # fmt: skip
    assert str(path) in said["files"]
    assert said["format"] == form and said["media"] == 1 and said["intervals"] >= 1
    return path.read_text(encoding="utf-8")


def at_25(site: Site) -> dict[str, list[tuple[int, int]]]:
    """The same in frames: the demo's film has 25 a second."""
    with personae.open(site.library, create=False) as lib:
        (film,) = [one for one in lib.media() if one.kind == "film"]
    unit = Fraction(film.base_num, film.base_den) * 25
    found = {
        label: [(int(first * unit), int(last * unit)) for first, last in spans]
        for label, spans in stored(site.library).items()
    }
    assert sum(len(spans) for spans in found.values()) >= 4
    return found


def test_otio_and_edl_hold_the_store_to_the_frame(site: Site, tmp_path: Path) -> None:
    frames = at_25(site)
    made = otio.adapters.read_from_string(exported(site, tmp_path, "otio"), "otio_json")
    found = {
        track.name: [
            (int(c.source_range.start_time.value), int(c.source_range.end_time_exclusive().value))
            for c in track.find_clips()
        ]
        for track in made.tracks
    }
    assert found == frames
    reference = made.tracks[0].find_clips()[0].media_reference
    assert reference.target_url == site.film.as_uri()
    assert reference.available_range.duration.rate == 25.0
    who = max(frames, key=lambda label: len(frames[label]))
    number = who.removeprefix("person ")
    listed = otio.adapters.read_from_string(
        exported(site, tmp_path, "edl", number), "cmx_3600", rate=25
    )
    sources = [clip.source_range for clip in listed.tracks[0].find_clips()]
    assert [
        (int(r.start_time.value), int(r.end_time_exclusive().value)) for r in sources
    ] == frames[who]


def test_fcpxml_json_and_csv_too(site: Site, tmp_path: Path) -> None:
    frames = at_25(site)
    root = ElementTree.fromstring(exported(site, tmp_path, "fcpxml"))
    found: dict[str, list[tuple[int, int]]] = {}
    for clip in root.iter("asset-clip"):
        start, length = (Fraction(clip.get(key, "")[:-1]) * 25 for key in ("start", "duration"))
        found.setdefault(clip.get("name", ""), []).append((int(start), int(start + length)))
    assert found == frames
    said = json.loads(exported(site, tmp_path, "json"))
    rows = list(csv.DictReader(io.StringIO(exported(site, tmp_path, "csv"))))
    assert len(rows) == len(said["intervals"]) == sum(len(spans) for spans in frames.values())
    for one, row in zip(said["intervals"], rows, strict=True):
        assert (one["first_frame"], one["last_frame"]) in frames[one["label"]]
        assert (one["first"], one["last"]) in stored(site.library)[row["label"]]


def test_the_json_says_what_appearances_says(site: Site, tmp_path: Path) -> None:
    said = answer("appearances", "1", "--library", site.library, cwd=tmp_path)["intervals"]
    path = tmp_path / "all.json"
    answer("export", "1", "--format", "json", "-o", path, "--library", site.library, cwd=tmp_path)
    ours = json.loads(path.read_text())["intervals"]

    def key(one: dict[str, Any]) -> tuple[int, int, float]:
        return one["media"], one["person"], one["start"]

    assert len(said) == len(ours) > 0
    for theirs, mine in zip(sorted(said, key=key), sorted(ours, key=key), strict=True):
        assert {name: mine[name] for name in theirs} == theirs


def test_captions_boxes_and_sidecars_are_made(site: Site, tmp_path: Path) -> None:
    frames = at_25(site)
    cues = webvtt.from_string(exported(site, tmp_path, "vtt", "--kind", "metadata")).captions
    assert len(cues) == sum(len(spans) for spans in frames.values())
    assert all(len(json.loads(cue.raw_text)["boxes"]) >= 2 for cue in cues)
    spans = {(first, last) for spans in frames.values() for first, last in spans}
    rows = [line.split(",") for line in exported(site, tmp_path, "mot").splitlines()]
    faces = {(int(row[0]) - 1, int(row[1])) for row in rows}
    assert len(faces) == len(rows) > 50
    assert {frame for frame, _ in faces} <= {f for a, b in spans for f in range(a, b)}
    coco = json.loads(exported(site, tmp_path, "coco"))
    assert {image["frame"] for image in coco["images"]} <= {frame for frame, _ in faces}
    assert "\\move(" in exported(site, tmp_path, "ass")
    assert " --> " in exported(site, tmp_path, "srt")
    answer("people", "name", "1", "Ann, {Lee}", "--library", site.library, cwd=tmp_path)
    root = ElementTree.fromstring(exported(site, tmp_path, "sidecar"))
    assert [actor.findtext("name") for actor in root.iter("actor")] == ["Ann, {Lee}"]
    assert json.loads((tmp_path / "out.scenes.json").read_text())["film"] == "film.mp4"


def test_photos_are_in_coco_and_a_folder_has_a_file_a_film(site: Site, tmp_path: Path) -> None:
    everything = tmp_path / "all.json"
    answer("export", "--format", "coco", "-o", everything, "--library", site.library, cwd=tmp_path)
    coco = json.loads(everything.read_text())
    photos = {image["file_name"] for image in coco["images"] if "/" not in image["file_name"]}
    assert photos == {path.name for path in site.stills.iterdir()}
    said = answer("export", "--format", "edl", "-o", tmp_path / "edls", "--library", site.library,
                  cwd=tmp_path)  # fmt: skip
    assert len(said["files"]) == len(at_25(site))
    assert all(Path(path).read_text().startswith("TITLE: ") for path in said["files"])


def test_hidden_people_are_left_out_unless_asked_for(site: Site, tmp_path: Path) -> None:
    answer("people", "hide", "1", "--library", site.library, cwd=tmp_path)
    said = json.loads(exported(site, tmp_path, "json"))["intervals"]
    assert said and 1 not in {one["person"] for one in said}
    rows = [line.split(",") for line in exported(site, tmp_path, "mot").splitlines()]
    assert rows and "1" not in {row[1] for row in rows}
    asked = json.loads(exported(site, tmp_path, "json", "1"))["intervals"]
    assert {one["person"] for one in asked} == {1}


def test_a_film_that_is_gone_is_exported_all_the_same(site: Site, tmp_path: Path) -> None:
    whole = json.loads(exported(site, tmp_path, "json"))
    moved = site.film.rename(site.film.with_suffix(".away"))
    try:
        said = answer("export", "--format", "json", "-o", tmp_path / "gone.json", "--media",
                      "film", "--library", site.library, cwd=tmp_path)  # fmt: skip
    finally:
        moved.rename(site.film)
    assert len(said["notes"]) == 1 and "could not be read" in said["notes"][0]
    ours = json.loads((tmp_path / "gone.json").read_text())
    assert ours["intervals"] == whole["intervals"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--format", "avi", "-o", "x"), "P106"),
        (("--format", "vtt", "--kind", "songs", "-o", "x"), "P106"),
        (("--format", "mot", "--boxes", "feet", "-o", "x"), "P106"),
        (("--format", "edl", "-o", "one.edl"), "P100"),
        (("--format", "json", "-o", "x.json", "--media", "absent"), "P107"),
        (("--format", "json", "-o", "x.json", "--collection", "absent"), "P107"),
        (("--format", "srt", "-o", "/dev/null/x.srt"), "P100"),
        (("Nobody", "--format", "srt", "-o", "x.srt"), "P103"),
    ],
)
def test_what_cannot_be_exported_is_said(
    made: Site, tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    done = run("export", *words, "--library", made.library, "--json", cwd=tmp_path, status=2)
    assert json.loads(done.stderr)["error"]["code"] == code
    assert list(tmp_path.iterdir()) == []


def drop_frame_film(path: Path) -> Path:
    """63 seconds at 29.97: somebody for three seconds, and again over the first dropped number."""
    face = np.asarray(Image.open(PORTRAIT).convert("RGB").resize((320, 320)))
    empty = np.full((320, 320, 3), 90, np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=NTSC, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = 320, 320, "yuv420p"
        for number in range(LENGTH):
            here = any(first <= number < last for first, last in (APPEARS, AGAIN))
            frame = av.VideoFrame.from_ndarray(face if here else empty, format="rgb24")
            frame.pts, frame.time_base = number, 1 / NTSC
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_film_at_29_97_is_listed_in_drop_frame_timecode(tmp_path: Path) -> None:
    film = drop_frame_film(tmp_path / "news.mp4")
    where = ("--library", tmp_path / "library")
    answer("index", film, "--no-bodies", *where, cwd=tmp_path)
    (spans,) = stored(tmp_path / "library").values()
    path = tmp_path / "her.edl"
    answer("export", "1", "--format", "edl", "-o", path, *where, cwd=tmp_path)
    text = path.read_text()
    assert "FCM: DROP FRAME" in text
    events = [line.split()[4:8] for line in text.splitlines() if line[:3].isdigit()]
    with personae.open(tmp_path / "library", create=False) as lib:
        (media,) = lib.media()
        unit = Fraction(media.base_num, media.base_den) * NTSC
    frames = [(int(first * unit), int(last * unit)) for first, last in spans]
    assert [first * unit for first, _ in spans] == [first for first, _ in frames]
    assert frames == [APPEARS, AGAIN]
    for event, (first, last) in zip(events, frames, strict=True):
        assert [from_timecode(time, NTSC) for time in event] == [first, last] * 2
    assert events[1][:2] == ["00:00:59;20", "00:01:01;22"]
    listed = otio.adapters.read_from_file(str(path), rate=float(NTSC))
    ranges = [clip.source_range for clip in listed.tracks[0].find_clips()]
    assert [int(one.start_time.value) for one in ranges] == [first for first, _ in frames]
    assert all(a.end_time_exclusive() < b.start_time for a, b in pairwise(ranges))
