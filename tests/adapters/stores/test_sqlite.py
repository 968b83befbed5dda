"""The database file: what is erased is gone, writers wait, kill -9 does no harm, damage is told."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from personae.adapters.stores.packing import pack_vector
from personae.adapters.stores.sqlite import checkpoint, open_engine, reading, writing
from personae.core.errors import LibraryBusy, LibraryCorrupt, LibraryTooNew, StoreError
from personae.core.segment import Segment
from tests.adapters.stores.library import cast, film, index, jpeg, opened, shot, template, who
from tests.shared import REPOSITORY


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("library.db*"))


def test_what_is_erased_is_not_in_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    store = opened(folder)
    for number in range(4):
        media = film(store, tmp_path, f"{number}.mp4")
        index(store, media, cast([10 * number + n for n in range(10)]))
    person = store.people.create("Zebedee Quux", "named", "Unknown")
    store.people.add_template(person, template(person, 77))
    crop = shot(10_000, 0.8, 1).crop
    assert crop is not None
    secrets = {
        "vector": pack_vector(who(21, 1)),
        "crop": jpeg(crop)[:150],
        "template": pack_vector(who(77)),
        "name": b"Zebedee Quux",
    }
    held = contents(folder)
    assert all(secret in held for secret in secrets.values())
    store.people.remove([person])
    for media in store.media.shown():
        store.media.remove(media.id)
    checkpoint(store.engine)
    left = contents(folder)
    assert [name for name, secret in secrets.items() if secret in left] == []
    assert (folder / "library.db-wal").stat().st_size == 0
    store.close()


def test_a_reader_in_the_way_of_erasing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("personae.adapters.stores.sqlite.WAIT_S", 0.2)
    store = opened(tmp_path)
    with reading(store.engine) as connection:
        connection.exec_driver_sql("select count(*) from person").scalar()
        store.people.create("Ann", "named", "Unknown")
        with pytest.raises(LibraryBusy):
            checkpoint(store.engine)
    checkpoint(store.engine)
    store.close()


def test_a_writer_that_waited_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("personae.adapters.stores.sqlite.WAIT_S", 0.1)
    store = opened(tmp_path)
    with writing(store.engine), pytest.raises(LibraryBusy):
        store.people.create("Ann", "named", "Unknown")
    store.people.create("Ann", "named", "Unknown")
    store.close()


@pytest.mark.parametrize("name", ["plain", "what? #1 & 100%", "Ünï çødé 相册"])
def test_any_folder_holds_a_library(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    opened(folder).close()
    assert (folder / "library.db").stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == [name]


def damaged(path: Path) -> None:
    path.write_bytes(b"this is no database " * 500)


def torn(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))


@pytest.mark.parametrize("harm", [damaged, torn])
def test_a_damaged_library_is_told(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    store = opened(tmp_path)
    checkpoint(store.engine)
    store.close()
    harm(tmp_path / "library.db")
    with pytest.raises(LibraryCorrupt, match="damaged"):
        opened(tmp_path)


def test_a_library_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "library.db") as connection:
        connection.execute("update meta set value = '9999' where key = 'schema'")
    connection.close()
    with pytest.raises(LibraryTooNew, match="9999"):
        open_engine(tmp_path, create=True)


def test_a_library_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    with pytest.raises(StoreError):
        opened(tmp_path)


def _write(folder: str, worker: int) -> int:
    """Opens the library with the others and keeps films of its own in it."""
    store = opened(Path(folder) / "library")
    for number in range(5):
        media = film(store, Path(folder), f"{worker}-{number}.mp4")
        run = store.runs.begin(media.id, "one")
        for segment in range(4):
            store.runs.keep(run.id, Segment(segment, cast([worker, number])))
        store.runs.finish(run.id, None, 5)
    store.close()
    return worker


def test_four_processes_write_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(_write, [str(tmp_path)] * 4, range(4))) == [0, 1, 2, 3]
    store = opened(tmp_path / "library")
    assert len(store.media.shown()) == 20
    assert len(store.sightings.all()) == 4 * 5 * 4 * 2
    store.close()


FOREVER = """
import sys
from pathlib import Path
from personae.core.segment import Segment
from tests.adapters.stores.library import cast, film, opened
store = opened(Path(sys.argv[1]) / "library")
media = film(store, Path(sys.argv[1]), "a.mp4")
run = store.runs.begin(media.id, "one")
sys.stdout.write("begun\\n")
sys.stdout.flush()
for number in range(run.segments, 100_000):
    store.runs.keep(run.id, Segment(number, cast([1, 2, 3, 4, 5, 6])))
"""


def test_kill_minus_nine_leaves_whole_segments(tmp_path: Path) -> None:
    kept = 0
    for wait in (0.05, 0.15, 0.3):
        worker = subprocess.Popen(
            [sys.executable, "-c", FOREVER, str(tmp_path)],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}"},
            stdout=subprocess.PIPE,
        )
        assert worker.stdout is not None and worker.stdout.readline() == b"begun\n"
        time.sleep(wait)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        worker.stdout.close()
        store = opened(tmp_path / "library")
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            run = connection.exec_driver_sql("select segments from run").scalar_one()
            per_segment = connection.exec_driver_sql(
                "select segment, count(distinct s.id), count(e.id), count(c.shot) "
                "from sighting s left join embedding e on e.sighting = s.id "
                "left join shot on shot.sighting = s.id left join crop c on c.shot = shot.id "
                "group by segment order by segment"
            ).all()
        assert [tuple(row) for row in per_segment] == [(n, 6, 6, 6) for n in range(run)]
        assert run >= kept, "what was kept stays kept, and work went on after it"
        kept = run
        store.close()
    assert kept > 0
