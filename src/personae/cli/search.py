"""``personae search``: who looks like this face, when, where, and how sure is that."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, existing
from personae.cli.output import clock, emit, errors, say, table
from personae.cli.spread import spread
from personae.core.errors import SeveralFaces

if TYPE_CHECKING:
    from personae.app.finding import Found
    from personae.app.library import Library


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What ``search`` is asked."""

    image: Annotated[Path, typer.Argument(help="A photo of a face.")]
    face: Annotated[
        int | None, typer.Option(help="Which face of the photo, from the left.", min=1)
    ] = None
    fmr: Annotated[
        float, typer.Option(help="Highest false-match rate of one comparison.", min=1e-9, max=0.5)
    ] = 1e-4
    limit: Annotated[int, typer.Option(help="Most appearances listed.", min=1)] = 100
    clips: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write a playable clip of each here.")
    ] = None
    library: LibraryOption = None
    as_json: JsonOption = False


@spread
def search(asked: SearchRequest) -> None:
    """Find every appearance of the person in a photo."""
    with existing(asked.library) as lib:
        face = asked.face
        try:
            found = lib.search(asked.image, face=face, fmr=asked.fmr, limit=asked.limit)
        except SeveralFaces:
            face = _ask(lib, asked.image, asked.as_json)
            found = lib.search(asked.image, face=face, fmr=asked.fmr, limit=asked.limit)
        written = [] if asked.clips is None else lib.write_clips(found, asked.clips)
    if asked.as_json:
        emit({**found.as_json(), "clips": [str(path) for path in written]})
        return
    _print(found)
    if written:
        say(f"{len(written)} clips written to {asked.clips}")


def _ask(lib: Library, image: Path, as_json: bool) -> int:
    faces = lib.faces(image).faces
    if as_json or not sys.stdin.isatty():
        raise SeveralFaces(f"{image} shows {len(faces)} faces")
    for one in faces:
        x1, y1, x2, y2 = one.box
        errors.print(f"{one.number}: {x2 - x1:.0f} x {y2 - y1:.0f} pixels at {x1:.0f}, {y1:.0f}")
    return int(typer.prompt("Which face, from the left?", type=int, err=True))


def _print(found: Found) -> None:
    if not found.matches:
        say(f"Nobody like this among {found.comparisons} faces (FMR {found.threshold_fmr:g}).")
        return
    rows = []
    shown: object = object()
    for one in found.matches:
        match = one.match
        who = one.name or (f"person {match.person}" if match.person else "nobody yet")
        label = who if match.person != shown or match.person is None else ""
        shown = match.person
        through = " (through the person)" if match.through else ""
        rows.append(
            [
                label,
                Path(one.path).name,
                f"{clock(one.start)} – {clock(one.end)}" if one.end else "photo",
                f"{match.score:.3f}",
                f"{match.fmr:.0e}",
                f"{int(match.probability * 1e4) / 1e4:.4f}{through}",
            ]
        )
    table("", ["person", "media", "in – out", "score", "FMR", "probability"], rows)
    expected = found.threshold_fmr * found.comparisons
    say(
        f"Compared with {found.comparisons} faces at FMR {found.threshold_fmr:g}: "
        f"{expected:.2g} false matches are to be expected."
    )
    if found.uncalibrated:
        say("Nobody measured this face model: its rates are a cautious guess.")
