"""How a generated reference page is made: its head, its tables, writing it and checking it."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = REPOSITORY / "docs" / "reference"
GENERATED = "<!-- Written by `make docs`; change its source, not this page. -->"


def page(title: str, introduction: str, parts: Iterable[str]) -> str:
    """A whole page of Markdown: generated-by note, title, introduction, parts."""
    return "\n\n".join([f"# {title}", GENERATED, introduction.strip(), *parts]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars and line ends inside a cell are made harmless."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def run(render: Callable[[], str], name: str) -> int:
    """Write ``docs/reference/<name>``, or with ``--check`` say how it differs from its source.

    Returns:
        The exit status: 1 when the page on disk is missing or out of date, else 0.
    """
    parser = argparse.ArgumentParser(description=f"Write docs/reference/{name}.")
    parser.add_argument("--check", action="store_true", help="only compare; change nothing")
    wanted, path = render(), REFERENCE / name
    if not parser.parse_args().check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted, encoding="utf-8")
        return 0
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = difflib.unified_diff(
        present.splitlines(keepends=True), wanted.splitlines(keepends=True), name, "its source"
    )
    sys.stdout.writelines(difference)
    return int(present != wanted)
