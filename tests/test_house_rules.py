"""House rules that no linter checks: size, names, first lines, layers, words to keep out."""

from __future__ import annotations

import ast
import os
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.shared import REPOSITORY

LONGEST, MEDIAN = 400, 200
NAMES_THAT_SAY_NOTHING = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
# Spelled in pieces, so that this file does not say what it forbids.
REGISTRY_HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "anaconda" + ".org",
]
# A folder of one person's or one machine's, as against ~/, a relative or a system path.
DEVELOPER_PATH = re.compile(
    r"(?<![\w.~$}-])/(?:home|Users|root|work|workspace)/[\w.-]|[A-Z]:\\Users\\"
)


def repository_files() -> list[Path]:
    """What is, or could be, committed: tracked files and those git does not ignore."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = [REPOSITORY / name for name in listed.split("\0") if name]
    return sorted(path for path in set(paths) if path.is_file())


def python_files(*folders: str) -> list[Path]:
    """Our Python files, those under ``folders`` only when some are named."""
    wanted = [REPOSITORY / folder for folder in folders] or [REPOSITORY]
    found = [
        path
        for path in repository_files()
        if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in wanted)
    ]
    assert found, f"no Python files under {folders}"
    return found


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def told(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def test_no_file_is_too_long() -> None:
    too_long = {told(path): lines_of(path) for path in python_files() if lines_of(path) > LONGEST}
    assert not too_long, f"split these along their ideas (at most {LONGEST} lines): {too_long}"


def test_most_files_are_short() -> None:
    """The median is taken over files that hold code: empty package files would flatter it."""
    lengths = [lines_of(p) for p in python_files("src") if p.name != "__init__.py"]
    assert statistics.median(lengths) <= MEDIAN


def test_every_module_says_first_what_it_is_for() -> None:
    silent = []
    for path in python_files():
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=False) or ""
        if not said.split("\n", 1)[0].strip():
            silent.append(told(path))
    assert not silent, f"these need a docstring whose first line says what they are for: {silent}"


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    vague = [
        told(path)
        for path in python_files()
        if NAMES_THAT_SAY_NOTHING
        & {part.strip("_") for part in path.relative_to(REPOSITORY).with_suffix("").parts}
    ]
    assert not vague, f"name these after what they do: {vague}"


def test_nothing_prints() -> None:
    """Programs that print break pipes and services; output goes through the CLI's one door."""
    printing = [
        f"{told(path)}:{node.lineno}"
        for path in python_files("src", "tools")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "pprint"}
    ]
    assert not printing


def text_findings(pattern: re.Pattern[str]) -> list[str]:
    """``file:line`` of every line of every text file of the repository that matches."""
    found = []
    read = 0
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" in content:
            continue  # a picture or a model
        read += 1
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{told(path)}:{number}")
    assert read > 10, "the list of files is empty: nothing was checked"
    return found


def test_no_package_registry_is_named() -> None:
    """Where packages come from is the installing machine's business (mirrors, no network)."""
    hosts = re.compile("|".join(re.escape(host) for host in REGISTRY_HOSTS), re.IGNORECASE)
    assert not text_findings(hosts)


def test_no_developer_path_is_named() -> None:
    """A path of one machine works on one machine."""
    assert not text_findings(DEVELOPER_PATH)


@pytest.mark.parametrize("line", ["see /home/" + "ann/x", 'open("/Users/' + 'ann")'])
def test_the_search_for_developer_paths_finds_them(line: str) -> None:
    assert DEVELOPER_PATH.search(line)


@pytest.mark.parametrize("line", ["~/work/x", "src/work/x", "/var/lib/personae", "a/home/b"])
def test_the_search_for_developer_paths_leaves_others_alone(line: str) -> None:
    assert not DEVELOPER_PATH.search(line)


def test_the_type_checker_has_no_holes() -> None:
    """Strict for every module of ours; only libraries without types may be excused."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["mypy"]
    assert settings["strict"] is True
    assert not {"exclude", "ignore_errors", "ignore_missing_imports"} & settings.keys()
    for override in settings["overrides"]:
        assert override.keys() == {"module", "ignore_missing_imports"}, override
        assert not [name for name in override["module"] if name.startswith(("personae", "*"))]


def test_no_line_is_excused_wholesale() -> None:
    """A bare ``noqa`` or ``type: ignore`` hides tomorrow's mistake with today's."""
    bare = re.compile(r"#\s*(?:noqa\b(?!:)|type:\s*ignore\b(?!\[)|ruff:\s*noqa)")
    found = [
        f"{told(path)}:{number}"
        for path in python_files("src", "tools", "tests", "benchmarks")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert not found, f"name the rule that is excused, and why: {found}"


def test_a_logged_error_and_a_warning_fail_a_test(tmp_path: Path) -> None:
    """The guards of ``conftest.py`` and ``pyproject.toml`` are awake."""
    (tmp_path / "tests").mkdir()
    shutil.copy(REPOSITORY / "tests/conftest.py", tmp_path / "tests")
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    (tmp_path / "tests/test_probe.py").write_text(
        "import logging, warnings, pytest\n"
        "def test_logs(): logging.getLogger('personae.x').error('boom')\n"
        "def test_warns(): warnings.warn('boom')\n"
        "@pytest.mark.logs_errors\n"
        "def test_may(): logging.getLogger('personae.x').error('boom')\n"
        "def test_is_quiet(): logging.getLogger('personae.x').warning('only a warning')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "ERROR tests/test_probe.py::test_logs" in done.stdout, done.stdout
    assert "FAILED tests/test_probe.py::test_warns" in done.stdout
    assert "1 failed, 3 passed, 1 error" in done.stdout


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree under ``folder`` with the repository's contracts."""
    command = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--config", str(folder / "pyproject.toml")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_arrows_point_down_only() -> None:
    done = lint_imports(REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("where", "line", "contract"),
    [
        ("core/intruder.py", "import personae.flows", "Arrows point down only"),
        ("flows/intruder.py", "import personae.adapters.sources", "Arrows point down only"),
        ("elsewhere/__init__.py", "", "Arrows point down only"),
        ("flows/intruder.py", "import cv2", "Core, ports and flows know no decoder"),
        ("core/intruder.py", "import scipy.optimize", "Core and ports know nothing but NumPy"),
        (
            "adapters/sources/intruder.py",
            "import personae.adapters.stores",
            "Adapters of one socket do not know those of another",
        ),
    ],
)
def test_an_arrow_that_points_up_is_seen(
    tmp_path: Path, where: str, line: str, contract: str
) -> None:
    """The contracts bite: one wrong import in a copy of the tree breaks the right one."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    shutil.copytree(
        REPOSITORY / "src/personae",
        tmp_path / "src/personae",
        ignore=lambda folder, names: [
            name for name in names if not (Path(folder, name).is_dir() or name.endswith(".py"))
        ],
    )
    intruder = tmp_path / "src/personae" / where
    intruder.parent.mkdir(exist_ok=True)
    intruder.write_text(f'"""What must not be."""\n{line}\n')
    done = lint_imports(tmp_path)
    assert done.returncode != 0, done.stdout + done.stderr
    broken = [text for text in done.stdout.splitlines() if " BROKEN" in text]
    assert any(text.startswith(contract) for text in broken), done.stdout
