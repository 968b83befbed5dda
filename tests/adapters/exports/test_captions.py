"""WebVTT, SRT and ASS as players read them: right to the frame, and names that stay names."""

from __future__ import annotations

import html
import io
import json
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
import webvtt

from personae.adapters.exports.ass import ass_text
from personae.adapters.exports.film import FilmExport, together
from personae.adapters.exports.motion import boxes_at, thinned
from personae.adapters.exports.srt import srt_text
from personae.adapters.exports.vtt import chapters_text, metadata_text
from personae.core import records
from tests.adapters.exports.sample import FILM, HOSTILE, NTSC, SPANS, film_at

RATES = [FILM, Fraction(25), NTSC, Fraction(60000, 1001)]
NAME = " ".join(HOSTILE.replace("\u202e", " ").split())
TOGETHER = [
    ((0, 20), [1]),
    ((20, 31), [1, 2]),
    ((31, 40), [2]),
    ((1700, 1799), [2]),
    ((1799, 1801), [1, 2]),
    ((1801, 17981), [2]),
    ((17981, 17982), [1, 2]),
    ((17982, 17983), [1]),
]


def shown(film: FilmExport, start: float, end: float) -> tuple[int, int]:
    """Which frames a player shows a cue on: those whose time is in [start, end)."""
    assert film.numbering.times is not None
    times = film.numbering.times * float(film.numbering.base)
    found = np.flatnonzero((times >= start - 1e-9) & (times < end - 1e-9))
    return int(found[0]), int(found[-1]) + 1


def cue_seconds(cue: webvtt.Caption) -> tuple[float, float]:
    def read(time: webvtt.models.Timestamp) -> float:
        return time.hours * 3600 + time.minutes * 60 + time.seconds + time.milliseconds / 1000

    return read(cue.start_time), read(cue.end_time)


def test_the_film_is_cut_where_somebody_comes_or_goes() -> None:
    film = film_at(NTSC)
    found = together(film)
    assert [
        ((film.numbering.frame(one.first), film.numbering.frame(one.last)),
         [who.person.id for who in one.people])
        for one in found
    ] == TOGETHER  # fmt: skip


@pytest.mark.parametrize("rate", RATES)
def test_chapters_are_shown_on_the_frames_of_the_store(rate: Fraction) -> None:
    film = film_at(rate)
    cues = webvtt.from_string(chapters_text(film)).captions
    assert [shown(film, *cue_seconds(cue)) for cue in cues] == [span for span, _ in TOGETHER]
    names = {1: NAME, 2: "person 2"}
    assert [html.unescape(cue.raw_text) for cue in cues] == [
        ", ".join(names[person] for person in people) for _, people in TOGETHER
    ]


@pytest.mark.parametrize("rate", RATES)
def test_metadata_cues_carry_json(rate: Fraction) -> None:
    film = film_at(rate)
    text = metadata_text(film)
    cues = webvtt.from_string(text).captions
    found = {(1, *span) for span in SPANS[1]} | {(2, *span) for span in SPANS[2]}
    payloads = [json.loads(cue.raw_text) for cue in cues]
    assert {
        (said["person"], *shown(film, *cue_seconds(cue)))
        for said, cue in zip(payloads, cues, strict=True)
    } == found
    assert text.count("-->") == len(cues) == 5
    assert all(said["known_by"] == "face" and said["confidence"] == 0.9876 for said in payloads)
    assert payloads[0]["name"] == HOSTILE
    record = film.people[0].intervals[0]
    assert (payloads[0]["first"], payloads[0]["last"]) == (record.first, record.last)


def test_boxes_of_metadata_follow_the_track_to_a_pixel() -> None:
    film = film_at(Fraction(25), spans={1: ((0, 100),)})
    (cue,) = webvtt.from_string(metadata_text(film)).captions
    boxes = np.array(json.loads(cue.raw_text)["boxes"])
    path = film.tracks[0].path
    assert 3 <= len(boxes) < len(path.times)
    times = path.times * float(film.numbering.base) * 1000
    for side in range(4):
        drawn = np.interp(times, boxes[:, 0], boxes[:, side + 1])
        assert np.abs(drawn - path.boxes[:, side]).max() <= 1.1


@pytest.mark.parametrize("rate", RATES)
def test_srt_is_read_back(rate: Fraction) -> None:
    film = film_at(rate)
    cues = webvtt.from_buffer(io.StringIO(srt_text(film)), format="srt").captions
    assert [shown(film, *cue_seconds(cue)) for cue in cues] == [span for span, _ in TOGETHER]
    text = cues[0].raw_text
    assert "\n" not in text and "<" not in text and "{" not in text
    assert text.startswith("Ann") and text.endswith("co;")


def events(path: Path) -> list[tuple[float, float, str]]:
    """Start, end and text of every event, as FFmpeg reads the file."""
    found = []
    with av.open(str(path)) as container:
        stream = container.streams.subtitles[0]
        for packet in container.demux(stream):
            if packet.size and packet.pts is not None and packet.time_base is not None:
                start = float(packet.pts * packet.time_base)
                end = start + float((packet.duration or 0) * packet.time_base)
                found.append((start, end, bytes(packet).decode()))
    return found


@pytest.mark.parametrize("rate", RATES)
def test_ass_names_follow_their_faces(tmp_path: Path, rate: Fraction) -> None:
    film = film_at(rate, spans={1: ((10, 110),), 2: ((1795, 1830),)})
    path = tmp_path / "a.ass"
    path.write_text(ass_text(film), encoding="utf-8")
    found = events(path)
    for who, span in (("Ann", (10, 110)), ("person 2", (1795, 1830))):
        mine = [(start, end) for start, end, text in found if text.split(",", 8)[3].startswith(who)]
        assert len(mine) >= 2
        assert all(a[1] == pytest.approx(b[0]) for a, b in pairwise(mine))
        assert shown(film, mine[0][0], mine[-1][1]) == span
    track = film.tracks[0]
    for start, _, text in found[:2]:
        place = re.search(r"\\(?:move|pos)\((\d+),(\d+)", text)
        assert place is not None
        pts = np.array([round(start / film.numbering.base)], np.int64)
        left, top, right, _bottom = boxes_at(track.path, pts)[0]
        assert int(place[1]) == pytest.approx((left + right) / 2, abs=4)
        assert top - 10 < int(place[2]) < top


def test_ass_names_cannot_command(tmp_path: Path) -> None:
    text = ass_text(film_at(Fraction(25)))
    lines = [line for line in text.splitlines() if line.startswith("Dialogue:")]
    hostile = [line.split(",", 9) for line in lines if "Ann" in line]
    assert hostile and all(len(fields) == 10 and fields[3] == "Person" for fields in hostile)
    for fields in hostile:
        assert re.sub(r"^\{\\an[28]\\(?:move|pos)\([\d,]+\)\}", "", fields[9]).count("{") == 0
        assert "\\N" not in fields[9] and "," not in fields[4]
    path = tmp_path / "a.ass"
    path.write_text(text, encoding="utf-8")
    assert len(events(path)) == len(lines)


def test_thinning_keeps_corners_and_drops_the_rest() -> None:
    times = np.arange(101, dtype=np.int64)
    left = np.where(times < 50, times, 100 - times)
    path = records.Path(times, np.stack([left, left, left, left], axis=1).astype(np.float32))
    assert thinned(path, 0.5).times.tolist() == [0, 50, 100]
    assert thinned(path, 100.0).times.tolist() == [0, 100]
