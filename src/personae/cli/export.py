"""``personae export``: appearances as files of editors, players and analysts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer
from rich.progress import Progress

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import emit, errors, say
from personae.cli.spread import spread

if TYPE_CHECKING:
    from personae.app.exporting_formats import ExportOptions


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What ``export`` is asked."""

    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="otio, edl, fcpxml, vtt, srt, ass, mot, coco, json, csv or sidecar.",
        ),
    ]
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file with the format's ending, or a folder for one file a film.",
        ),
    ]
    who: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PERSON...]", help="Names or numbers; everybody if none."),
    ] = None
    media: Annotated[
        str | None,
        typer.Option(metavar="MEDIUM", help="Only this one, by number, path or file name."),
    ] = None
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only the media of this collection.")
    ] = None
    kind: Annotated[str, typer.Option(help="Of vtt: chapters, or metadata with boxes as JSON.")] = (
        "chapters"
    )
    boxes: Annotated[str, typer.Option(help="Of mot: face or body.")] = "face"
    back_to_back: Annotated[
        bool,
        typer.Option(
            "--back-to-back", help="Of otio, edl and fcpxml: clips without the gaps between them."
        ),
    ] = False
    library: LibraryOption = None
    as_json: JsonOption = False

    def options(self) -> ExportOptions:
        """The same as the library takes it, which refuses words that it does not know."""
        # Only now: it brings the database with it
        from personae.app.exporting_formats import ExportOptions

        return ExportOptions(
            media=self.media,
            collection=self.collection,
            kind=cast("Literal['chapters', 'metadata']", self.kind),
            boxes=cast("Literal['face', 'body']", self.boxes),
            back_to_back=self.back_to_back,
        )


@spread
def export(asked: ExportRequest) -> None:
    """Write when and where people are on screen for editors, players and analysts."""
    with existing(asked.library) as lib, Progress(console=errors, transient=True) as bar:
        task = bar.add_task("exporting", total=None)
        made = lib.export(
            asked.form,
            asked.output,
            asked.who or (),
            options=asked.options(),
            watch=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if asked.as_json:
        emit({"format": asked.form, **made.as_json()})
        return
    for path in made.files:
        say(str(path))
    for note in made.notes:
        errors.print(note, markup=False)
