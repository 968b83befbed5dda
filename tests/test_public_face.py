"""The public face: small, complete, and nothing happens when it is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.shared import REPOSITORY

HEAVY = {
    *("onnxruntime", "cv2", "av", "PIL", "sqlalchemy", "alembic", "faiss", "sklearn", "scipy"),
    *("matplotlib", "pydantic", "pydantic_settings", "typer", "rich", "nicegui", "fastapi"),
}
# Everything the interpreter is asked to do to the machine while the package is imported.
WATCHED_IMPORT = """
import json, sys
done = []
WRITES = ("w", "a", "x", "+")
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.", "tempfile.", "sqlite3.",
           "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn",
           "socket.connect", "socket.getaddrinfo", "urllib.Request")
def watch(event, args):
    if event == "open" and isinstance(args[1], str) and any(sign in args[1] for sign in WRITES):
        done.append([event, str(args[0])])
    elif event.startswith(CHANGES):
        done.append([event, str(args[:1])])
sys.addaudithook(watch)
import warnings
filters = list(warnings.filters)
import numpy
before = dict(__import__("os").environ)
filters = list(warnings.filters)
import personae
after = dict(__import__("os").environ)
json.dump({"modules": sorted(sys.modules), "done": done, "environment": before == after,
           "filters": filters == list(warnings.filters)}, sys.stdout)
"""


def python(code: str, home: Path) -> Any:  # noqa: ANN401 - what the code prints as JSON
    """Run ``code`` in a fresh interpreter with an empty home and return what it prints."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERSONAE_", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", code],
        env={**kept, "HOME": str(home), "PYTHONPATH": str(REPOSITORY / "src")},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What importing the package did, and whether it left something in the home folder."""
    home = tmp_path_factory.mktemp("home")
    seen = python(WATCHED_IMPORT, home)
    return {**seen, "left": [str(path) for path in home.rglob("*")]}


def test_import_loads_nothing_heavy(imported: dict[str, Any]) -> None:
    assert "personae" in imported["modules"]
    assert not HEAVY & {name.split(".")[0] for name in imported["modules"]}


def test_import_changes_nothing(imported: dict[str, Any]) -> None:
    """No file, folder, process or connection; no variable and no warning filter of the caller."""
    assert imported["left"] == []
    assert imported["done"] == []
    assert imported["environment"]
    assert imported["filters"]


def test_the_watch_would_see_it(tmp_path: Path) -> None:
    """The hook of the test above is awake: a written file and a heavy import are reported."""
    code = WATCHED_IMPORT.replace("import personae", "import scipy; open('left', 'w').close()")
    seen = python(code, tmp_path)
    assert ["open", "left"] in seen["done"]
    assert "scipy" in seen["modules"]


def test_all_is_what_one_sees(tmp_path: Path) -> None:
    code = """
import json, personae
names = {name: getattr(personae, name) is not None for name in personae.__all__}
json.dump({"all": personae.__all__, "dir": dir(personae), "there": names}, __import__("sys").stdout)
"""
    seen = python(code, tmp_path)
    assert len(seen["all"]) == len(set(seen["all"]))
    assert {n for n in seen["dir"] if not n.startswith("_")} == {
        n for n in seen["all"] if not n.startswith("_")
    }
    assert all(seen["there"].values())
    assert 5 <= len(seen["all"]) <= 30


def test_a_name_that_is_not_there_is_refused() -> None:
    import personae

    with pytest.raises(AttributeError, match="no_such_name"):
        _ = personae.no_such_name
