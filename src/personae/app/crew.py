"""Worker processes, some of them started before it is known what they shall do.

Python takes a second to load what a worker needs. The command line starts its first workers before
it loads the rest of itself, so that both load side by side. Nothing heavy is imported here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Workers run in parallel; none needs threads of its own."""


def early_workers(paths: list[Path], wanted: int) -> int:
    """How many workers are sure to be needed: no more than there are files.

    Args:
        paths: what shall be indexed; a folder counts as many files.
        wanted: the number asked for, 0 for one for each core.
    """
    most = wanted or os.cpu_count() or 1
    files = len(paths) if all(path.is_file() for path in paths) else most
    return min(most, files)


class Crew:
    """Starts workers, and ends those that were started in vain.

    Args:
        early: how many to start at once.
    """

    def __init__(self, early: int = 0) -> None:
        self._idle = [_started() for _ in range(early)]

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *failure: object) -> None:
        self.dismiss()

    def send(self, settings: Mapping[str, object]) -> subprocess.Popen[bytes]:
        """A worker that goes to work with these settings."""
        process = self._idle.pop() if self._idle else _started()
        if process.stdin is not None:
            # Should it be dead already, whoever asks for its exit status will see
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(json.dumps(settings).encode() + b"\n")
                process.stdin.flush()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        return process

    def dismiss(self) -> None:
        """Ends the workers that were never sent."""
        for process in self._idle:
            process.kill()
        for process in self._idle:
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        self._idle.clear()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "personae.worker"],
        env={**os.environ, **THREADS},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
