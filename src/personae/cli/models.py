"""``personae models``: which networks there are, whose they are, and whether they are sound."""

from __future__ import annotations

from typing import Annotated

import typer

from personae.cli.options import JsonOption, installed
from personae.cli.output import emit, say, table

app = typer.Typer(help="The networks, their licences and their health.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: JsonOption = False) -> None:
    """List every model with its task, licence and origin."""
    rows = installed().models()
    if as_json:
        emit({"models": rows})
        return
    table(
        "",
        ["name", "task", "licence", "default", "MB", "origin"],
        [[r["name"], r["task"], r["licence"], "yes" if r["default"] else "", r["megabytes"],
          r["origin"]] for r in rows],
    )  # fmt: skip


@app.command()
def check(
    provider: Annotated[str, typer.Option(help="Execution provider to load them with.")] = "cpu",
    as_json: JsonOption = False,
) -> None:
    """Compare every weight file with its card's SHA-256 and load it."""
    rows = installed().check_models(provider)
    if as_json:
        emit({"ok": all(r["ok"] for r in rows), "provider": provider, "models": rows})
    else:
        table("", ["model", "ok", "", "sha256"],
              [[r["name"], "yes" if r["ok"] else "NO", r["message"], str(r["sha256"])[:16]]
               for r in rows])  # fmt: skip
        say(f"run by: {provider}")
    if not all(r["ok"] for r in rows):
        raise typer.Exit(4)
