"""Measure: screen time by person and gender, who is there when and with whom, how many people."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from nicegui import run, ui

from personae.adapters.render.palette import lane_colours
from personae.adapters.render.words import plain, short_names
from personae.core.records import Media
from personae.web.site import Site
from personae.web.ui.crowd_chart import crowd_panels
from personae.web.ui.figures import downloads, facts, gauges, how, pairs, when
from personae.web.ui.layout import empty, markup, page
from personae.web.ui.stage import STYLES, Lanes

VIEWS = (
    ("time", "Screen time"),
    ("when", "Who is there when"),
    ("together", "Who is with whom"),
    ("crowd", "How many people"),
)
"""Key and label of each part of the page."""
MOST = 20
"""Films drawn one below the other; a filter brings the others."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is measured.

    Attributes:
        view: one of `VIEWS`.
        collection: only this one; None for all media.
        medium: only this one, by number; None for all of the collection.
    """

    view: str
    collection: str | None
    medium: int | None

    def address(self, **other: str) -> str:
        """Of this page with something else asked."""
        known = {
            "view": self.view,
            "collection": self.collection or "",
            "media": str(self.medium or ""),
        }
        return "/measure?" + urlencode({k: v for k, v in {**known, **other}.items() if v})


def build(site: Site) -> None:
    """Registers the page."""

    @ui.page("/measure", response_timeout=120)
    async def measure(view: str = "time", collection: str = "", media: str = "") -> None:
        shown = site.library.media()
        asked = _asked(shown, view, collection, media)
        about = "Who is on screen, for how long, when and with whom."
        with page("Measure", "Measure", about=about, styles=STYLES, scripts=["measure.js"]):
            if not shown:
                empty(
                    "bar_chart",
                    "There is nothing to measure yet",
                    "Add videos to the library; screen time, presence and pairs are counted here.",
                    ("To the library", "/"),
                )
                return
            markup(_tools(shown, asked), "pv-tools")
            await _VIEWS[asked.view](site, asked)


def _asked(shown: Sequence[Media], view: str, collection: str, media: str) -> Asked:
    """What the address says, as far as there is such a thing."""
    known = {m.collection for m in shown if m.collection}
    only = collection if collection in known else None
    number = int(media) if media.isdecimal() and len(media) < 12 else None
    here = {m.id for m in shown if only is None or m.collection == only}
    chosen = view if view in dict(VIEWS) else "time"
    return Asked(chosen, only, number if number in here else None)


def _tools(shown: Sequence[Media], asked: Asked) -> str:
    names = short_names(m.path for m in shown)
    collections = sorted({m.collection for m in shown if m.collection})
    films = [m for m in shown if asked.collection in (None, m.collection)]
    groups = "".join(_option(name, plain(name), name == asked.collection) for name in collections)
    choices = "".join(
        _option(str(m.id), names[m.path], m.id == asked.medium)
        for m in sorted(films, key=lambda m: names[m.path].casefold())
    )
    whole = (
        '<select class="pe-select" name="collection" aria-label="Collection">'
        f"{_option('', 'All collections', asked.collection is None)}{groups}</select>"
    )
    tabs = "".join(_tab(key, label, asked) for key, label in VIEWS)
    return (
        f'<nav class="pv-tabs" aria-label="Reports">{tabs}</nav>'
        f'<form id="pm-filter" class="pe-row" action="/measure">'
        f'<input type="hidden" name="view" value="{asked.view}">'
        f"{whole if collections else ''}"
        '<select class="pe-select" name="media" aria-label="Film">'
        f"{_option('', 'All films and photos', asked.medium is None)}{choices}</select></form>"
    )


def _tab(key: str, label: str, asked: Asked) -> str:
    lit = ' aria-current="page"' if key == asked.view else ""
    return f'<a class="pv-tab" href="{html.escape(asked.address(view=key))}"{lit}>{label}</a>'


def _option(value: str, label: str, chosen: bool) -> str:
    mark = " selected" if chosen else ""
    return f'<option value="{html.escape(value)}"{mark}>{html.escape(label)}</option>'


async def _made(act: Callable[[], T]) -> T:
    """Computed beside the event loop."""
    made = await run.io_bound(act)
    if made is None:
        raise RuntimeError("the server ends")
    return made


async def _time(site: Site, asked: Asked) -> None:
    make = site.library.reports.screen_time
    person = await _made(lambda: make("person", asked.collection, asked.medium))
    gender = await _made(lambda: make("gender", asked.collection, asked.medium))
    markup(facts(person), "pe-panel")
    for report, title in ((person, "Screen time by person"), (gender, "Screen time by gender")):
        with ui.element("section").classes("pe-panel").props(f"data-by={report.by}"):
            markup(gauges(report, title))
            markup(downloads("screen-time", report.by, asked.collection, asked.medium))
    markup(how(person), "pe-panel")


async def _when(site: Site, asked: Asked) -> None:
    make = site.library.reports.presence
    made = await _made(lambda: make("person", asked.collection, asked.medium))
    colours = lane_colours(made.report, made.films)
    films = [film for film in made.films if film.lanes]
    if not films:
        empty("person_off", "Nobody is on screen in these films", "Choose others above.")
        return
    names = short_names(film.film.path for film in made.films)
    for film in films[:MOST]:
        number, name = film.film.media, names[film.film.path]
        with ui.element("section").classes("pe-panel"):
            markup(f'<h2><a href="/video/{number}">{html.escape(name)}</a></h2>')
            seconds = film.film.duration
            Lanes((number, name, seconds), film.lanes, colours, link=True)
            markup(when(film))
    left = len(films) - MOST
    if left > 0:
        markup(f"{left} more films are not drawn here; choose one above.", "pe-muted")
    with ui.element("section").classes("pe-panel"):
        markup("<h2>All of it as a file</h2>")
        markup(downloads("presence", "person", asked.collection, asked.medium))
    markup(how(made.report), "pe-panel")


async def _together(site: Site, asked: Asked) -> None:
    make = site.library.reports.together
    person = await _made(lambda: make("person", asked.collection, asked.medium))
    gender = await _made(lambda: make("gender", asked.collection, asked.medium))
    if not person.pairs:
        empty(
            "group_off",
            "No two people share a film here",
            "Pairs are counted where two people are on screen in the same film.",
        )
        return
    for report, title in ((person, "People"), (gender, "Genders, as people tagged them")):
        with ui.element("section").classes("pe-panel"):
            markup(pairs(report, title))
            markup(downloads("together", report.by, asked.collection, asked.medium))
    markup(how(person), "pe-panel")


async def _crowd(site: Site, asked: Asked) -> None:
    make = site.library.crowd
    report = await _made(lambda: make(asked.medium, asked.collection))
    films = [f for f in report.films if f.seconds > 0 and f.tracks]
    if not films:
        empty(
            "groups",
            "No bodies were followed in these films",
            "Crowds are counted in films that were analysed with bodies, which is the default.",
        )
        return
    markup(
        "How many people are in the picture, moment by moment, by their faces and bodies; nobody "
        "is identified for this.",
        "pe-muted",
    )
    names = {f.path: plain(Path(f.path).name) for f in films}
    crowd_panels(films[:MOST], names)
    with ui.element("section").classes("pe-panel"):
        markup("<h2>All of it as a file</h2>")
        markup(downloads("crowd", None, asked.collection, asked.medium))
    markup(how(report), "pe-panel")


_VIEWS = {"time": _time, "when": _when, "together": _together, "crowd": _crowd}
