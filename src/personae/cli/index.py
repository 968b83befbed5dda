"""``personae index``: files and folders into the library, with progress."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

import personae
from personae.app.crew import Crew, early_workers
from personae.cli.options import JsonOption, LibraryOption
from personae.cli.output import emit, errors, say, table
from personae.cli.spread import spread
from personae.core.records import Job

if TYPE_CHECKING:
    from personae.app.indexing import Summary
    from personae.app.settings import Settings


class Bar:
    """Draws the progress of an ``index`` from its jobs."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[files]}"),
            TextColumn("{task.fields[speed]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=errors,
            transient=True,
        )
        self._task = self._progress.add_task("indexing", total=1.0, files="", speed="")
        self._began = time.monotonic()

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._progress.stop()

    def __call__(self, jobs: Sequence[Job], total: int) -> None:
        """Told several times a second how things go."""
        ended = [job for job in jobs if job.state not in ("waiting", "running")]
        share = sum(1.0 if job in ended else job.progress for job in jobs) / max(len(jobs), 1)
        frames = sum(job.frames for job in jobs)
        seconds = max(time.monotonic() - self._began, 1e-3)
        self._progress.update(
            self._task,
            completed=share,
            files=f"{total - len(jobs) + len(ended)} of {total} files",
            speed=f"{frames / seconds:.0f} frames/s",
        )


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """What ``index`` is asked."""

    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Films, photos and folders of them.")
    ]
    workers: Annotated[
        int, typer.Option(help="Worker processes; 0 is one for each core.", min=0)
    ] = 0
    fps: Annotated[
        float | None, typer.Option(help="Frames a second that are analysed.", min=0.1, max=240)
    ] = None
    recursive: Annotated[bool, typer.Option(help="Look into folders below.")] = True
    collection: Annotated[str | None, typer.Option(help="A name for these media together.")] = None
    min_face: Annotated[
        int | None, typer.Option(help="Height in pixels of the smallest face kept.", min=8)
    ] = None
    bodies: Annotated[bool, typer.Option(help="Look for people as well as for faces.")] = True
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Keep no face crop and no embedding.")
    ] = False
    crowd: Annotated[
        bool, typer.Option("--crowd", help="Look for many and small people: slower, to count them.")
    ] = False
    library: LibraryOption = None
    as_json: JsonOption = False

    def settings(self) -> Settings:
        """The settings in force with what was asked on top."""
        known = personae.Settings()
        changes: dict[str, object] = {}
        changes |= {} if self.bodies else {"bodies": False}
        changes |= {"anonymous": True} if self.anonymous else {}
        changes |= {} if self.fps is None else {"fps": self.fps}
        changes |= {} if self.min_face is None else {"min_face": self.min_face}
        observe = known.observe.crowd() if self.crowd else known.observe
        values: dict[str, object] = {"observe": observe.with_changes(changes)}
        values |= {"workers": self.workers} if self.workers else {}
        values |= {} if self.library is None else {"library": self.library}
        return known.model_copy(update=values)


@spread
def index(asked: IndexRequest) -> None:
    """Analyse films and photos; what was done before is skipped, what was begun is resumed."""
    # Before the library, whose modules take as long to load as those of a worker
    with (
        Crew(early_workers(asked.paths, asked.workers)) as crew,
        personae.Library(asked.settings()) as lib,
        Bar() as bar,
    ):
        summary = lib.index(
            asked.paths,
            recursive=asked.recursive,
            collection=asked.collection,
            watch=bar,
            crew=crew,
        )
        people = lib.people()
    if asked.as_json:
        emit(summary.as_json())
    else:
        _print(summary, len(people))
    if summary.cancelled:
        raise KeyboardInterrupt
    if summary.failed and not summary.indexed and not summary.skipped:
        raise typer.Exit(3)


def _print(summary: Summary, people: int) -> None:
    if summary.indexed:
        table(
            "",
            ["indexed", "kind", "seconds", "faces", "tracks"],
            [[i.path, i.kind, i.duration, i.faces, i.tracks] for i in summary.indexed[:40]],
        )
        if len(summary.indexed) > 40:
            say(f"… and {len(summary.indexed) - 40} more")
    if summary.failed:
        table("", ["failed", "code", "why"], [[f.path, f.code, f.message] for f in summary.failed])
    small = summary.counts.get("too_small", 0)
    if small:
        say(f"{small} face detections were smaller than the least size and not kept (--min-face).")
    say(
        f"{len(summary.indexed)} indexed, {len(summary.skipped)} done before, "
        f"{len(summary.failed)} failed; {people} people in the library."
    )
