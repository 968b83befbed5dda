"""The command ``personae`` as users run it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.shared import REPOSITORY


def started(
    arguments: Sequence[str | Path],
    settings: Mapping[str, str] | None = None,
    output: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """``personae ARGUMENTS`` in a process group of its own.

    Args:
        arguments: of the command.
        settings: more environment, such as ``PERSONAE_OBSERVE__FPS``.
        output: where stdout goes; stderr goes nowhere.
    """
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), **(settings or {})}
    return subprocess.Popen(
        [sys.executable, "-m", "personae.cli", *map(str, arguments)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
