"""Search by a picture: whose face is it, and where else is it seen?"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from personae.adapters.models.crops import OpenCvCutter
from personae.app.finding import Found, FoundMatch
from personae.core.calibration import SEVERAL
from personae.flows.search import ProbeFace
from personae.web.endpoints import LARGEST, SEE, router
from personae.web.refusals import Malformed, WrongType
from personae.web.site import Site
from personae.web.uploads import receive
from personae.web.wire import API

T = TypeVar("T")
AT_ONCE = 2
MOST_BYTES = 64_000_000
MOST = 2000
"""Matches of a search before they are filtered."""
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image"],
                    "properties": {"image": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class FaceOut(BaseModel):
    """A face of the picture that was sent; counted from the left, starting with 1."""

    number: int
    box: tuple[float, float, float, float] = Field(description="x1, y1, x2, y2 in its pixels.")
    quality: float
    crop: str = Field(description="A JPEG as a data: address.")

    @classmethod
    def of(cls, one: ProbeFace) -> FaceOut:
        """A face as JSON."""
        jpeg = base64.b64encode(OpenCvCutter().jpeg(one.crop)).decode()
        crop = f"data:image/jpeg;base64,{jpeg}"
        return cls(number=one.number, box=one.box, quality=one.quality, crop=crop)


class FacesOut(BaseModel):
    """The faces of a picture."""

    faces: list[FaceOut]


class MatchOut(BaseModel):
    """An appearance that looks like the face."""

    person: int | None
    name: str | None
    media: int
    file_name: str
    start: float
    end: float
    score: float = Field(description="Cosine.")
    fmr: float = Field(description="Share of strangers that score as high in one comparison.")
    probability: float = Field(description="That it is the same person.")
    sighting: int
    through_person: bool = Field(description="Found through the person, not by its own score.")
    crop: str

    @classmethod
    def of(cls, one: FoundMatch) -> MatchOut:
        """A match as JSON."""
        match = one.match
        return cls(
            person=match.person,
            name=one.name,
            media=match.media,
            file_name=Path(one.path).name,
            start=round(one.start, 4),
            end=round(one.end, 4),
            score=round(match.score, 4),
            fmr=match.fmr,
            probability=int(match.probability * 1e4) / 1e4,
            sighting=match.sighting,
            through_person=match.through,
            crop=f"{API}/sightings/{match.sighting}/crop",
        )


class FoundOut(FacesOut):
    """The answer of a search, best person first, then best appearance first."""

    matches: list[MatchOut]
    total: int = Field(description="Matches before `limit`.")
    threshold_fmr: float
    comparisons: int
    expected_false_matches: float
    uncalibrated: bool


class Question:
    """What is asked of a search beside the picture; a dependency."""

    def __init__(
        self,
        face: Annotated[
            int | None, Query(ge=1, le=10_000, description="Which face, from the left.")
        ] = None,
        fmr: Annotated[float, Query(gt=0, lt=1, description="Highest false-match rate.")] = 1e-4,
        threshold: Annotated[
            float | None, Query(ge=-1, le=1, description="Lowest cosine, in place of `fmr`.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> None:
        self.face, self.fmr, self.threshold, self.limit = face, fmr, threshold, limit


class Filters:
    """Which matches are wanted; a dependency."""

    def __init__(
        self,
        person: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
        media: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
        start: Annotated[float, Query(ge=0, le=1e9, description="Seconds in the film.")] = 0,
        end: Annotated[float | None, Query(ge=0, le=1e9)] = None,
    ) -> None:
        self.person, self.media = person, media
        self.start, self.end = start, float("inf") if end is None else end

    def take(self, one: FoundMatch) -> bool:
        """Whether it is wanted."""
        return (
            self.person in (None, one.match.person)
            and self.media in (None, one.match.media)
            and one.end >= self.start
            and one.start <= self.end
        )


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("search")
    # Searches wait for each other; they must not wait in the threads of everything else
    room = CapacityLimiter(AT_ONCE)

    @api.post("/search/faces", dependencies=SEE, openapi_extra=FORM)
    async def faces(request: Request) -> FacesOut:
        """The faces of a picture, of which a search takes one."""
        return await _of_picture(site, request, partial(_faces, site), room)

    @api.post("/search", dependencies=SEE, openapi_extra=FORM)
    async def search(
        request: Request,
        question: Annotated[Question, Depends()],
        filters: Annotated[Filters, Depends()],
    ) -> FoundOut:
        """Every appearance that looks like the face in a picture; the picture is not kept."""
        return await _of_picture(site, request, partial(_search, site, question, filters), room)

    return api


async def _of_picture(
    site: Site, request: Request, act: Callable[[Path], T], room: CapacityLimiter
) -> T:
    """Does something with the picture of a request, and removes it."""
    limit = min(MOST_BYTES, site.web.max_upload_bytes)
    form = await receive(request, site.uploads, limit, "image")
    try:
        if len(form.files) != 1:
            raise Malformed("a search takes one picture")
        return await to_thread.run_sync(act, form.files[0].path, limiter=room)
    finally:
        form.discard()


def _photo(site: Site, path: Path) -> Path:
    if site.looker.look(path) != "photo":
        raise WrongType("a search takes a photo, not a film")
    return path


def _faces(site: Site, path: Path) -> FacesOut:
    picture = _photo(site, path)
    with site.alone() as library:
        found = library.faces(picture)
    return FacesOut(faces=[FaceOut.of(one) for one in found.faces])


def _search(site: Site, question: Question, filters: Filters, path: Path) -> FoundOut:
    picture = _photo(site, path)
    fmr, least = question.fmr, -1.0
    if question.threshold is not None:
        least = question.threshold
        rates = (site.library.calibration.fmr(least, 1, shots) for shots in (1, SEVERAL))
        fmr = min(max(*rates, 1e-9), 0.999999)
    with site.alone() as library:
        found: Found = library.search(picture, face=question.face, fmr=fmr, limit=MOST)
    kept = [m for m in found.matches if m.match.score >= least and filters.take(m)]
    return FoundOut(
        faces=[FaceOut.of(one) for one in found.faces],
        matches=[MatchOut.of(one) for one in kept[: question.limit]],
        total=len(kept),
        threshold_fmr=fmr,
        comparisons=found.comparisons,
        expected_false_matches=fmr * found.comparisons,
        uncalibrated=found.uncalibrated,
    )
