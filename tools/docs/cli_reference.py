"""Writes docs/reference/cli.md from the help that the commands give themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer.main

from personae.cli.main import app
from tools.docs.page import page, run

INTRODUCTION = """
Every command answers `--help`; this page is those answers. What the error codes and exit
statuses mean is in [errors.md](errors.md), and every setting is in [settings.md](settings.md).
"""
WIDTH = 98
# Typer carries its own copy of Click, whose classes have no public name: hence Any below.


def commands() -> Iterator[tuple[str, Any, Any]]:
    """Every visible command as ``(full name, command, context)``, groups before their members."""
    yield from _walk(typer.main.get_command(app), "personae", None)


def _walk(command: Any, name: str, parent: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401
    # Plain text: boxes and colours are for terminals.
    command.rich_markup_mode = None
    context = command.context_class(
        command,
        info_name=name.rsplit(" ", 1)[-1],
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
    )
    yield name, command, context
    for key, member in getattr(command, "commands", {}).items():
        if not member.hidden:
            yield from _walk(member, f"{name} {key}", context)


def render() -> str:
    """The page as it should be."""
    parts = [
        f"## `{name}`\n\n```text\n{_tidy(command.get_help(context))}\n```"
        for name, command, context in commands()
    ]
    return page("Command line", INTRODUCTION, parts)


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


if __name__ == "__main__":
    sys.exit(run(render, "cli.md"))
