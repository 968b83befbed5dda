"""Runs ``personae`` as a user would, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.shared import REPOSITORY


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a user who has set nothing."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PERSONAE_")}
    return {**clean, "PYTHONPATH": str(REPOSITORY / "src"), **(extra or {})}


def start(*words: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """Starts the command in a process group of its own, which a test may kill."""
    return subprocess.Popen(
        [sys.executable, "-m", "personae.cli", *map(str, words)],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def run(*words: str | Path, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs the command and insists on its exit status."""
    with start(*words, cwd=cwd) as process:
        out, err = process.communicate(timeout=300)
    done = subprocess.CompletedProcess(list(map(str, words)), process.returncode, out, err)
    assert done.returncode == status, f"exit {done.returncode}\n{out}\n{err}"
    return done


def answer(*words: str | Path, cwd: Path, status: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """What the command prints with ``--json``."""
    return json.loads(run(*words, "--json", cwd=cwd, status=status).stdout)
