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
SCRIPT = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
from pathlib import Path
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.core.errors import SourceError
frames, code, sizes = 0, None, set()
try:
    with open_source(Path(sys.argv[1]), SourceOptions()) as source:
        for frame in source.frames():
            sizes.add(frame.picture.rgb().shape == (source.info.height, source.info.width, 3))
            frame.picture.luma(), frame.picture.rgb_at(64, 36)
            frames += 1
except SourceError as error:
    code = error.code
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
json.dump({{"frames": frames, "code": code, "fits": sizes <= {{True}}, "peak_kb": peak}}, sys.stdout)
"""


def malformed() -> list[Path]:
    folder = shared_dir()
    root = None if folder is None else folder / "data/malformed"
    if root is None or not root.is_dir():
        return []
    return sorted(path for path in root.rglob("*") if path.is_file())


FILES = malformed()


@pytest.mark.skipif(not FILES, reason="the shared malformed media are not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:40])
def test_every_broken_file_ends_in_frames_or_a_code(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(limit=LIMIT_BYTES), str(path)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    said = json.loads(done.stdout)
    codes = {code for code, error in error_codes().items() if issubclass(error, SourceError)}
    assert said["frames"] > 0 or said["code"] in codes
    assert said["fits"]
    assert said["peak_kb"] < 300_000
