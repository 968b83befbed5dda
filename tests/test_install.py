"""What a user gets: the wheel alone, in a fresh environment, with the locked dependencies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.shared import REPOSITORY

pytestmark = pytest.mark.slow
PACKAGE = REPOSITORY / "src" / "personae"


def run(*command: str | Path, cwd: Path, home: Path | None = None) -> str:
    """Run a command to its end and return what it printed; its failure is the test's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERSONAE_", "PYTHON"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, **({"HOME": str(home)} if home else {})},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the working tree by the locked build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ".")
    run(*build, cwd=REPOSITORY)
    (built,) = folder.glob("personae-*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the runtime lock and the wheel; its ``bin`` folder."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    binaries = folder / "venv" / "bin"
    install = (binaries / "python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:")
    run(*install, "--require-hashes", "-r", REPOSITORY / "requirements.lock", cwd=folder)
    run(*install, "--no-deps", "--no-index", wheel, cwd=folder)
    return binaries


def test_the_wheel_carries_everything_that_is_not_code(wheel: Path) -> None:
    """Weights, portraits, cards, migrations and licences travel with the package."""
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    wanted = {
        f"personae/{path.relative_to(PACKAGE)}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert wanted - carried == set()
    for kind in ("weights/yunet.onnx", "demo/portraits/", "models/cards.toml", "py.typed"):
        assert any(kind in name for name in carried), kind
    assert any(name.endswith("licenses/LICENSE") for name in carried)


def test_the_lock_satisfies_the_package(environment: Path) -> None:
    assert "No broken requirements" in run(
        environment / "python", "-m", "pip", "check", cwd=environment
    )


def test_help_and_doctor_work_from_the_wheel_alone(environment: Path, tmp_path: Path) -> None:
    said = run(environment / "personae", "--help", cwd=tmp_path, home=tmp_path)
    assert "doctor" in said
    assert "index" in said
    health = json.loads(
        run(environment / "personae", "doctor", "--json", cwd=tmp_path, home=tmp_path)
    )
    assert health["ok"] is True
    assert health["checks"]
