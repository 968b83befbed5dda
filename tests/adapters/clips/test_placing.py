"""A clip appears whole or not at all; nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from personae.adapters.clips import placing, write_excerpt
from personae.core.errors import UsageError
from tests.adapters.clips.films import Recipe, make, seen


@pytest.fixture
def film(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    return make(tmp_path / "in/film.mp4", Recipe(base=Fraction(1, 12800), sound="aac"))


@pytest.fixture(params=["nameless", "named"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of writing: the second is that of systems without nameless files."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    elif not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system has no nameless files")
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_a_clip_replaces_an_older_one_and_is_alone(film: Path, tmp_path: Path) -> None:
    target = tmp_path / "out/clip.mp4"
    target.write_bytes(b"older")
    write_excerpt(film, 1.0, 2.0, target)
    assert seen(target).numbers == list(range(25, 50))
    assert list(target.parent.iterdir()) == [target]
    os.umask(mask := os.umask(0))
    assert target.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, OSError])
def test_a_failure_leaves_the_older_clip_and_nothing_else(
    error: type[BaseException], tmp_path: Path
) -> None:
    target = tmp_path / "clip.mp4"
    target.write_bytes(b"older")
    with pytest.raises(error), placing.placed(target) as path:
        Path(path).write_bytes(b"half")
        raise error
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"older"


SCRIPT = """
import sys
from pathlib import Path
from personae.adapters.clips import write_excerpt
if "named" in sys.argv:
    import os
    del os.O_TMPFILE
write_excerpt(Path(sys.argv[1]), 0, 1e9, Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("way", "signalled"),
    [("named", signal.SIGINT), ("nameless", signal.SIGINT), ("nameless", signal.SIGKILL)],
)
def test_an_interrupted_program_leaves_nothing(
    way: str, signalled: signal.Signals, tmp_path: Path
) -> None:
    if not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system has no nameless files")
    base = Fraction(1, 12800)
    long = make(
        tmp_path / "film.mp4", Recipe(frames=1500, base=base, options={"preset": "ultrafast"})
    )
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-c", SCRIPT, str(long), str(out / "clip.mp4"), way]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while not _is_writing(process.pid, out) and time.monotonic() < deadline:
            time.sleep(0.005)
        assert process.poll() is None, "it ended before it could be interrupted"
        process.send_signal(signalled)
        assert process.wait(30) != 0
    assert list(out.iterdir()) == []


def _is_writing(process: int, folder: Path) -> bool:
    links = Path(f"/proc/{process}/fd")
    try:
        return any(os.readlink(link).startswith(str(folder)) for link in links.iterdir())
    except FileNotFoundError:
        return False


def test_a_full_or_forbidden_place_is_named(film: Path, tmp_path: Path) -> None:
    before = film.read_bytes()
    (tmp_path / "link.mp4").symlink_to(film)
    for target in (tmp_path / "out", tmp_path / "absent/clip.mp4", film, tmp_path / "link.mp4"):
        with pytest.raises(UsageError):
            write_excerpt(film, 1.0, 2.0, target)
    assert film.read_bytes() == before
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_is_named_and_leaves_nothing(film: Path, tmp_path: Path) -> None:
    """A limit on file size stands for the full disk: writing fails in the middle."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from personae.adapters.clips import write_excerpt\n"
        "from personae.core.errors import UsageError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try:\n"
        "    write_excerpt(Path(sys.argv[1]), 0, 4, Path(sys.argv[2]))\n"
        "except UsageError as error:\n"
        "    sys.exit(0 if 'cannot be written' in str(error) else 3)\n"
        "sys.exit(4)\n"
    )
    target = tmp_path / "out/clip.mp4"
    done = subprocess.run(
        [sys.executable, "-c", script, str(film), str(target)], timeout=60, check=False
    )
    assert done.returncode == 0
    assert list(target.parent.iterdir()) == []
