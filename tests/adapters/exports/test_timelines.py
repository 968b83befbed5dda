"""OTIO, EDL and FCPXML as their own readers open them: frames are the store's, drop-frame too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personae.adapters.exports.edl import edl_text
from personae.adapters.exports.fcpxml import fcpxml_text
from personae.adapters.exports.film import FilmExport, placed
from personae.adapters.exports.timeline import otio_text
from personae.core.numbering import Numbering
from tests.adapters.exports.sample import FILM, HOSTILE, NTSC, SPANS, film_at

RATES = [FILM, Fraction(24), Fraction(25), NTSC, Fraction(30), Fraction(60000, 1001)]


def frames_of(time: otio.opentime.RationalTime, rate: Fraction) -> int:
    """The frame, which must be a whole one."""
    frame = round(time.value_rescaled_to(float(rate)))
    assert time.value_rescaled_to(float(rate)) == pytest.approx(frame, abs=1e-6)
    return frame


def clips_of(track: otio.schema.Track, rate: Fraction) -> list[tuple[int, int, int]]:
    """First and last (exclusive) frame of the source, and first of the track, of every clip."""
    found = []
    for clip in track.find_clips():
        source = clip.source_range
        at = track.range_of_child(clip).start_time
        found.append(
            (
                frames_of(source.start_time, rate),
                frames_of(source.end_time_exclusive(), rate),
                frames_of(at, rate),
            )
        )
    return found


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("base", [None, Fraction(1, 1000), Fraction(1, 90000)])
def test_an_otio_timeline_has_a_track_a_person(rate: Fraction, base: Fraction | None) -> None:
    film = film_at(rate, base=base)
    made = otio.adapters.read_from_string(otio_text([film], back_to_back=False), "otio_json")
    assert [track.metadata["personae"]["person"] for track in made.tracks] == [1, 2]
    for track, spans in zip(made.tracks, SPANS.values(), strict=True):
        assert clips_of(track, rate) == [(first, last, first) for first, last in spans]
    first = made.tracks[0].find_clips()[0]
    assert first.media_reference.target_url == film.url
    assert frames_of(first.media_reference.available_range.duration, rate) == 18000
    assert first.metadata["personae"]["known_by"] == "face"
    assert first.metadata["personae"]["confidence"] == 0.9876
    record = film.people[0].intervals[1]
    about = made.tracks[0].find_clips()[1].metadata["personae"]
    assert (about["first"], about["last"]) == (record.first, record.last)
    markers = [frames_of(marker.marked_range.start_time, rate) for marker in made.tracks.markers]
    assert markers == [first for spans in SPANS.values() for first, _ in spans]


def test_several_films_are_a_collection_of_timelines() -> None:
    films = [film_at(NTSC), film_at(Fraction(25), number=2)]
    made = otio.adapters.read_from_string(otio_text(films, back_to_back=False), "otio_json")
    assert isinstance(made, otio.schema.SerializableCollection)
    assert [timeline.name for timeline in made] == [film.name for film in films]
    assert [float(t.global_start_time.rate) for t in made] == [float(NTSC), 25.0]


def test_clips_can_follow_one_another() -> None:
    film = film_at(NTSC)
    made = otio.adapters.read_from_string(otio_text([film], back_to_back=True), "otio_json")
    assert clips_of(made.tracks[0], NTSC) == [(0, 31, 0), (1799, 1801, 31), (17981, 17983, 33)]
    listed = read_edl(film, 0, back_to_back=True)
    assert clips_of(listed.tracks[0], NTSC) == clips_of(made.tracks[0], NTSC)
    assert " 01:00:00;00 01:00:01;01" in edl_text(film, film.people[0], back_to_back=True)


def read_edl(film: FilmExport, person: int, *, back_to_back: bool = False) -> otio.schema.Timeline:
    text = edl_text(film, film.people[person], back_to_back=back_to_back)
    return otio.adapters.read_from_string(text, "cmx_3600", rate=float(film.numbering.rate))


@pytest.mark.parametrize("rate", RATES)
def test_an_edl_is_read_back_to_the_frame(rate: Fraction) -> None:
    film = film_at(rate)
    for place, spans in enumerate(SPANS.values()):
        made = read_edl(film, place)
        (track,) = made.tracks
        start = spans[0][0]
        assert clips_of(track, rate) == [(first, last, first - start) for first, last in spans]
        assert [clip.media_reference.target_url for clip in track.find_clips()] == [
            film.media.path
        ] * len(spans)


def test_an_edl_at_29_97_counts_drop_frame() -> None:
    film = film_at(NTSC)
    lines = edl_text(film, film.people[0], back_to_back=False).splitlines()
    assert lines[1] == "FCM: DROP FRAME"
    assert [line for line in lines if line[:3].isdigit()] == [
        "001  EVENINGN V     C        00:00:00;00 00:00:01;01 00:00:00;00 00:00:01;01",
        "002  EVENINGN V     C        00:00:59;29 00:01:00;03 00:00:59;29 00:01:00;03",
        "003  EVENINGN V     C        00:09:59;29 00:10:00;01 00:09:59;29 00:10:00;01",
    ]


@pytest.mark.parametrize(
    ("rate", "timecode", "fcm", "first"),
    [
        (NTSC, "01:00:00:00", "NON-DROP FRAME", "01:00:59:29 01:01:00:01"),
        (NTSC, "01:00:00;00", "DROP FRAME", "01:00:59;29 01:01:00;03"),
        (Fraction(25), "10:00:00:00", "NON-DROP FRAME", "10:01:11:24 10:01:12:01"),
    ],
)
def test_a_films_own_timecode_is_the_source(
    rate: Fraction, timecode: str, fcm: str, first: str
) -> None:
    film = film_at(rate, timecode=timecode)
    text = edl_text(film, film.people[0], back_to_back=False)
    assert f"FCM: {fcm}\n" in text
    assert f"{first} {first}\n" in text
    made = otio.adapters.read_from_string(otio_text([film], back_to_back=False), "otio_json")
    clip = made.tracks[0].find_clips()[1]
    assert frames_of(clip.source_range.start_time, rate) == film.numbering.start + 1799
    reference = clip.media_reference.available_range
    assert frames_of(reference.start_time, rate) == film.numbering.start
    assert reference.contains(clip.source_range)
    assert clips_of(made.tracks[0], rate)[1][2] == 1799


def seconds(text: str | None) -> Fraction:
    assert text is not None and text.endswith("s")
    return Fraction(text[:-1])


def xml_clips(project: ElementTree.Element) -> Iterator[tuple[str, Fraction, Fraction, Fraction]]:
    for clip in project.iter("asset-clip"):
        start = seconds(clip.get("start"))
        end = start + seconds(clip.get("duration"))
        yield clip.get("lane") or "", start, end, seconds(clip.get("offset"))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("timecode", [None, "01:00:00:00"])
def test_fcpxml_times_are_exact_fractions(rate: Fraction, timecode: str | None) -> None:
    film = film_at(rate, timecode=timecode)
    root = ElementTree.fromstring(fcpxml_text([film, film], back_to_back=False))
    (first, second) = root.iter("project")
    start = film.numbering.start
    expected = [
        (str(lane), (start + first) / rate, (start + last) / rate, first / rate)
        for lane, spans in SPANS.items()
        for first, last in spans
    ]
    assert list(xml_clips(first)) == list(xml_clips(second)) == expected
    made = root.find("resources/format")
    assert made is not None and seconds(made.get("frameDuration")) == 1 / rate


def test_fcpxml_is_read_back() -> None:
    """At 24 frames a second, where the reader's own arithmetic loses nothing."""
    rate = Fraction(24)
    made = otio.adapters.read_from_string(
        fcpxml_text([film_at(rate)], back_to_back=False), "fcpx_xml"
    )
    (timeline,) = made
    assert [track.name for track in timeline.tracks] == ["1", "2"]
    for track, spans in zip(timeline.tracks, SPANS.values(), strict=True):
        assert clips_of(track, rate) == [(first, last, first) for first, last in spans]
        assert all(
            clip.media_reference.target_url == film_at(rate).url for clip in track.find_clips()
        )


