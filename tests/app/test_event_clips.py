"""Clips of events: who has to be there, what is told beside them, real cameras, and erasure."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import personae
from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film, probes
from personae.adapters.recordings.shelf import camera_folder, clips, place_for, put
from personae.adapters.sources.camera import Camera
from personae.app.clip_removal import forget_clips, forget_clips_of
from personae.app.event_clips import EventClips
from personae.app.recording_settings import RecordingSettings, When
from personae.app.removal import remove_medium
from personae.app.watch_command import watching
from personae.cli.watch import WatchRequest
from personae.core.live import LivePerson, LiveType
from tests.adapters.recordings.recorded import (
    BEGAN,
    facts,
    follows_the_standard,
    numbers,
    pictures,
    play,
)
from tests.media.films import Recipe, film, number_of
from tests.media.rtsp import RtspServer, needs_rtsp

GOP = {"g": "10", "keyint_min": "10", "sc_threshold": "0"}
FACE = Framing(0.5, 0.3, 0.4)


def somebody(
    track: int, since: int, kind: LiveType = "unknown", person: int | None = None
) -> LivePerson:
    name = None if person is None else f"person {person}"
    box = (10, 10, 50, 50)
    return LivePerson(track, kind, person, name, 0.0, None, "not shown yet", (), since, box)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds with a key frame every 400 ms; each picture says its number."""
    recipe = Recipe(size=(320, 240), times=tuple(range(0, 250 * 40, 40)), options=GOP)
    return film(tmp_path_factory.mktemp("film") / "door.mp4", recipe)


