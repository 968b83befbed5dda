"""Pictures and films: crops, thumbnails, the media themselves, clips; films by range request."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse

from personae.adapters.stores.views import best_view
from personae.app.pictures import picture_at, viewed_as
from personae.app.playing import clip_file, playable_file
from personae.core.errors import SourceMissing
from personae.core.records import Media
from personae.web.endpoints import JPEG, SEE, Number, picture, router
from personae.web.refusals import Malformed, NothingHere
from personae.web.site import Site
from personae.web.wire import JobOut

LONGEST_S = 120.0
"""Longer clips are made as jobs."""
DAY = 24 * 3600
FILM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "A part of the file, as the Range header asked."},
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
SHOWN = ("video/mp4", "video/webm", "image/jpeg", "image/png", "image/gif", "image/webp")
OTHER = "application/octet-stream"
MEDIA: dict[int | str, dict[str, Any]] = {
    **FILM,
    200: {"content": dict.fromkeys((*SHOWN, OTHER), BINARY)},
}
Seconds = Annotated[float, Query(ge=0, le=1e9, allow_inf_nan=False)]


def medium_of(site: Site, number: int) -> Media:
    """The medium with this number.

    Raises:
        NothingHere: there is none that is indexed.
    """
    known = site.memory.get("media", lambda: {m.id: m for m in site.library.media()})
    if number not in known:
        raise NothingHere(f"there is no medium {number}")
    return known[number]


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("files")
    cache = site.library.folder / "cache" / "pictures"
    _pictures(api, site, cache)
    _films(api, site, cache)
    _clips(api, site)
    return api


def _pictures(api: APIRouter, site: Site, cache: Path) -> None:
    @api.get("/people/{person:number}/crop", dependencies=SEE, **JPEG)
    def person_crop(person: Number) -> Response:
        """The best view of a person."""
        jpeg = best_view(site.library.store.engine, person)
        if jpeg is None:
            raise NothingHere(f"there is no picture of person {person}")
        return picture(jpeg, 60)

    @api.get(
        "/sightings/{sighting:number}/crop",
        dependencies=SEE,
        **JPEG,
    )
    def sighting_crop(sighting: Number) -> Response:
        """The best view of a sighting."""
        jpeg = site.library.store.sightings.best_crop([sighting])
        if jpeg is None:
            raise NothingHere(f"there is no picture of sighting {sighting}")
        return picture(jpeg, DAY)

    @api.get("/media/{media:number}/thumbnail", dependencies=SEE, **JPEG)
    def thumbnail(
        media: Number,
        t: Annotated[Seconds | None, Query(description="Seconds; a tenth in by itself.")] = None,
        height: Annotated[int, Query(ge=16, le=2160)] = 240,
    ) -> Response:
        """A frame of a film, or a photo, as a JPEG."""
        medium = medium_of(site, media)
        at = medium.duration / 10 if t is None else t
        return picture(picture_at(medium, at, height, cache), DAY)


def _films(api: APIRouter, site: Site, cache: Path) -> None:
    @api.get(
        "/media/{media:number}/file",
        dependencies=SEE,
        responses={**MEDIA, 202: {"model": JobOut, "description": "A copy is being made."}},
        response_class=FileResponse,
    )
    def file(
        media: Number,
        original: Annotated[
            bool, Query(description="The file as it is, whether a browser plays it or not.")
        ] = False,
    ) -> Response:
        """The film or photo.

        Where browsers cannot play it, a copy that they can; while that is being made, the answer
        is 202 with its job.
        """
        medium = medium_of(site, media)
        path = Path(medium.path)
        kind = viewed_as(medium)
        if original:
            if not path.is_file():
                raise SourceMissing(f"the file of medium {media} is gone")
            return FileResponse(path, media_type=kind or OTHER, filename=path.name)
        if kind is not None:
            return FileResponse(path, media_type=kind)
        if medium.kind == "photo":
            return picture(picture_at(medium, 0, 2160, cache), DAY)
        copy = playable_file(medium, site.library.folder)
        if copy.is_file():
            return FileResponse(copy, media_type="video/mp4")
        task = site.work.submit("playable", path.name, {"media": medium.id})
        told = JobOut.of(task)
        headers = {"Retry-After": "2", "Location": told.events.removesuffix("/events")}
        return Response(told.model_dump_json(), 202, headers, media_type="application/json")


def _clips(api: APIRouter, site: Site) -> None:
    @api.get("/clips", dependencies=SEE, responses={**FILM}, response_class=FileResponse)
    def clip(
        media: Annotated[int, Query(ge=1, le=2**63 - 1)], start: Seconds, end: Seconds
    ) -> Response:
        """A short clip of a film, exact to the frame; longer ones are made as jobs."""
        medium = medium_of(site, media)
        if medium.kind == "photo":
            raise Malformed(f"medium {media} is a photo; clips are made of films")
        if not start < end or end - start > LONGEST_S or math.isnan(end - start):
            raise Malformed(f"a clip lasts up to {LONGEST_S:g} seconds, and some time at all")
        with site.alone():
            made = clip_file(medium, start, end, site.library.folder)
        name = f"{Path(medium.path).stem}-{start:g}-{end:g}.mp4"
        return FileResponse(
            made, media_type="video/mp4", filename=name, content_disposition_type="inline"
        )
