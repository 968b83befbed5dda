"""Sightings and intervals: what was seen where, and who is on screen when."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from personae.core.records import Interval
from personae.web.endpoints import LARGEST, SEE, Number, router
from personae.web.paging import Asked, Page, asked, page_of
from personae.web.refusals import NothingHere
from personae.web.routes.files import medium_of
from personae.web.routes.people import person_of
from personae.web.site import Site
from personae.web.wire import IntervalOut, PathOut, SightingOut

Of = Annotated[int | None, Query(ge=1, le=LARGEST)]
Seconds = Annotated[float | None, Query(ge=0, le=1e9, allow_inf_nan=False)]


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("sightings")
    _sightings(api, site)
    _intervals(api, site)
    return api


def _sightings(api: APIRouter, site: Site) -> None:
    rows = site.library.store.sightings

    @api.get("/sightings", dependencies=SEE)
    def list_sightings(
        page: Annotated[Asked, Depends(asked)],
        person: Of = None,
        media: Of = None,
        kind: Literal["face", "body"] | None = None,
    ) -> Page[SightingOut]:
        """Faces and bodies that were followed, by medium and time."""
        if person is not None:
            person_of(site, person)
        chosen = None if media is None else [medium_of(site, media).id]
        found = rows.all(media_ids=chosen, person=person)
        kept = [s for s in found if kind is None or s.kind == kind]
        here, following, total = page_of(kept, lambda s: (s.media, s.first, s.id), page)
        return Page(items=[SightingOut.of(s) for s in here], next=following, total=total)

    @api.get("/sightings/{sighting:number}", dependencies=SEE)
    def show_sighting(sighting: Number) -> SightingOut:
        """One sighting."""
        found = rows.get(sighting)
        if found is None:
            raise NothingHere(f"there is no sighting {sighting}")
        return SightingOut.of(found)

    @api.get("/sightings/{sighting:number}/path", dependencies=SEE)
    def path(sighting: Number) -> PathOut:
        """Where a sighting was, moment by moment."""
        found, boxes = rows.get(sighting), rows.path(sighting)
        if found is None or boxes is None:
            raise NothingHere(f"there is no sighting {sighting}")
        medium = medium_of(site, found.media)
        return PathOut(
            sighting=SightingOut.of(found),
            times=[round(medium.seconds(int(pts)), 4) for pts in boxes.times],
            boxes=boxes.boxes.round(1).tolist(),
        )


def _intervals(api: APIRouter, site: Site) -> None:
    @api.get("/intervals", dependencies=SEE)
    def list_intervals(
        page: Annotated[Asked, Depends(asked)],
        person: Of = None,
        media: Of = None,
        start: Seconds = None,
        end: Seconds = None,
    ) -> Page[IntervalOut]:
        """Who is on screen when: of everybody who is not hidden, or of one person.

        ``start`` and ``end`` keep what touches that span; photos lie at 0.
        """
        within = (0.0 if start is None else start, float("inf") if end is None else end)
        found = [
            one
            for one in _known(site, person)
            if media in (None, one.media) and one.end >= within[0] and one.start <= within[1]
        ]
        here, following, total = page_of(found, _key, page)
        return Page(items=[IntervalOut.of(one) for one in here], next=following, total=total)


def _known(site: Site, person: int | None) -> list[Interval]:
    if person is None:
        return site.memory.get("intervals", site.library.appearances)
    person_of(site, person)
    return site.library.appearances(f"#{person}")


def _key(one: Interval) -> tuple[int, ...]:
    return one.media, one.first, one.last, one.person
