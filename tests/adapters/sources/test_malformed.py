"""Real broken and hostile files: each ends in frames or a code, soon and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from personae.core.errors import SourceError, error_codes
from tests.shared import REPOSITORY, shared_dir

LIMIT_S = 20
LIMIT_BYTES = 2 << 30
MOST_KB = 300_000
READER = """
import json, os, resource, signal, sys
from pathlib import Path
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.core.errors import SourceError

def read(path):
    frames, code, fits = 0, None, True
    try:
        with open_source(path, SourceOptions()) as source:
            for frame in source.frames():
                shape = frame.picture.rgb().shape
                fits = fits and shape == (source.info.height, source.info.width, 3)
                frame.picture.luma(), frame.picture.rgb_at(64, 36)
                frames += 1
    except SourceError as error:
        code = error.code
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"frames": frames, "code": code, "fits": fits, "peak_kb": peak}

for name in sys.argv[3:]:
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
        signal.alarm(int(sys.argv[1]))
        os.write(send, json.dumps(read(Path(name))).encode())
        os._exit(0)
    os.close(send)
    with open(receive, "rb") as pipe:
        said = pipe.read().decode()
    sys.stdout.write(json.dumps({"status": os.waitpid(child, 0)[1], "said": said}) + chr(10))
"""
"""Reads each file in a process of its own that is killed when it takes too long."""


def malformed() -> list[Path]:
    folder = shared_dir()
    root = None if folder is None else folder / "data/malformed"
    if root is None or not root.is_dir():
        return []
    return sorted(path for path in root.rglob("*") if path.is_file())


FILES = malformed()


@pytest.fixture(scope="module")
def outcomes() -> dict[Path, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", READER, str(LIMIT_S), str(LIMIT_BYTES), *map(str, FILES)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        timeout=300,
        check=True,
    )
    lines = done.stdout.decode().splitlines()
    return dict(zip(FILES, map(json.loads, lines), strict=True))


@pytest.mark.skipif(not FILES, reason="the shared malformed media are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:40])
def test_every_broken_file_ends_in_frames_or_a_code(
    path: Path, outcomes: dict[Path, dict[str, object]]
) -> None:
    outcome = outcomes[path]
    assert outcome["status"] == 0, "it crashed, or was killed after its time"
    said = json.loads(str(outcome["said"]))
    codes = {code for code, error in error_codes().items() if issubclass(error, SourceError)}
    assert said["frames"] > 0 or said["code"] in codes
    assert said["fits"]
    assert said["peak_kb"] < MOST_KB
