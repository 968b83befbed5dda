"""What commands print: JSON for machines on stdout, tables for people, the rest on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from personae.core.errors import PersonaeError

errors = Console(stderr=True, highlight=False)
"""Progress, warnings and errors."""


def emit(data: object) -> None:
    """One JSON document on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def say(text: str) -> None:
    """A line of text on stdout, as it is."""
    sys.stdout.write(text + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout; numbers to the right."""
    made = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    listed = [list(row) for row in rows]
    for place, column in enumerate(columns):
        numeric = bool(listed) and all(isinstance(r[place], int | float) for r in listed)
        made.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in listed:
        made.add_row(*(_shown(cell) for cell in row))
    # Into a file or a pipe nothing is folded
    width = None if sys.stdout.isatty() else 200
    Console(highlight=False, markup=False, width=width).print(made)


def _shown(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return str(cell)


def clock(seconds: float) -> str:
    """h:mm:ss.mmm."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def tell(error: PersonaeError, *, as_json: bool) -> None:
    """An error on stderr, with its code and what to do."""
    if as_json:
        sys.stderr.write(json.dumps({"error": error.as_json()}, ensure_ascii=False) + "\n")
        return
    errors.print(f"[bold red]{error.code}[/] ", end="")
    errors.print(error.message, markup=False)
    errors.print(f"      {error.hint}", markup=False, style="dim")
