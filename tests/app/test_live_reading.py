"""What a watch wrote is read whole, newest first, and followed while files are numbered."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from personae.app.line_reading import BLOCK, Follower, LineFiles
from personae.app.live_reading import NEVER, STALE_MS, LiveFiles
from personae.app.live_words import words_of
from personae.app.status_file import History, StatusFile, write_whole
from tests.app.test_alerting import status


def test_a_status_is_read_and_grows_old(tmp_path: Path) -> None:
    files = LiveFiles(tmp_path)
    assert files.status() == NEVER and files.cameras() == ()
    told = status(1, at=1_000_000)
    StatusFile(tmp_path).write(told)
    assert files.status(1_000_000 + STALE_MS - 1) == told
    assert files.status(1_000_000 + STALE_MS) == replace(told, running=False)
    assert files.cameras() == ("door",)
    (tmp_path / "status.json").write_text("{half")
    assert files.status() == NEVER
    (tmp_path / "status.json").write_text('{"timestamp": "of another version"}')
    assert files.status() == NEVER


def test_only_cameras_of_the_status_have_pictures(tmp_path: Path) -> None:
    files = LiveFiles(tmp_path)
    (tmp_path / "live").mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    for name in ("door", "other"):
        (tmp_path / "live" / f"{name}.jpg").write_bytes(name.encode())
    assert files.picture("door") is None
    door = status().streams[0]
    named = (door, replace(door, name="../secret"), replace(door, name="gone"))
    StatusFile(tmp_path).write(replace(status(), streams=named))
    first = files.picture("door")
    assert first is not None and first.jpeg == b"door" and files.picture("door") is first
    for name in ("other", "../secret", "../live/door", "gone", ""):
        assert files.picture(name) is None
    (tmp_path / "live" / "door.jpg").write_bytes(b"newer")
    second = files.picture("door")
    assert second is not None and second.jpeg == b"newer" and second.stamp != first.stamp
    (tmp_path / "live" / "door.jpg").unlink()
    assert files.picture("door") is None


def test_the_history_is_read_newest_first_across_files_and_numbering(tmp_path: Path) -> None:
    history = History(tmp_path, largest=2500)
    for number in range(200):
        history.add(number, "camera back", {"camera": f"c{number}"})
    assert (tmp_path / "history.jsonl.3").exists()
    files = LiveFiles(tmp_path)
    assert [one.place.at for one in files.happened(500)] == list(range(199, -1, -1))
    found = files.happened(7)
    # What comes and is numbered in between neither repeats nor hides anything
    for number in range(200, 230):
        history.add(number, "camera back", {"camera": "x" * 60})
    while len(found) < 150:
        more = files.happened(7, found[-1].place)
        assert more
        found += more
    assert [one.place.at for one in found[:150]] == list(range(199, 49, -1))


def test_a_page_behind_a_file_that_went_goes_on_by_time(tmp_path: Path) -> None:
    history = History(tmp_path, largest=300)
    for number in range(8):
        history.add(number, "camera back", {})
    files = LiveFiles(tmp_path)
    place = files.happened(3)[-1].place
    for number in range(8, 80):
        history.add(number, "camera back", {})
    assert all(one.place.at <= place.at for one in files.happened(50, place))


@pytest.mark.parametrize("size", [10, BLOCK // 3, BLOCK - 1, BLOCK + 1])
def test_lines_of_any_length_are_found_at_their_places(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.jsonl"
    texts = [json.dumps({"at": n, "text": chr(97 + n) * size}) for n in range(9)]
    path.write_text("\n".join((*texts[:4], "", "no json", *texts[4:])) + '\n{"at": 9, "te')
    found = list(LineFiles(path).newest_first())
    assert [told["at"] for _, told in found] == list(range(8, -1, -1))
    data = path.read_bytes()
    for place, told in found:
        assert data[place.offset :].startswith(json.dumps(told).encode())
    assert all(a.offset > b.offset for (a, _), (b, _) in pairwise(found))


def test_what_is_added_is_followed_across_numbering(tmp_path: Path) -> None:
    history = History(tmp_path, largest=500)
    history.add(0, "old", {})
    follower = Follower(tmp_path / "history.jsonl")
    assert follower.news() == []
    heard: list[object] = []
    for number in range(1, 60):
        history.add(number, "new", {})
        if number % 3 == 0:
            heard += [one["at"] for one in follower.news()]
    assert heard == list(range(1, 58))
    with (tmp_path / "history.jsonl").open("a") as stream:
        stream.write('{"at": 99')
        stream.flush()
        rest = [one["at"] for one in follower.news()]
        assert 99 not in rest
        stream.write("}\n")
    assert [one["at"] for one in follower.news()] == [99]


def test_a_file_that_is_written_anew_without_its_oldest_tells_nothing_twice(tmp_path: Path) -> None:
    history = History(tmp_path)
    for number in range(10):
        history.add(number, "old", {})
    follower, files = Follower(tmp_path / "history.jsonl"), LiveFiles(tmp_path)
    place = files.happened(3)[-1].place
    lines = (tmp_path / "history.jsonl").read_bytes().splitlines(keepends=True)
    write_whole(tmp_path / "history.jsonl", b"".join(lines[4:]))
    history.add(10, "new", {})
    assert [one["at"] for one in follower.news()] == [10]
    history.add(11, "new", {})
    assert [one["at"] for one in follower.news()] == [11]
    # The line of the cursor is not there any more: the time of it has to do
    assert [one.place.at for one in files.happened(50, place)] == [7, 6, 5, 4]


def test_a_file_that_begins_later_is_followed_from_its_beginning(tmp_path: Path) -> None:
    follower = Follower(tmp_path / "x.jsonl")
    assert follower.news() == []
    (tmp_path / "x.jsonl").write_text('{"at": 1}\n{"at": 2}\n')
    assert [one["at"] for one in follower.news()] == [1, 2]


def test_a_reader_in_a_loop_never_sees_half_of_anything(tmp_path: Path) -> None:
    told, files, over = StatusFile(tmp_path), LiveFiles(tmp_path), threading.Event()
    told.write(status(*range(1, 30)))
    seen: set[int] = set()

    def read() -> None:
        while not over.is_set():
            seen.add(len(files.status(0).streams[0].persons) if files.cameras() else -1)

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(1000):
        told.write(status(*range(1, 30 if number % 2 else 2), at=number))
    over.set()
    thread.join()
    assert -1 not in seen and seen <= {1, 29} and os.listdir(tmp_path) == ["status.json"]


CAME = {"event": "person", "camera": "door", "track": 4, "at": 1000}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({**CAME, "type": "undecided"}, "Somebody came"),
        (
            {**CAME, "type": "known", "name": "Ana", "confidence": 1.0, "live": "live"},
            "Ana was recognised (99 %), seen to be alive",
        ),
        ({**CAME, "type": "unknown"}, "Somebody unknown is here"),
        ({**CAME, "type": "unknown", "person": 7, "name": "unknown-7"}, "unknown-7 came again"),
        ({**CAME, "type": "spoof", "name": "Ana"}, "Ana: perhaps only a picture of a face"),
        ({"event": "camera dark", "reason": "refused"}, "The camera went dark: refused"),
        ({"event": "camera back"}, "The camera is back"),
        ({"event": "clip", "file": "clips/x.mp4"}, "A clip was recorded"),
        ({"event": "trouble", "reason": "no memory"}, "A look failed: no memory"),
        ({"event": "retention"}, "What was too old was deleted"),
        ({"event": "profile made", "name": "unknown-7"}, "unknown-7 is remembered from now on"),
        (
            {"event": "profiles maintained", "pruned": [1], "merged": [{}, {}], "proposed": []},
            "Profiles looked after: 1 was forgotten, 2 were joined",
        ),
        ({"event": "something of tomorrow"}, "something of tomorrow"),
    ],
)
def test_what_happened_in_words(told: dict[str, object], words: str) -> None:
    assert words_of(told) == words


def test_who_left_stands_in_an_earlier_line(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.add(1_000, "person", {"camera": "door", "track": 1, "type": "known", "name": "Ana"})
    history.add(1_500, "person", {"camera": "hall", "track": 1, "type": "known", "name": "Ben"})
    history.add(186_000, "left", {"camera": "door", "track": 1})
    history.add(186_500, "left", {"camera": "yard", "track": 9})
    files = LiveFiles(tmp_path)
    told = [one.words for one in files.happened(2)]
    assert told == ["Somebody left", "Ana left after 3 min"]
    line = {"at": 186_000, "event": "left", "camera": "door", "track": 1}
    assert files.worded(line).words == "Ana left after 3 min"
