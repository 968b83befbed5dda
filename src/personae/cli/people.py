"""``personae people`` and ``personae cluster``: who there is, and what a person says of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from personae.cli.options import JsonOption, LibraryOption, Who, existing
from personae.cli.output import clock, emit, say, table
from personae.core.records import Person

app = typer.Typer(help="List, name, tag, merge and split people; every act can be undone.",
                  no_args_is_help=True)  # fmt: skip
People = Annotated[list[str], typer.Argument(metavar="PERSON...", help="Names or numbers.")]


def _told(person: Person) -> dict[str, object]:
    return {**asdict(person), "seconds": round(person.seconds, 4)}


def _show(person: Person, as_json: bool, text: str) -> None:
    if as_json:
        emit(_told(person))
    else:
        say(text)


def cluster(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Group the faces of everybody unnamed by person; manual work is kept."""
    with existing(library) as lib:
        done = lib.cluster()
    if as_json:
        emit(asdict(done))
        return
    say(
        f"{done.faces} faces, {done.people} people: {done.created} new, {done.joined} joined, "
        f"{done.left_alone} faces too poor to tell (FMR of a link: {done.fmr:.1e})."
    )


@app.command("list")
def list_people(
    hidden: Annotated[bool, typer.Option("--hidden", help="Hidden people too.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """List everybody, the longest on screen first."""
    with existing(library) as lib:
        people = lib.people(hidden=hidden)
    if as_json:
        emit({"people": [_told(person) for person in people]})
        return
    table(
        "",
        ["number", "name", "kind", "gender", "sightings", "media", "seconds"],
        [[p.id, p.name, p.kind, p.gender, p.sightings, p.media, p.seconds] for p in people],
    )


@app.command()
def show(who: Who, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show a person and their sightings with the numbers that `split` takes."""
    with existing(library) as lib:
        person, sightings = lib.person(who), lib.sightings(who)
        paths = {medium.id: medium.path for medium in lib.media()}
    if as_json:
        rows = [{**asdict(s), "path": paths[s.media]} for s in sightings]
        emit({**_told(person), "sightings_list": rows})
        return
    table(
        f"{person.label} ({person.gender})",
        ["sighting", "media", "in", "out", "quality", "by", "score"],
        [[s.id, paths[s.media], clock(s.start), clock(s.end), s.quality, s.by, s.score]
         for s in sightings],
    )  # fmt: skip


@app.command()
def name(
    who: Who,
    new: Annotated[str, typer.Argument(metavar="NAME", help="What to call them.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a person a name; it is kept for ever."""
    with existing(library) as lib:
        person = lib.name(who, new)
    _show(person, as_json, f"{person.id} is called {person.name}.")


@app.command()
def tag(
    who: Who,
    gender: Annotated[
        str | None, typer.Option(help="Female, Male, Unknown or any other word.")
    ] = None,
    word: Annotated[list[str] | None, typer.Option("--tag", help="A free word.")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set a person's gender, as a person says it is, or add tags."""
    with existing(library) as lib:
        person = lib.tag(who, gender, word or [])
    _show(person, as_json, f"{person.label}: {person.gender} {' '.join(person.tags)}")


@app.command()
def merge(
    who: Who, others: People, library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """Say that others are this person."""
    with existing(library) as lib:
        person = lib.merge(who, *others)
    _show(person, as_json, f"{person.label} now has {person.sightings} sightings.")


@app.command()
def split(
    who: Who,
    sightings: Annotated[list[int], typer.Argument(help="Numbers from `people show`.")],
    new: Annotated[str | None, typer.Option("--name", help="What to call the new person.")] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that these sightings are somebody else."""
    with existing(library) as lib:
        person = lib.split(who, sightings, new)
    _show(person, as_json, f"{person.sightings} sightings are now {person.label}.")
