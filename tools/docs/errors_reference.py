"""Writes docs/reference/errors.md from the error tree."""

from __future__ import annotations

import inspect
import sys

import personae.web.refusals  # noqa: F401 - what the server refuses stands in the same tree
from personae.core.errors import PersonaeError, error_codes
from tools.docs.page import page, run, table

INTRODUCTION = """
Every error has a code that does not change, so that it can be searched for, and says what to do.
On the command line the exit status tells its family; with `--json` the error is written to standard
error as `{"error": {"code", "message", "hint"}}`. In Python all of them are
`personae.core.errors.PersonaeError`.
"""


def render() -> str:
    """The page as it should be."""
    codes = error_codes()
    families = sorted({error.exit_status for error in codes.values()})
    statuses = [
        (str(status), ", ".join(f"`{e.code}`" for e in codes.values() if e.exit_status == status))
        for status in families
    ]
    return page(
        "Errors",
        INTRODUCTION,
        [
            "## Exit status",
            table(("Status", "Errors"), [("0", "none: all went well"), *statuses]),
            "## Codes",
            *(part for code, error in codes.items() for part in _entry(code, error)),
        ],
    )


def _entry(code: str, error: type[PersonaeError]) -> list[str]:
    said = (inspect.getdoc(error) or "").split("\n\n", 1)[0]
    parent = error.__mro__[1]
    kind = f" · a `{parent.__name__}`" if issubclass(parent, PersonaeError) else ""
    return [
        f"### {code}",
        f"`{error.__name__}` · exit status {error.exit_status}{kind}",
        said,
        f"*What to do:* {error.advice}",
    ]


if __name__ == "__main__":
    sys.exit(run(render, "errors.md"))
