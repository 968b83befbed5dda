"""``personae watch`` as a service runs it: ended by a signal, it keeps what it saw."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.system.command import answer, run, start
from tests.system.conftest import Site


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_watch_that_is_told_to_end_keeps_what_it_saw(
    made: Site, tmp_path: Path, sent: signal.Signals, status: int
) -> None:
    camera = f"door={made.film}"
    words = ("watch", camera, "--loop", "--no-liveness", "--library", "library")
    with start(*words, cwd=tmp_path) as watch:
        until = time.monotonic() + 60
        while not somebody(tmp_path / "library" / "status.json"):
            assert watch.poll() is None and time.monotonic() < until, "nobody came"
            time.sleep(0.2)
        refused = run(*words, cwd=tmp_path, status=5)
        assert "P403" in refused.stderr and str(watch.pid) in refused.stderr
        time.sleep(2)
        watch.send_signal(sent)
        watch.communicate(timeout=60)
    assert watch.returncode == status
    told = json.loads((tmp_path / "library" / "status.json").read_text("utf-8"))
    assert told["running"] is False
    people = answer("people", "list", "--library", "library", cwd=tmp_path)["people"]
    assert people and all(person["seconds"] > 0.5 for person in people)


def somebody(status: Path) -> bool:
    """Whether anybody is told to be there."""
    if not status.exists():
        return False
    return any(stream["persons"] for stream in json.loads(status.read_text("utf-8"))["streams"])
