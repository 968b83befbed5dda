"""One watch for each library, whatever becomes of the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import personae
from personae.adapters.sources.camera import CameraOptions
from personae.app.cameras import CameraConfig
from personae.app.watch_lock import WatchLock
from personae.app.watching import Watching
from personae.core.errors import LibraryBusy
from personae.flows.watch import WatchSettings

HOLD = """
import sys
from pathlib import Path
from personae.app.watch_lock import WatchLock
lock = WatchLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_is_named_and_one_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin is not None and holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(LibraryBusy, match=f"watched already, by process {holder.pid}"):
        WatchLock(tmp_path)
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    WatchLock(tmp_path).close()


def test_two_watches_of_one_library(tmp_path: Path) -> None:
    cameras = [CameraConfig("door", str(tmp_path / "none.mp4"), CameraOptions())]
    with personae.Library(personae.Settings(library=tmp_path / "library")) as lib:
        with Watching(lib, cameras, WatchSettings()), pytest.raises(LibraryBusy, match="watched"):
            Watching(lib, cameras, WatchSettings())
        with Watching(lib, cameras, WatchSettings()):
            """The first one has let go."""
