"""Bad input, crashes and interruptions: said with a code, and nothing done is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.media.demo_film import short_film
from tests.system.command import answer, run, start
from tests.system.conftest import Site


def test_bad_files_are_named_with_a_code_and_stop_nothing(made: Site, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    good = made.film.read_bytes()
    (folder / "good.mp4").write_bytes(good)
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "half.mp4").write_bytes(good[: len(good) // 2])
    (folder / "noise.mp4").write_bytes(random.Random(1).randbytes(100_000))
    (folder / "noise.jpg").write_bytes(random.Random(2).randbytes(100_000))
    (folder / 'a "name"\nof two lines.mp4').write_bytes(b"\0" * 1000)
    done = answer("index", folder, tmp_path / "absent.mp4", "--library", tmp_path / "library",
                  cwd=tmp_path)  # fmt: skip
    assert [Path(one["path"]).name for one in done["indexed"]] == ["good.mp4"]
    codes = {Path(one["path"]).name: one["code"] for one in done["failed"]}
    assert set(codes) == {
        "empty.mp4", "half.mp4", "noise.mp4", "noise.jpg", 'a "name"\nof two lines.mp4',
        "absent.mp4",
    }  # fmt: skip
    assert codes["empty.mp4"] == "P202" and codes["absent.mp4"] == "P201"
    assert all(code.startswith("P2") for code in codes.values())


def test_a_name_that_is_no_text_is_refused(made: Site, tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\xfe.mp4"
    with open(odd, "wb") as file:
        file.write(made.film.read_bytes())
    where = ("--library", tmp_path / "library")
    done = answer("index", tmp_path, *where, cwd=tmp_path, status=3)
    assert [one["code"] for one in done["failed"]] == ["P208"]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("people", "list"), "P401", 5),
        (("search", "nothing.jpg"), "P401", 5),
        (("appearances", "Ada"), "P401", 5),
    ],
)
def test_without_a_library(words: tuple[str, ...], code: str, status: int, tmp_path: Path) -> None:
    done = run(*words, "--library", tmp_path / "none", "--json", cwd=tmp_path, status=status)
    assert json.loads(done.stderr)["error"]["code"] == code
    assert not (tmp_path / "none").exists()


def test_questions_that_cannot_be_answered(site: Site, tmp_path: Path) -> None:
    where = ("--library", site.library, "--json")

    def code(*words: str | Path) -> str:
        done = run(*words, *where, cwd=tmp_path, status=2)
        return str(json.loads(done.stderr)["error"]["code"])

    both = site.stills / "two-people.jpg"
    assert code("search", both) == "P102"
    assert code("search", both, "--face", "9") == "P101"
    assert code("appearances", "nobody") == "P103"
    assert code("people", "name", "1", "  ") == "P100"
    assert code("report", "screen-time", "--by", "shoe") == "P106"
    assert answer("search", both, "--face", "2", *where[:2], cwd=tmp_path)["matches"]


def rows(library: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a library says, without its row numbers and clocks."""
    connection = sqlite3.connect(library / "library.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    queries = {
        "media": "SELECT sha256, kind, bytes, width, height, length FROM media",
        "run": "SELECT m.sha256, settings, state, segments, counts FROM run r "
        "JOIN media m ON m.id = r.media",
        "sighting": "SELECT m.sha256, s.kind, s.segment, s.number, s.first, s.last, s.path, "
        "s.quality, s.body IS NULL FROM sighting s JOIN run r ON r.id = s.run "
        "JOIN media m ON m.id = r.media",
        "shot": "SELECT m.sha256, h.pts, h.box, h.quality, c.jpeg FROM shot h "
        "JOIN sighting s ON s.id = h.sighting JOIN run r ON r.id = s.run "
        "JOIN media m ON m.id = r.media LEFT JOIN crop c ON c.shot = h.id",
        "embedding": "SELECT m.sha256, s.first, e.vector, e.shots FROM embedding e "
        "JOIN sighting s ON s.id = e.sighting JOIN run r ON r.id = s.run "
        "JOIN media m ON m.id = r.media",
        "people": "SELECT group_concat(place) FROM (SELECT b.person AS person, m.sha256 || ':' || "
        "s.first || ':' || s.number AS place FROM belongs b JOIN sighting s ON s.id = b.sighting "
        "JOIN run r ON r.id = s.run JOIN media m ON m.id = r.media ORDER BY place) GROUP BY person",
        "orphans": "SELECT c.shot FROM crop c LEFT JOIN shot h ON h.id = c.shot WHERE h.id IS NULL",
    }
    try:
        return {
            name: sorted(connection.execute(query).fetchall(), key=repr)
            for name, query in queries.items()
        }
    finally:
        connection.close()


def test_kill_9_at_any_moment_costs_nothing(made: Site, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    shutil.copy(made.film, folder / "one.mp4")
    short_film(folder / "two.mp4")
    shutil.copytree(made.stills, folder / "stills")
    (tmp_path / "personae.toml").write_text("[observe]\nsegment_s = 2.0\n")
    answer("index", folder, "--library", tmp_path / "calm", cwd=tmp_path)
    calm = rows(tmp_path / "calm")
    assert calm["sighting"] and not calm["orphans"]
    dice = random.Random(7)
    for _ in range(5):
        process = start("index", folder, "--library", tmp_path / "killed", cwd=tmp_path)
        time.sleep(dice.uniform(0.8, 4.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    answer("index", folder, "--library", tmp_path / "killed", cwd=tmp_path)
    assert rows(tmp_path / "killed") == calm


def test_grouping_that_was_killed_is_done_by_the_next_index(made: Site, tmp_path: Path) -> None:
    library = tmp_path / "library"
    answer("index", made.film, "--library", library, cwd=tmp_path)
    connection = sqlite3.connect(library / "library.db")
    with connection:
        connection.execute("DELETE FROM belongs")
    connection.close()
    (library / "grouping.due").touch()
    answer("index", made.film, "--library", library, cwd=tmp_path)
    assert rows(library)["people"] and not (library / "grouping.due").exists()
