"""``personae regions``: face regions in photos' metadata, written for other programs and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit, errors, say, table
from personae.cli.spread import spread

if TYPE_CHECKING:
    from personae.app.indexing import Failure
    from personae.app.regions_reading import ReadSummary
    from personae.app.regions_writing import WriteSummary

SHOWN = 40
"""Rows of a table; ``--json`` has all."""

app = typer.Typer(
    help="Face regions (MWG) in photos' metadata: written for other programs, and read.",
    no_args_is_help=True,
)


@app.callback()
def root() -> None:
    """Face regions (MWG) in photos' metadata: written for other programs, and read."""


class Bar:
    """Draws how many photos are done."""

    def __init__(self, what: str) -> None:
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=errors, transient=True)
        self._task = self._progress.add_task(what, total=None)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int) -> None:
        """Told after every photo."""
        self._progress.update(self._task, completed=done, total=total)


@dataclass(frozen=True, slots=True)
class WriteRequest:
    """What ``regions write`` is asked."""

    collection: Annotated[str | None, typer.Option(help="Only the photos of this collection.")] = (
        None
    )
    embed: Annotated[
        bool,
        typer.Option("--embed/--sidecar", help="Into JPEG and PNG files, or beside the photos."),
    ] = False
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", "-o", metavar="FOLDER", help="Put sidecars, or with --embed copies, there."
        ),
    ] = None
    in_place: Annotated[
        bool,
        typer.Option("--in-place", help="With --embed: change the originals (not their pictures)."),
    ] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be written.")] = (
        False
    )
    library: LibraryOption = None
    as_json: JsonOption = False


@app.command("write")
@spread
def write(asked: WriteRequest) -> None:
    """Write the named faces of photos as regions that digiKam, Lightroom and others read."""
    from personae.app.regions_writing import WriteOptions

    options = WriteOptions(
        collection=asked.collection,
        embed=asked.embed,
        in_place=asked.in_place,
        folder=None if asked.into is None else asked.into.expanduser(),
        dry_run=asked.dry_run,
    )
    with existing(asked.library) as lib, Bar("writing") as bar:
        done = lib.regions.write(options, bar)
    if asked.as_json:
        emit(done.as_json())
    else:
        _print_written(done)
    if done.failed and not done.written and not done.unchanged:
        raise typer.Exit(3)


@app.command("read")
def read(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH...]", help="Photos and folders; all photos if none."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be named.")
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Name people after the regions in photos of the library; what was named here stays."""
    with existing(library) as lib, Bar("reading") as bar:
        done = lib.regions.read(paths or [], dry_run=dry_run, watch=bar)
    if as_json:
        emit(done.as_json())
    else:
        _print_read(done)
    if done.failed and not done.regions:
        raise typer.Exit(3)


def _print_written(done: WriteSummary) -> None:
    rows = [[w.file, ", ".join(w.names) or "–"] for w in done.written]
    _rows(["to be written" if done.dry_run else "written", "people"], rows)
    _rows(
        ["conflict", "named here", "named there"],
        [[c.path, c.name, c.theirs] for c in done.conflicts],
    )
    _failures(done.failed)
    would = "would be written" if done.dry_run else "written"
    say(
        f"{len(done.written)} files {would}, {len(done.unchanged)} as they should be, "
        f"{len(done.conflicts)} conflicts, {len(done.failed)} failed."
    )


def _print_read(done: ReadSummary) -> None:
    _rows(
        ["to be named" if done.dry_run else "named", "person", "faces"],
        [[n.name, n.person, len(n.sightings)] for n in done.named],
    )
    _rows(["conflict", "name there", "why"], [[c.path, c.name, c.why] for c in done.conflicts])
    _rows(["no face here", "name there"], [[u.path, u.name] for u in done.unmatched])
    _failures(done.failed)
    say(
        f"{done.regions} named regions in {done.photos} photos: {len(done.named)} people named, "
        f"{done.agreed} faces known as such, {len(done.conflicts)} conflicts, "
        f"{len(done.unmatched)} round no face, {len(done.failed)} failed."
    )


def _failures(failed: list[Failure]) -> None:
    _rows(["failed", "code", "why"], [[f.path, f.code, f.message] for f in failed])


def _rows(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        table("", columns, rows[:SHOWN])
    if len(rows) > SHOWN:
        say(f"… and {len(rows) - SHOWN} more")
