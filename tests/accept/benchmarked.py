"""Runs a benchmark script in a process of its own and reads its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.accept.proof import NotRun
from tests.shared import REPOSITORY


def measured(script: str, folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - any JSON
    """What ``python benchmarks/SCRIPT --json`` says, run in ``folder``.

    Raises:
        NotRun: there is no such script.
    """
    path = REPOSITORY / "benchmarks" / script
    if not path.is_file():
        raise NotRun(f"needs benchmarks/{script}")
    done = subprocess.run(
        [sys.executable, str(path), "--json", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}"},
        stdout=subprocess.PIPE,
        timeout=1200,
        check=True,
    )
    return json.loads(done.stdout)