def test_fcpxml_at_29_97_is_read_back_within_a_frame() -> None:
    """The reader takes 29.97 for 29 and rounds down; the file itself is exact (see above)."""
    (timeline,) = otio.adapters.read_from_string(
        fcpxml_text([film_at(NTSC)], back_to_back=False), "fcpx_xml"
    )
    for track, spans in zip(timeline.tracks, SPANS.values(), strict=True):
        clips = track.find_clips()
        assert len(clips) == len(spans)
        for clip, (first, last) in zip(clips, spans, strict=True):
            frame = 1 / 28
            assert clip.source_range.start_time.to_seconds() == pytest.approx(
                float(first / NTSC), abs=frame
            )
            length = clip.source_range.duration.to_seconds()
            assert length == pytest.approx(float((last - first) / NTSC), abs=frame)


def test_hostile_names_stay_names() -> None:
    film = film_at(NTSC)
    text = edl_text(film, film.people[0], back_to_back=False)
    assert sum(line.startswith("TITLE:") for line in text.splitlines()) == 1
    assert "\u202e" not in text
    root = ElementTree.fromstring(fcpxml_text([film], back_to_back=False))
    clip = next(root.iter("asset-clip"))
    assert clip.get("name") == " ".join(HOSTILE.replace("\u202e", " ").split())


@settings(max_examples=60)
@given(
    st.sampled_from(RATES), st.lists(st.integers(1, 20000), min_size=2, max_size=20, unique=True)
)
def test_any_intervals_come_back_from_edl_and_otio(rate: Fraction, edges: list[int]) -> None:
    ordered = sorted(edges)
    spans = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    film = film_at(rate, spans={1: spans})
    listed = read_edl(film, 0)
    assert [(a, b) for a, b, _ in clips_of(listed.tracks[0], rate)] == list(spans)
    made = otio.adapters.read_from_string(otio_text([film], back_to_back=False), "otio_json")
    assert clips_of(made.tracks[0], rate) == [(a, b, a) for a, b in spans]


def test_on_a_film_of_variable_rate_neighbours_do_not_overlap() -> None:
    """Two intervals that meet within one frame of the timeline: the later one gives way."""
    film = film_at(Fraction(25), spans={1: ((0, 1), (2, 3), (3, 4))}, base=Fraction(1, 1000))
    coarse = Numbering(film.numbering.base, Fraction(5), constant=False)
    mine = placed(replace(film, numbering=coarse), film.people[0], back_to_back=False)
    assert [(one.first, one.length) for one in mine] == [(0, 1), (1, 1), (2, 1)]
