"""Where everybody is in the picture, for whoever draws over a film: boxes by person and time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from personae.app.overlay import EVERYTHING, Overlay, overlay_of
from personae.web.auth.roles import needs
from personae.web.refusals import NothingHere
from personae.web.site import Site


class TrackOut(BaseModel):
    """One face or body followed through a film."""

    sighting: int
    kind: str = Field(description="face or body")
    person: int | None = Field(description="whose it is; null if nobody's yet")
    times: list[float] = Field(description="seconds from the first frame, rising")
    boxes: list[list[float]] = Field(
        description="for each time x1, y1, x2, y2 in pixels of the full, upright frame"
    )


class TracksOut(BaseModel):
    """Everything that can be drawn over one medium between two moments."""

    media: int
    kind: str
    width: int
    height: int
    seconds: float
    tracks: list[TrackOut]


def routes(site: Site) -> APIRouter:
    """``GET /api/v1/media/{media}/tracks``."""
    router = APIRouter(prefix="/api/v1", tags=["media"], dependencies=[Depends(needs("viewer"))])

    @router.get("/media/{media}/tracks")
    def tracks(
        media: int,
        start: Annotated[float, Query(ge=0, description="seconds; from here on")] = 0.0,
        end: Annotated[float | None, Query(ge=0, description="seconds; up to here")] = None,
    ) -> TracksOut:
        """Boxes of faces and bodies over time, all or those of a span of seconds."""
        within = (start, EVERYTHING[1] if end is None else end)
        medium = next((m for m in site.library.media() if m.id == media), None)
        if medium is None:
            raise NothingHere(f"there is no medium {media}")
        return _told(overlay_of(site.library.store, medium, within))

    return router


def _told(found: Overlay) -> TracksOut:
    return TracksOut(
        media=found.media,
        kind=found.kind,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        tracks=[
            TrackOut(
                sighting=one.sighting,
                kind=one.kind,
                person=one.person,
                times=list(one.times),
                boxes=[list(box) for box in one.boxes],
            )
            for one in found.tracks
        ],
    )
