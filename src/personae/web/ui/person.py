"""One person: best shots, every appearance by file, and what can be made of them."""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nicegui import run, ui

from personae.adapters.render.words import plain, spoken
from personae.core.errors import UnknownPerson
from personae.core.intervals import length
from personae.core.records import UNKNOWN, Interval, Media, Person, Sighting
from personae.web.site import Site
from personae.web.ui.layout import empty, markup, page, serve_assets
from personae.web.ui.words import clock, count_of
from personae.web.visitors import may

SHOTS = 24
"""Best views that are shown; the others are behind a button."""
TIMES = 40
"""Appearances of one film that are listed below its line; the line has all."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page tells of a person."""

    person: Person
    shots: list[Sighting]
    by_media: list[tuple[Media, list[Interval]]]


def build(site: Site) -> None:
    """Registers the page of a person."""
    serve_assets()

    @ui.page("/people/{number}", response_timeout=60)
    async def person(number: int) -> None:
        found = await run.io_bound(_reader(site, number))
        if found is None:
            with page("Not here", "People"):
                empty(
                    "person_off",
                    f"There is no person {number}",
                    "They were merged into somebody else, or nothing shows them any more.",
                    ("To all people", "/people"),
                )
            return
        with page(found.person.label, "People", scripts=["person.js"], styles=["people.css"]):
            markup(_top(found.person, may(site, "editor")))
            markup(_shots(found))
            markup(_appearances(found))


def _reader(site: Site, number: int) -> Callable[[], _Shown | None]:
    """What reads in a thread; whether it may is asked here, on the page."""
    read_people, read_media = site.library.people, site.library.media
    read_intervals, read_sightings = site.library.appearances, site.library.sightings

    def read() -> _Shown | None:
        people = site.memory.get("people-page", lambda: {p.id: p for p in read_people(hidden=True)})
        if number not in people:
            return None
        try:
            faces = [s for s in read_sightings(f"#{number}") if s.kind == "face"]
            intervals = read_intervals(f"#{number}")
        except UnknownPerson:  # gone since
            return None
        faces.sort(key=lambda s: (-s.quality, s.id))
        media = {m.id: m for m in read_media()}
        mine: dict[int, list[Interval]] = defaultdict(list)
        for one in intervals:
            if one.media in media:
                mine[one.media].append(one)
        by_media = [(media[number], mine[number]) for number in sorted(mine, reverse=True)]
        return _Shown(people[number], faces, by_media)

    return read


def _top(person: Person, editor: bool) -> str:
    told = html.escape(json.dumps(_as_json(person)))
    chips = "" if person.gender == UNKNOWN else _chip(person.gender)
    chips += "".join(_chip(tag) for tag in person.tags)
    chips += '<span class="pe-chip warn">hidden</span>' * (person.kind == "hidden")
    figures = (
        (spoken(person.seconds), "on screen"),
        (f"{person.sightings:,}", "faces" if person.sightings != 1 else "face"),
        (f"{person.media:,}", "files" if person.media != 1 else "file"),
    )
    numbers = "".join(f"<div><b>{value}</b><span>{unit}</span></div>" for value, unit in figures)
    return (
        f'<section class="pe-panel pp-top" id="pp-person" data-person="{told}">'
        f'<img class="pp-face" width="128" height="128" alt="" '
        f'src="/api/v1/people/{person.id}/crop?n={person.sightings}">'
        f'<div class="pe-grow"><div class="pe-row">{chips}</div>'
        f'<div class="pp-figures">{numbers}</div></div>{_buttons(person) if editor else ""}'
        "</section>"
    )


def _as_json(person: Person) -> Mapping[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "kind": person.kind,
        "gender": person.gender,
        "tags": person.tags,
        "sightings": person.sightings,
        "seconds": person.seconds,
    }


def _chip(text: str) -> str:
    return f'<span class="pe-chip accent">{html.escape(text)}</span>'


