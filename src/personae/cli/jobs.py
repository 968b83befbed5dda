"""``personae jobs``: files that were asked for: listed, shown, cancelled, tried again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit, say, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personae.core.records import Job

app = typer.Typer(help="Files that were asked for: how far, what failed.", no_args_is_help=False)

Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="A path, or a file's name if it is unique.")
]
State = Literal["waiting", "running", "done", "failed", "cancelled"]


@app.callback(invoke_without_command=True)
def jobs(
    context: typer.Context, library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """Files that were asked for: how far, what failed; without a command they are listed."""
    if context.invoked_subcommand is None:
        _list(library, None, as_json)
        return
    source = context.get_parameter_source("library")
    if as_json or (source is not None and source.name == "COMMANDLINE"):
        # Each command has its own; said here they would be lost in silence
        raise typer.BadParameter(f"say this after {context.invoked_subcommand!r}")


@app.command("list")
def list_jobs(
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """List jobs with their state, progress and errors, the newest last."""
    _list(library, state, as_json)


@app.command()
def show(files: Files, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show all that is known of the jobs about some files."""
    with existing(library) as lib:
        found = _about(lib.jobs(), files)
    if as_json:
        emit({"jobs": [asdict(job) for job in found]})
        return
    for job in found:
        table(job.payload.get("path", job.key), ["", ""], _lines(job))


@app.command()
def cancel(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="A path, or a file's name if it is unique."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait or run.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cancel jobs that wait or run, also those of an index that is going on."""
    from personae.app.job_control import cancel as give_up

    if bool(files) == everything:
        raise typer.BadParameter("Name files, or say --all.")
    with existing(library) as lib:
        known = lib.jobs()
        done = give_up(lib.store, known if everything else _about(known, files or []))
    if as_json:
        emit({"cancelled": [job.payload.get("path") for job in done]})
    else:
        say(f"{len(done)} cancelled; what was finished is kept.")


@app.command()
def retry(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="A path, or a file's name if it is unique."),
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="All that failed or were cancelled.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index files again that failed or were cancelled, with the settings in force now."""
    from personae.cli.index import index

    if bool(files) == failed:
        raise typer.BadParameter("Name files, or say --failed.")
    with existing(library) as lib:
        known = lib.jobs()
        over = ("failed", "cancelled")
        chosen = [j for j in known if j.state in over] if failed else _about(known, files or [])
        folder = lib.folder
    paths = [job.payload["path"] for job in chosen if job.payload.get("path")]
    if paths:
        index(paths=paths, library=folder, as_json=as_json)
    elif as_json:
        emit({"indexed": [], "skipped": [], "failed": []})
    else:
        say("Nothing failed.")


def _about(known: Sequence[Job], files: Sequence[str]) -> list[Job]:
    from personae.app.job_control import jobs_about

    return jobs_about(known, files)


def _list(library: Path | None, state: State | None, as_json: bool) -> None:
    with existing(library) as lib:
        rows = [job for job in lib.jobs() if state is None or job.state == state]
    if as_json:
        emit({"jobs": [asdict(row) for row in rows]})
        return
    table(
        "",
        ["state", "progress", "attempts", "file", "error"],
        [
            [j.state, f"{100 * j.progress:.0f} %", j.attempts, j.payload.get("path"),
             (j.error or {}).get("message")]
            for j in rows
        ],
    )  # fmt: skip


def _lines(job: Job) -> list[list[object]]:
    changed = datetime.fromtimestamp(job.updated_at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    lines: list[list[object]] = [
        ["state", job.state],
        ["progress", f"{100 * job.progress:.0f} %, {job.frames} frames"],
        ["attempts", job.attempts],
        ["worker", job.worker or "none"],
        ["last change", changed],
    ]
    if job.error is not None:
        lines += [["error", f"{job.error['code']} {job.error['message']}"]]
        lines += [["what to do", job.error["hint"]]]
    return lines
