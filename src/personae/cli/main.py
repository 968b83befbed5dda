"""``personae``: the command line; parse, call the library, print."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer

import personae
from personae.cli import (
    appear,
    clip,
    corrections,
    demo,
    enrol,
    evaluate,
    export,
    index,
    inspect,
    jobs,
    models,
    people,
    profiles,
    regions,
    report,
    search,
    serve,
    users,
    watch,
)
from personae.cli.output import errors, say, tell
from personae.core.errors import PersonaeError

app = typer.Typer(
    name="personae",
    help="Who appears, when and for how long, in your own videos, photos and cameras.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("index")(index.index)
app.command("enrol")(enrol.enrol)
app.command("search")(search.search)
app.command("cluster")(people.cluster)
app.add_typer(corrections.app, name="people")
app.command("profiles")(profiles.profiles)
app.command("appearances")(appear.appearances)
app.command("clip")(clip.clip)
app.command("contact-sheet")(clip.contact_sheet)
app.command("export")(export.export)
app.add_typer(report.app, name="report")
app.add_typer(regions.app, name="regions")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(models.app, name="models")
app.command("serve")(serve.serve)
app.add_typer(users.app, name="users")
app.command("media")(inspect.media)
app.add_typer(jobs.app, name="jobs")
app.command("doctor")(inspect.doctor)
app.command("watch")(watch.watch)
app.command("demo")(demo.demo)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log what is done.")] = False,
) -> None:
    """Who appears, when and for how long, in your own videos, photos and cameras."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr)
    if version:
        say(personae.__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        say(context.get_help())


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except PersonaeError as error:
        tell(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        errors.print("stopped; what is done is kept")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output (head, less) has had enough
        sys.stderr.close()
        sys.exit(0)
