"""``personae appearances``: when somebody is on screen."""

from __future__ import annotations

from pathlib import Path

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
