"""``personae appearances`` and ``personae clip``: when somebody is on screen, told or cut out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, Who, existing
from personae.cli.output import clock, emit, say, table


def appearances(who: Who, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List when a person is on screen, with exact in and out times."""
    with existing(library) as lib:
        person = lib.person(who)
        found = lib.appearances(person.id)
    if as_json:
        emit(
            {
                "person": person.id,
                "name": person.name,
                "intervals": [
                    {
                        "person": i.person,
                        "media": i.media,
                        "path": i.path,
                        "start": round(i.start, 6),
                        "end": round(i.end, 6),
                        "known_by": i.known_by,
                        "confidence": i.confidence,
                        "sightings": list(i.sightings),
                    }
                    for i in found
                ],
            }
        )
        return
    table(
        person.label,
        ["media", "in", "out", "seconds", "known by", "confidence"],
        [
            [Path(i.path).name, clock(i.start), clock(i.end), i.end - i.start, i.known_by,
             f"{i.confidence:.4f}"]
            for i in found
        ],
    )  # fmt: skip
    say(f"{sum(i.end - i.start for i in found):.2f} seconds in {len(found)} appearances.")


def clip(
    who: Who,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write the clips to.")
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write every appearance of a person as a playable clip, exact to the frame."""
    with existing(library) as lib:
        written = lib.clips(who, output)
    if as_json:
        emit({"clips": [str(path) for path in written]})
        return
    for path in written:
        say(str(path))
