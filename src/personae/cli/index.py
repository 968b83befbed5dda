"""``personae index``: files and folders into the library, with progress."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

import personae
from personae.app.crew import Crew, early_workers
from personae.app.web_media import split_addresses, terms
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
        fetching = bool(jobs) and jobs[0].kind == "fetch"
        if fetching:
            self._began = time.monotonic()
        self._progress.update(
            self._task,
            description="fetching" if fetching else "indexing",
            completed=share,
            files=f"{total - len(jobs) + len(ended)} of {total} files",
            speed=_megabytes(jobs) if fetching else self._speed(jobs),
        )

    def _speed(self, jobs: Sequence[Job]) -> str:
        seconds = max(time.monotonic() - self._began, 1e-3)
        return f"{sum(job.frames for job in jobs) / seconds:.0f} frames/s"


def _megabytes(jobs: Sequence[Job]) -> str:
    running = [int(str(job.result["bytes"])) for job in jobs if job.result]
    return f"{sum(running) / 1e6:.1f} MB"


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """What ``index`` is asked."""

    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Films, photos and folders of them; https://… addresses of films and playlists.",
        ),
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
    playlist_items: Annotated[
        str, typer.Option(metavar="N,M:N", help="Which films of a playlist on the web: 1:10,15.")
    ] = ""
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
        if self.playlist_items:
            items = {"playlist_items": self.playlist_items}
            values["web"] = known.web.with_changes(items)
        values |= {} if self.library is None else {"library": self.library}
        return known.model_copy(update=values)


@spread
def index(asked: IndexRequest) -> None:
    """Analyse films and photos; what was done before is skipped, what was begun is resumed."""
    settings = asked.settings()
    addresses, local = split_addresses(asked.paths)
    # Before the bar is drawn
    if addresses and (said := terms(settings.library)):
        errors.print(said, markup=False)
    # Before the library, whose modules take as long to load as those of a worker
    with (
        Crew(early_workers(local, asked.workers)) as crew,
        personae.Library(settings) as lib,
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