def told(library: Path) -> list[dict[str, object]]:
    lines = (library / "history.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def watched(camera: Camera, events: EventClips, begins: int, ends: int) -> tuple[int, int]:
    """Looks at a camera until it has ended or the clip must be over.

    Returns:
        The number of the picture on which somebody was first seen, and of the last.
    """
    came = left = -1
    camera.start()
    until = time.monotonic() + 20
    while camera.state().state != "ended" and time.monotonic() < until:
        if not camera.wait(0.1) or (frame := camera.take()) is None:
            continue
        number = number_of(frame.picture.rgb())
        at = frame.time.wall or 0
        there = begins <= number <= ends
        if there:
            came, left = (number if came < 0 else came), number
        events.seen("door", frame, (somebody(1, at),) if there else ())
        if number > ends + 60:
            break
    camera.close()
    events.close()
    return came, left


def test_a_file_camera_is_recorded_from_before_the_event_to_after_it(
    tmp_path: Path, numbered: Path
) -> None:
    events = EventClips(tmp_path, RecordingSettings(pre_roll_s=1.0, post_roll_s=1.0))
    came, left = watched(Camera(str(numbered), tap=events.tap("door")), events, 75, 100)
    (clip,) = clips(tmp_path)
    shown = numbers(clip.path)
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert came - 25 - 10 - 8 <= shown[0] <= came - 25
    assert left + 24 <= shown[-1] <= left + 24 + 15
    beside = facts(clip.path)
    assert beside["camera"] == "door" and beside["pre_roll_ms"] >= 1000
    assert beside["people"] == [{"person": None, "name": None, "type": "unknown"}]
    (line,) = told(tmp_path)
    assert line["event"] == "clip" and line["camera"] == "door"
    assert tmp_path / str(line["file"]) == clip.path


def test_a_real_rtsp_camera_is_recorded_as_it_came(tmp_path: Path, numbered: Path) -> None:
    needs_rtsp()
    server = RtspServer({"a": numbered})
    events = EventClips(tmp_path, RecordingSettings(pre_roll_s=1.0, post_roll_s=0.5))
    try:
        camera = Camera(server.address("a"), tap=events.tap("door"))
        came, left = watched(camera, events, 75, 100)
    finally:
        server.kill()
    (clip,) = clips(tmp_path)
    shown = numbers(clip.path)
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert came - 25 - 10 - 12 <= shown[0] <= came - 25
    assert left + 12 <= shown[-1] <= left + 40
    assert follows_the_standard(clip.path)
    times = [round(1000 * (picture.time or 0)) for picture in pictures(clip.path)]
    assert times == [40 * number for number in range(len(times))]


class Breaks:
    """A tap that is good for nothing."""

    def __init__(self) -> None:
        self.calls = 0

    def packet(self, *given: object) -> None:
        self.calls += 1
        raise RuntimeError("no")

    def broken(self) -> None:
        self.calls += 1
        raise RuntimeError("no")


def test_a_tap_that_raises_never_harms_the_camera(numbered: Path) -> None:
    tap = Breaks()
    camera = Camera(str(numbered), tap=tap)
    camera.start()
    until = time.monotonic() + 10
    while camera.state().received < 50 and time.monotonic() < until:
        time.sleep(0.05)
    camera.close()
    assert camera.state().received >= 50 and tap.calls > 50


@pytest.mark.parametrize(
    ("when", "kinds"),
    [
        ("person", {"known", "unknown", "undecided", "spoof"}),
        ("unknown", {"unknown"}),
        ("known", {"known"}),
        ("spoof", {"spoof"}),
    ],
)
def test_a_clip_is_made_of_those_who_are_meant(
    tmp_path: Path, numbered: Path, when: When, kinds: set[LiveType]
) -> None:
    made: set[str] = set()
    every: list[LiveType] = ["known", "unknown", "undecided", "spoof"]
    for kind in every:
        library = tmp_path / kind
        settings = RecordingSettings(when=when, pre_roll_s=0.4, post_roll_s=0.4)
        events = EventClips(library, settings)
        library.mkdir()

        def at(now: int, events: EventClips = events, kind: LiveType = kind) -> None:
            people = (somebody(1, BEGAN + 2000, kind, 3),) if 2000 <= now <= 3000 else ()
            events.look("door", BEGAN + now, people)

        play(events.tap("door"), numbered, at)
        events.close()
        found = clips(library)
        if found:
            made.add(kind)
            (clip,) = found
            assert clip.persons == {3}
    assert made == kinds


def test_everybody_in_the_clip_is_told_beside_it(tmp_path: Path, numbered: Path) -> None:
    settings = RecordingSettings(when="unknown", pre_roll_s=1.0, post_roll_s=0.4)
    events = EventClips(tmp_path, settings)

    def at(now: int) -> None:
        people = [somebody(1, BEGAN + 400, "known", 9)] if 400 <= now <= 800 else []
        # Known, and only before the event, but within its pre-roll
        people += [somebody(2, BEGAN + 2800, "known", 4)] if 2800 <= now <= 3200 else []
        people += [somebody(3, BEGAN + 3600)] if 3600 <= now <= 4000 else []
        people += [somebody(5, BEGAN + 6000, "known", 5)] if 6000 <= now <= 6400 else []
        events.look("door", BEGAN + now, tuple(people))

    play(events.tap("door"), numbered, at)
    events.close()
    (clip,) = clips(tmp_path)
    assert [p["person"] for p in facts(clip.path)["people"]] == [4, None]
    assert facts(clip.path)["people"][0]["name"] == "person 4"


def lay(library: Path, camera: str, persons: list[int | None], at: int) -> Path:
    place = place_for(camera_folder(library, camera), at)
    place.part.write_bytes(b"film")
    people = [{"person": p, "name": None, "type": "unknown"} for p in persons]
    put(place, {"camera": camera, "start": at, "end": at + 1000, "people": people})
    return place.clip


def test_clips_of_a_person_are_forgotten(tmp_path: Path) -> None:
    mine = lay(tmp_path, "door", [3, 4], BEGAN)
    early = lay(tmp_path, "door", [None], BEGAN + 60_000)
    others = lay(tmp_path, "door", [4], BEGAN + 120_000)
    elsewhere = lay(tmp_path, "yard", [None], BEGAN + 60_000)
    unclear = lay(tmp_path, "yard", [4], BEGAN + 180_000)
    unclear.with_suffix(".json").write_text("half")
    shown = [("door", BEGAN + 60_500, BEGAN + 60_800)]
    assert forget_clips(tmp_path, [3], shown) == 3
    left = [clip.path for clip in clips(tmp_path)]
    assert left == [elsewhere, others]
    assert not mine.exists() and not mine.with_suffix(".json").exists() and not early.exists()


def test_a_watch_records_and_what_it_recorded_goes_with_person_and_camera(tmp_path: Path) -> None:
    source = tmp_path / "collins.mp4"
    scene = Scene(75, (Layer("collins", FACE, Framing(0.54, 0.32, 0.4)),))
    make_film(source, (Scene(25), scene, Scene(10)), FilmSettings(width=640, height=360))
    folder = tmp_path / "library"
    with personae.Library(personae.Settings(library=folder)) as lib:
        lib.enrol("Eileen Collins", [probes()["Eileen Collins"]])
        file = folder / "cameras.toml"
        file.write_text(
            f'[[camera]]\nname = "hall"\naddress = "{source}"\n'
            "[recording]\nenabled = true\npost_roll_s = 1\n"
        )
        part = folder / "recordings" / "hall" / "2020-01-01" / ".120000-000.999999999.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(b"half")
        with watching(lib, [], None, WatchRequest(liveness=False)) as watch:
            while not watch.over:
                time.sleep(0.1)
        collins = lib.person("Eileen Collins").id
        (clip,) = clips(folder)
        assert clip.persons == {collins} and not list(folder.rglob("*.part"))
        assert len(numbers(clip.path)) >= 75
        with watching(lib, [], None, WatchRequest(liveness=False, record=False)) as watch:
            while not watch.over:
                time.sleep(0.1)
        assert len(clips(folder)) == 1
        # Before anybody knew who it was
        at = clip.start + 2000
        unnamed = lay(folder, "hall", [None], at)
        other = lay(folder, "hall", [None], clip.end + 900_000)
        assert forget_clips_of(lib.store, folder, collins) == 2
        assert [c.path for c in clips(folder)] == [other] and not unnamed.exists()
        yard = lay(folder, "yard", [None], at)
        (medium,) = [m for m in lib.media() if m.kind == "camera"]
        remove_medium(lib.store, folder, medium, folder / "uploads")
        assert [c.path for c in clips(folder)] == [yard]
