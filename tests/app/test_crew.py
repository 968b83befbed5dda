"""Workers that are started before it is known what they shall do."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from personae.app.crew import Crew, early_workers
from personae.flows.settings import ObserveSettings


def settings(folder: Path) -> dict[str, object]:
    return {
        "library": str(folder),
        "log": str(folder / "worker.log"),
        "name": "local:1:1",
        "provider": "cpu",
        "face_model": "",
        "max_pixels": 1_000_000,
        "observe": asdict(ObserveSettings()),
    }


@pytest.mark.parametrize("early", [0, 1])
def test_a_worker_works_until_nothing_is_left(tmp_path: Path, early: int) -> None:
    with Crew(early) as crew:
        process = crew.send(settings(tmp_path))
        assert process.wait(60) == 0
    assert (tmp_path / "library.db").exists()


def test_what_a_worker_says_goes_to_the_log(tmp_path: Path) -> None:
    wrong = settings(tmp_path) | {"observe": {**asdict(ObserveSettings()), "shots": 4}}
    (tmp_path / "library.db").write_bytes(b"no database at all, but long enough to be one" * 99)
    with Crew() as crew:
        assert crew.send(wrong).wait(60) == 1
    assert "LibraryCorrupt" in (tmp_path / "worker.log").read_text("utf-8")


def test_a_worker_that_died_before_it_was_sent_is_seen_to_be_dead(tmp_path: Path) -> None:
    with Crew(1) as crew:
        crew._idle[0].kill()
        crew._idle[0].wait()
        assert crew.send(settings(tmp_path)).wait(60) != 0


def test_workers_that_are_not_needed_end(tmp_path: Path) -> None:
    with Crew(2) as crew:
        idle = list(crew._idle)
        assert all(process.poll() is None for process in idle)
    assert all(process.poll() is not None for process in idle)


def test_no_more_start_early_than_there_are_files(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.touch()
    assert early_workers([file], 8) == 1
    assert early_workers([file, tmp_path], 8) == 8
    assert early_workers([tmp_path / "missing"], 3) == 3
    assert early_workers([file, file], 0) >= 1
