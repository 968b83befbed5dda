"""One film with names over it, who is on screen now, and everybody's lanes; or one photo."""

from __future__ import annotations

import html
from pathlib import Path

from nicegui import ui

from personae.adapters.render.palette import lane_colours
from personae.adapters.render.words import plain, spoken
from personae.core.records import Media
from personae.flows.figures import Lane
from personae.web.site import Site
from personae.web.ui.layout import empty, markup, page
from personae.web.ui.stage import STYLES, Cast, Lanes, Player

_PHOTO = "Who was found in this photo; a click on a name leads to all their appearances."
_NOBODY = (
    "No face was found here, or those found were too small or too blurred to tell apart. A closer "
    "look helps: `personae index` with a higher --fps, or a sharper copy of the film."
)


def build(site: Site) -> None:
    """Registers the player."""

    @ui.page("/video/{media}")
    def video(media: int, t: float = 0.0) -> None:
        medium = next((m for m in site.library.media() if m.id == media), None)
        if medium is None:
            with page("Not here", "Library"):
                empty(
                    "movie_filter",
                    f"There is no film or photo {media}",
                    "It was deleted, or analysed again under another number.",
                    ("To the library", "/"),
                )
            return
        with page(plain(Path(medium.path).name), "Library", about=_about(medium), styles=STYLES):
            _stage(site, medium, max(t, 0.0))


def _stage(site: Site, medium: Media, start: float) -> None:
    made = site.library.reports.presence("person", None, medium.id)
    lanes = next((film.lanes for film in made.films), ())
    labels = {row.person: row.key for row in made.report.rows if row.person is not None}
    colours = lane_colours(made.report, made.films)
    cast = Cast(labels, colours)
    shown = lanes if medium.kind != "photo" else _in_photo(labels)
    Player(medium, cast, shown, start)
    if medium.kind == "photo":
        markup(html.escape(_PHOTO), "pv-small")
        return
    with ui.element("section").classes("pe-panel w-full"):
        markup("<h2>Who is there when</h2>")
        if lanes:
            title = plain(Path(medium.path).name)
            Lanes((medium.id, title, medium.duration), lanes, colours)
        else:
            empty("person_off", "Nobody was recognised in this film", _NOBODY)


def _in_photo(labels: dict[int, str]) -> tuple[Lane, ...]:
    """Lanes without time: whoever is in a photo is in all of it."""
    return tuple(Lane(label, person, "", 0.0, (), ()) for person, label in labels.items())


def _about(medium: Media) -> str:
    parts = [f"{medium.width} × {medium.height}"]
    if medium.kind != "photo":
        parts.insert(0, spoken(medium.duration))
    if medium.collection:
        parts.append(plain(medium.collection))
    return " · ".join(parts)
