"""Files that are made as jobs: exports for other programs, clips, supercuts."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from personae.web.auth.roles import caller_of
from personae.web.endpoints import CHANGE, LARGEST, Body, router
from personae.web.routes.files import medium_of
from personae.web.routes.people import person_of
from personae.web.site import Site
from personae.web.wire import JobOut

Id = Annotated[int, Field(ge=1, le=LARGEST)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
Format = Literal[
    "otio", "edl", "fcpxml", "vtt", "srt", "ass", "mot", "coco", "json", "csv", "sidecar"
]


class ExportIn(Body):
    """Appearances as files of another program."""

    format: Format
    people: Annotated[list[Id], Field(max_length=1000)] = Field(
        [], description="Only these; everybody who is not hidden if there are none."
    )
    media: Id | None = None
    collection: Annotated[str, Field(max_length=200)] | None = None
    kind: Literal["chapters", "metadata"] = Field("chapters", description="Of a WebVTT file.")
    boxes: Literal["face", "body"] = Field("face", description="Of a MOTChallenge file.")
    back_to_back: bool = Field(False, description="On timelines, clips without gaps.")


class ClipsIn(Body):
    """Every appearance of a person as a clip."""

    person: Id
    handles: Seconds = Field(0.0, description="Seconds before and after each.")
    gap: Seconds = Field(0.0, description="Appearances no further apart become one.")
    limit: Annotated[int, Field(ge=1, le=10_000)] | None = None
    height: Annotated[int, Field(ge=16, le=4320)] | None = Field(None, description="Rows at most.")


class SupercutIn(ClipsIn):
    """All appearances of a person in one film."""

    cards: bool = Field(False, description="A card with film and time before each piece.")


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("exports")

    @api.post("/exports", dependencies=CHANGE, status_code=202)
    def export(body: ExportIn, request: Request) -> JobOut:
        """Writes who is on screen when for editors, players and analysts."""
        for one in body.people:
            person_of(site, one)
        if body.media is not None:
            medium_of(site, body.media)
        asked = {**body.model_dump(), "people": [f"#{one}" for one in body.people]}
        by = caller_of(request).name
        return JobOut.of(site.work.submit("export", f"Export as {body.format}", asked, by))

    @api.post("/clips", dependencies=CHANGE, status_code=202)
    def clips(body: ClipsIn, request: Request) -> JobOut:
        """Cuts every appearance of a person out of the films; several come as an archive."""
        who = person_of(site, body.person)
        asked = {**body.model_dump(), "person": f"#{body.person}"}
        by = caller_of(request).name
        return JobOut.of(site.work.submit("clips", f"Clips of {who.label}", asked, by))

    @api.post("/supercuts", dependencies=CHANGE, status_code=202)
    def supercut(body: SupercutIn, request: Request) -> JobOut:
        """Joins all appearances of a person to one film."""
        who = person_of(site, body.person)
        asked = {**body.model_dump(), "person": f"#{body.person}"}
        by = caller_of(request).name
        return JobOut.of(site.work.submit("supercut", f"Supercut of {who.label}", asked, by))

    return api
