"""The documentation says what the program does: reference pages, examples, links."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from personae.core.errors import PersonaeError, error_codes
from tests.shared import REPOSITORY
from tools.docs import cli_reference, errors_reference, settings_reference

REFERENCE = REPOSITORY / "docs" / "reference"
HOW_TO = REPOSITORY / "docs" / "how-to"
PORTRAITS = REPOSITORY / "src/personae/adapters/demo/portraits"
EXAMPLE = re.compile(
    r"^<!-- run -->\n```(console|python)\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def reference(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("cli.md", cli_reference),
        ("errors.md", errors_reference),
        ("settings.md", settings_reference),
    ],
)
def test_a_reference_page_is_what_its_source_says(name: str, source: object) -> None:
    assert reference(name) == source.render(), "run `make docs`"  # type: ignore[attr-defined]


def spellings(parameter: Any) -> list[str]:  # noqa: ANN401 - Typer's copy of Click has no names
    """How a parameter is written in --help: an option's names, an argument's placeholder."""
    if parameter.param_type_name == "argument":
        return [parameter.metavar or parameter.name]
    return [*parameter.opts, *parameter.secondary_opts]


def test_every_command_and_option_is_documented_and_says_what_it_does() -> None:
    said = reference("cli.md")
    silent: list[str] = []
    seen = 0
    for name, command, _ in cli_reference.commands():
        assert f"## `{name}`" in said
        if not (command.help or "").strip():
            silent.append(name)
        for parameter in command.params:
            if parameter.hidden:
                continue
            seen += 1
            for spelling in spellings(parameter):
                assert spelling in said, f"{name} {spelling}"
            if not (parameter.help or "").strip():
                silent.append(f"{name} {parameter.opts[0]}")
    assert seen > 5, "the command line has hardly any options: were they found?"
    assert not silent, f"these say nothing in --help: {silent}"


def test_every_error_code_is_documented() -> None:
    said = reference("errors.md")
    codes = error_codes()
    assert len(codes) > 20
    for code, error in codes.items():
        assert f"### {code}\n\n`{error.__name__}`" in said


def test_every_error_has_its_own_code_and_stands_in_the_drawing() -> None:
    """A code given twice would hide one of the two from the table of codes."""
    families = [PersonaeError]
    for family in families:
        families.extend(family.__subclasses__())
    ours = [error for error in families if error.__module__ == PersonaeError.__module__]
    assert len({error.code for error in ours}) == len(ours)
    drawing = sys.modules[PersonaeError.__module__].__doc__ or ""
    for error in ours:
        assert re.search(rf"\b{error.__name__} +{error.code}\b", drawing), error.__name__


def test_every_setting_is_documented_and_says_what_it_does() -> None:
    said = reference("settings.md")
    found = list(settings_reference.settings())
    assert found
    for leaf in found:
        name = settings_reference.environment_name(leaf.name)
        assert f"| `{leaf.name}` | `{name}` |" in said
    silent = [leaf.name for leaf in found if not leaf.said.strip()]
    assert not silent, f"these have no description: {silent}"


def documents() -> list[Path]:
    """The pages whose examples are run."""
    return [REPOSITORY / "README.md", *sorted(HOW_TO.glob("*.md"))]


def examples(document: Path) -> list[tuple[str, list[str]]]:
    """The marked blocks of a page as ``(command, expected lines)``, in order.

    In a console block a command is a line that starts with ``$ ``; the lines up to the next are
    part of what it prints, in this order; a line that is only ``…`` stands for any number of
    others. A Python block is one script; a text block right below it is what it prints.
    """
    found: list[tuple[str, list[str]]] = []
    for kind, block, printed in EXAMPLE.findall(document.read_text(encoding="utf-8")):
        if kind == "python":
            found.append((f"python - <<'END'\n{block}END", []))
            block = printed
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip() and line.strip() != "…":
                assert found, f"{document.name}: a console block starts with a `$ ` line"
                found[-1][1].append(" ".join(line.split()))
    return found


def test_the_pages_have_examples_that_are_run() -> None:
    pages = sorted(HOW_TO.glob("*.md"))
    assert pages
    assert [page.name for page in pages if not examples(page)] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_the_examples_of_a_page_run(document: Path, tmp_path: Path) -> None:
    """All of a page in one folder, one after the other; ``portraits/`` in it holds photos."""
    shutil.copytree(PORTRAITS, tmp_path / "portraits")
    home = tmp_path / "home"
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PERSONAE_", "XDG_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # One worker: with several, people's numbers hang on which file is finished first
    ours = {"PERSONAE_WORKERS": "1", "COLUMNS": "100", "NO_COLOR": "1"}
    surroundings = {**kept, "HOME": str(home), "PATH": path, **ours}
    for command, expected in examples(document):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=tmp_path,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        printed = iter(" ".join(line.split()) for line in done.stdout.splitlines())
        for line in expected:
            assert line in printed, f"$ {command}\nis said to print: {line}\nbut:\n{done.stdout}"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*REPOSITORY.glob("*.md"), *sorted((REPOSITORY / "docs").rglob("*.md"))]
    followed = 0
    broken = []
    for page in pages:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if target.startswith(("http://", "https://", "mailto:", "#")):
                continue
            followed += 1
            if not (page.parent / target.split("#", 1)[0]).exists():
                broken.append(f"{page.relative_to(REPOSITORY)}: {target}")
    assert followed > 0
    assert not broken
