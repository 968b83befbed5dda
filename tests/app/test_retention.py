"""What cameras saw and what happened goes by age; off unless it is asked for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import personae
from personae.adapters.recordings.shelf import camera_folder, clips, place_for, put
from personae.app.recording_settings import (
    RecordingSettings,
    RetentionSettings,
    recording_from,
    retention_from,
)
from personae.app.retention import DAY_MS, Deleted, Retention
from personae.app.status_file import History
from personae.core.errors import UsageError
from personae.core.segment import Segment
from tests.adapters.stores.library import track

BEGAN = 1_700_000_000_000


@pytest.fixture
def library(tmp_path: Path) -> Iterator[personae.Library]:
    """Somebody before the door for five seconds on each of ten days, with a clip and a line."""
    with personae.Library(personae.Settings(library=tmp_path / "library")) as library:
        door = library.store.presence.camera("door", (640, 360), BEGAN)
        history = History(library.folder)
        number = None
        for day in range(10):
            at = day * DAY_MS
            one = track(0, (at, at + 5000), 100)
            piece = Segment(day, [one])
            (made,) = library.store.presence.keep(door, piece, at + 5000)
            if number is None:
                number = library.store.profiles.make(made)
            else:
                library.store.people.assign([made], number, "match", {made: 0.9})
            history.add(BEGAN + at, "person", {"camera": "door", "day": day})
            place = place_for(camera_folder(library.folder, "door"), BEGAN + at)
            place.part.write_bytes(b"x" * 1000)
            facts = {"camera": "door", "start": BEGAN + at, "end": BEGAN + at, "people": []}
            put(place, facts)
        yield library


def looked(
    library: personae.Library, day: float, recording: RecordingSettings, rest: RetentionSettings
) -> Deleted:
    """What goes on a day."""
    now = BEGAN + round(day * DAY_MS)
    made = Retention(library.folder, library.store, recording, rest, lambda: now)
    return made.run_once()


def days_of(library: personae.Library) -> list[int]:
    """The days that the history tells of."""
    found = []
    for path in library.folder.glob("history.jsonl*"):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        found += [line["day"] for line in lines if line["event"] == "person"]
    return sorted(found)


def test_nothing_but_clips_goes_unless_it_is_said(library: personae.Library) -> None:
    done = looked(library, 9.5, RecordingSettings(keep_days=7), RetentionSettings())
    assert done == Deleted(clips=3, clip_bytes=3000)
    assert len(clips(library.folder)) == 7
    assert len(library.appearances()) == 10 and days_of(library) == list(range(10))


def test_reports_do_not_tell_of_times_that_are_gone(library: personae.Library) -> None:
    (person,) = library.people()
    assert person.seconds == pytest.approx(50)
    kept = RetentionSettings(presence_days=4, history_days=2)
    done = looked(library, 9.5, RecordingSettings(), kept)
    assert (done.sightings, done.profiles, done.history) == (6, (), 8)
    assert [round(i.start / 86_400) for i in library.appearances()] == [6, 7, 8, 9]
    (person,) = library.people()
    assert person.seconds == pytest.approx(20)
    (row,) = library.report().rows
    assert row.seconds == pytest.approx(20)
    assert days_of(library) == [8, 9]
    last = (library.folder / "history.jsonl").read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["event"] == "retention" and json.loads(last)["sightings"] == 6
    assert looked(library, 9.5, RecordingSettings(), kept) == Deleted()
    done = looked(library, 20, RecordingSettings(), kept)
    assert done.profiles == (person.id,)
    assert library.people() == [] and library.appearances() == []


def test_clips_are_bounded_by_size(library: personae.Library) -> None:
    recording = RecordingSettings(keep_days=1000, largest_gb=3500 / 1e9)
    assert looked(library, 10, recording, RetentionSettings()).clips == 7
    assert [c.start for c in clips(library.folder)] == [BEGAN + d * DAY_MS for d in (7, 8, 9)]


def test_old_files_of_the_history_go_whole_and_half_lines_with_them(tmp_path: Path) -> None:
    history = History(tmp_path, largest=400)
    for day in range(30):
        history.add(BEGAN + day * DAY_MS, "person", {"day": day})
    with (tmp_path / "history.jsonl").open("ab") as file:
        file.write(b'{"at": 17000')
    assert len(list(tmp_path.iterdir())) == 5
    assert history.forget_before(BEGAN + 28 * DAY_MS) == 29
    assert [p.name for p in tmp_path.iterdir()] == ["history.jsonl"]
    lines = (tmp_path / "history.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["day"] for line in lines] == [28, 29]
    assert history.forget_before(BEGAN) == 0


def test_it_looks_when_the_watch_begins_and_ends_with_it(library: personae.Library) -> None:
    watch = Retention(library.folder, library.store, RecordingSettings(), RetentionSettings())
    watch.start()
    until = time.monotonic() + 10
    while clips(library.folder) and time.monotonic() < until:
        time.sleep(0.02)
    watch.close()
    assert clips(library.folder) == []


def test_settings_are_read_and_mistakes_are_told(tmp_path: Path) -> None:
    file = tmp_path / "cameras.toml"
    assert recording_from(None) == RecordingSettings() and not RecordingSettings().enabled
    assert retention_from(None) == RetentionSettings(None, None)
    file.write_text(
        "[recording]\nenabled = true\npre_roll_s = 3\npost_roll_s = 4.5\nwhen = 'spoof'\n"
        "keep_days = 2\nlargest_gb = 0.5\n[retention]\npresence_days = 30\n"
    )
    assert recording_from(file) == RecordingSettings(True, 3.0, 4.5, "spoof", 2.0, 0.5)
    assert retention_from(file) == RetentionSettings(30.0, None)
    for table in (
        "recording = 3",
        "[recording]\nenabled = 1",
        "[recording]\nwhen = 'cat'",
        "[recording]\npre_roll_s = -1",
        "[recording]\npre_roll_s = 600",
        "[recording]\nkeep_days = true",
        "[recording]\nlargest_gb = nan",
        "[recording]\nkept = 3",
        "[recording",
    ):
        file.write_text(table)
        with pytest.raises(UsageError):
            recording_from(file)
    file.write_text("[retention]\npresence_days = 'long'\n")
    with pytest.raises(UsageError, match="presence_days"):
        retention_from(file)
    with pytest.raises(UsageError, match="cannot be read"):
        retention_from(tmp_path / "none.toml")