def _buttons(person: Person) -> str:
    hide = ("visibility", "Show again") if person.kind == "hidden" else ("visibility_off", "Hide")
    deeds = (
        ("name", "edit", "Rename" if person.name else "Name", ""),
        ("tag", "sell", "Tag", ""),
        ("split", "call_split", "Split off faces", ""),
        ("hide", *hide, ""),
        ("supercut", "movie", "Supercut", "primary"),
        ("clips", "content_cut", "Clips", ""),
        ("export", "ios_share", "Export", ""),
    )
    buttons = "".join(
        f'<button class="pe-btn {look}" type="button" data-do="{deed}"><i class="material-icons" '
        f'aria-hidden="true">{icon}</i>{label}</button>'
        for deed, icon, label, look in deeds
    )
    return f'<div class="pe-row pp-deeds">{buttons}</div><ul class="pp-made" id="pp-made"></ul>'


def _shots(shown: _Shown) -> str:
    if not shown.shots:
        return ""
    times = {medium.id: medium for medium, _ in shown.by_media}
    pictures = "".join(_shot(one, times.get(one.media)) for one in shown.shots[:SHOTS])
    more = len(shown.shots) - SHOTS
    note = f'<p class="pe-muted pe-small">and {more:,} more</p>' if more > 0 else ""
    return (
        f'<section class="pe-panel"><h2>Best views</h2><div class="pp-shots">{pictures}</div>{note}'
        "</section>"
    )


def _shot(one: Sighting, medium: Media | None) -> str:
    name = plain(Path(medium.path).name) if medium else ""
    where = html.escape(f"{name}, {clock(one.start)}" if _runs(medium) else name)
    return (
        f'<a href="/video/{one.media}?t={one.start:.2f}" title="{where}"><img loading="lazy" '
        f'width="92" height="92" src="/api/v1/sightings/{one.id}/crop" alt="{where}"></a>'
    )


def _runs(medium: Media | None) -> bool:
    return medium is not None and medium.kind != "photo"


def _appearances(shown: _Shown) -> str:
    films = [(m, found) for m, found in shown.by_media if _runs(m)]
    photos = [m for m, _ in shown.by_media if not _runs(m)]
    if not films and not photos:
        return (
            '<div class="pe-empty"><i class="material-icons" aria-hidden="true">event_busy</i>'
            "<h2>No appearances</h2><p>Known from photos that were enrolled, but not seen in "
            "anything that is indexed.</p></div>"
        )
    lanes = "".join(_lane(medium, found) for medium, found in films)
    text = f'<section class="pe-panel"><h2>On screen</h2>{lanes}</section>' if lanes else ""
    if photos:
        stills = "".join(_photo(m) for m in photos)
        text += (
            f'<section class="pe-panel pp-more"><h2>In {count_of(len(photos), "photo")}</h2>'
            f'<div class="pp-stills">{stills}</div></section>'
        )
    return text


def _photo(medium: Media) -> str:
    name = html.escape(plain(Path(medium.path).name))
    return (
        f'<a href="/video/{medium.id}" title="{name}"><img loading="lazy" height="120" '
        f'src="/api/v1/media/{medium.id}/thumbnail" alt="{name}"></a>'
    )


def _lane(medium: Media, found: Sequence[Interval]) -> str:
    whole = max(medium.duration, 0.001)
    name = html.escape(plain(Path(medium.path).name))
    total = spoken(length([(one.start, one.end) for one in found]))
    bars = "".join(
        f'<a class="{one.known_by}" href="{_at(medium, one)}" tabindex="-1" '
        f'title="{clock(one.start)} to {clock(one.end)}" aria-hidden="true" '
        f'style="left:{one.start / whole:.4%};width:{(one.end - one.start) / whole:.4%}"></a>'
        for one in found
    )
    times = "".join(
        f'<a href="{_at(medium, one)}">{clock(one.start)} to {clock(one.end)}</a>'
        for one in found[:TIMES]
    )
    more = len(found) - TIMES
    times += f'<span class="pe-muted pe-small">and {more:,} more</span>' if more > 0 else ""
    return (
        f'<div class="pp-lane"><a href="/video/{medium.id}" title="{name}">{name}</a>'
        f'<div class="pp-track">{bars}</div><span class="pe-muted pe-small">{total} of '
        f'{clock(medium.duration)}</span><div class="pp-times">{times}</div></div>'
    )


def _at(medium: Media, one: Interval) -> str:
    return f"/video/{medium.id}?t={one.start:.3f}"
