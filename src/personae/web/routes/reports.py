"""Reports: screen time, presence, who is with whom, how many people; as JSON, CSV or a picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from personae.app.crowding import crowd_file
from personae.app.reporting import Made
from personae.core.errors import NothingIndexed
from personae.web.endpoints import LARGEST, SEE, router
from personae.web.routes.files import medium_of
from personae.web.site import Site

By: TypeAlias = Literal["person", "gender"]
Form: TypeAlias = Literal["json", "csv", "html", "png", "svg"]
TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/csv": {"schema": {"type": "string"}},
            "text/html": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "image/svg+xml": {"schema": {"type": "string"}},
        }
    }
}
INLINE = ("json", "html")


class Asked:
    """What every report is asked; a dependency."""

    def __init__(
        self,
        by: Annotated[By, Query(description="Gender as people tagged it.")] = "person",
        collection: Annotated[str | None, Query(max_length=200)] = None,
        media: Annotated[int | None, Query(ge=1, le=LARGEST, description="Only this one.")] = None,
        form: Annotated[Form, Query(alias="format")] = "json",
    ) -> None:
        self.by, self.collection, self.media, self.form = by, collection, media, form


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("reports")
    reports = site.library.reports

    @api.get("/reports/screen-time", dependencies=SEE, responses=ANSWERS, response_class=Response)
    def screen_time(
        asked: Annotated[Asked, Depends()],
        per: Annotated[
            Literal["media", "collection", "month", "year"] | None,
            Query(description="One report for each."),
        ] = None,
    ) -> Response:
        """How long everybody is on screen."""
        if per is None:
            return _told(site, asked, "screen-time", reports.screen_time)
        return _told(site, asked, f"screen-time-per-{per}", partial(reports.per, per))

    @api.get("/reports/presence", dependencies=SEE, responses=ANSWERS, response_class=Response)
    def presence(asked: Annotated[Asked, Depends()]) -> Response:
        """Who is there when, film by film."""
        return _told(site, asked, "presence", reports.presence)

    @api.get("/reports/together", dependencies=SEE, responses=ANSWERS, response_class=Response)
    def together(asked: Annotated[Asked, Depends()]) -> Response:
        """Who is on screen with whom, and how that compares with chance."""
        return _told(site, asked, "together", reports.together)

    @api.get("/reports/crowd", dependencies=SEE, responses=ANSWERS, response_class=Response)
    def crowd(
        media: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
        collection: Annotated[str | None, Query(max_length=200)] = None,
        bin_s: Annotated[float | None, Query(gt=0, le=86400)] = None,
        form: Annotated[Form, Query(alias="format")] = "json",
    ) -> Response:
        """How many people are there, moment by moment; nobody is identified."""
        if media is not None:
            medium_of(site, media)
        with site.alone() as library:
            made = library.crowd(media, collection, bin_s=bin_s)
            return _answer(crowd_file(made, form), "crowd", form)

    return api


Make: TypeAlias = Callable[[By, str | None, int | None], Made]


def _told(site: Site, asked: Asked, name: str, make: Make) -> Response:
    known = site.memory.get("media", lambda: {m.id: m for m in site.library.media()})
    if asked.collection is not None and asked.collection not in {
        medium.collection for medium in known.values()
    }:
        raise NothingIndexed("the library has no such collection")
    if asked.media is not None:
        medium_of(site, asked.media)

    def render() -> bytes:
        made = make(asked.by, asked.collection, asked.media)
        if asked.form in ("json", "csv"):
            return site.library.render(made, asked.form)
        # What draws is not made for several threads
        with site.alone() as library:
            return library.render(made, asked.form, collection=asked.collection)

    key = ("report", name, asked.by, asked.collection, asked.media, asked.form)
    return _answer(site.memory.get(key, render), name, asked.form)


def _answer(content: bytes, name: str, form: str) -> Response:
    how = "inline" if form in INLINE else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}.{form}"'}
    return Response(content, media_type=TYPES[form], headers=headers)
