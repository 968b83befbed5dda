"""Cameras as they are now: status, events, history, and pictures that move."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from personae.app.live_reading import Happened, LiveFiles, Stamp
from personae.core.live import LiveStatus
from personae.web.endpoints import JPEG, SEE, router
from personae.web.paging import Asked, asked
from personae.web.refusals import NothingHere
from personae.web.routes.alerts import AlertOut, cursor_of, place_of
from personae.web.site import Site
from personae.web.streams import BEAT_S, EDGE, EVENT, MOVING, Endless, Seats, event, part, until

SEATS = 64
"""Who may be served without end at once, events and pictures together."""
LOOK_S = 0.1
"""Between two looks for newer pictures; a watch writes five a second."""
AGAIN = 50
"""Alerts that are told after a broken connection."""
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events named `status`, `history` and `alert`, with data as JSON.",
        "content": {"text/event-stream": {"schema": EVENT}},
    }
}
PICTURES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "JPEGs, one after the other.",
        "content": {"multipart/x-mixed-replace": {"schema": {"type": "string"}}},
    }
}
Camera = Annotated[str, Path(max_length=200, description="Its name in the status.")]
Limit = Annotated[float, Query(gt=0, le=86400, description="Ends after so many seconds.")]


class HappenedOut(BaseModel):
    """Something that happened before a camera."""

    at: int = Field(description="UTC in milliseconds since 1970.")
    event: str
    camera: str | None
    words: str = Field(description="As a sentence.")
    person: int | None
    name: str | None
    type: str | None = Field(description="known, unknown, undecided or spoof.")

    @classmethod
    def of(cls, one: Happened) -> HappenedOut:
        """A line of the history as JSON."""
        told = one.told
        person = told.get("person")
        text = {
            key: str(told[key]) if told.get(key) else None for key in ("camera", "name", "type")
        }
        return cls(
            at=one.place.at,
            event=str(told.get("event", "")),
            words=one.words,
            person=person if isinstance(person, int) else None,
            **text,
        )


class HistoryPage(BaseModel):
    """Some of what happened, newest first."""

    items: list[HappenedOut]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("live")
    seats = Seats(SEATS)
    _knowing(api, site)
    _following(api, site, seats)
    _seeing(api, site, seats)
    return api


def _knowing(api: APIRouter, site: Site) -> None:
    @api.get("/live", dependencies=SEE)
    def live() -> LiveStatus:
        """What is known now: each camera, and who is before it; without a watch, what was last."""
        return site.live.status()

    @api.get("/live/history", dependencies=SEE)
    def history(page: Annotated[Asked, Depends(asked)]) -> HistoryPage:
        """What happened before the cameras, newest first, for as long as it is kept."""
        before = None if page.cursor is None else place_of(page.cursor)
        found = site.live.happened(page.limit + 1, before)
        here = found[: page.limit]
        more = len(found) > len(here)
        following = cursor_of(here[-1].place) if more else None
        return HistoryPage(items=[HappenedOut.of(one) for one in here], next=following)


def _following(api: APIRouter, site: Site, seats: Seats) -> None:
    @api.get("/live/events", dependencies=SEE, responses=EVENTS, response_class=StreamingResponse)
    async def follow(
        request: Request,
        limit_s: Limit = 3600,
        last: Annotated[
            str | None,
            Header(alias="Last-Event-ID", max_length=40, description="Alerts since are told too."),
        ] = None,
    ) -> Response:
        """The status now and at each change, what happens, and each alert when it is told."""
        news = _News(site, int(last) if last and last.isdecimal() else None)
        seats.take()
        told = until(request, news.come, limit_s, site.ending.is_set)
        return Endless(told, "text/event-stream", seats)


class _News:
    """What one listener has not heard yet."""

    def __init__(self, site: Site, last: int | None) -> None:
        self._live = site.live
        self._status: LiveStatus | None = None
        self._history = site.live.follow_history()
        self._alerts = site.told.follow()
        self._missed = [] if last is None else site.told.since(last, AGAIN)

    def come(self) -> Iterator[str]:
        """Events since the last time."""
        status = self._live.status()
        if status != self._status:
            self._status = status
            yield event("status", _now(), asdict(status))
        for line in self._history.news():
            told = HappenedOut.of(self._live.worded(line))
            yield event("history", _now(), told.model_dump())
        alerts, self._missed = self._missed + self._alerts.news(), []
        for line in alerts:
            yield event("alert", _now(), AlertOut.of(line).model_dump())


def _seeing(api: APIRouter, site: Site, seats: Seats) -> None:
    @api.get("/live/stream", dependencies=SEE, responses=PICTURES, response_class=StreamingResponse)
    async def wall(limit_s: Limit = 3600) -> Response:
        """All cameras in one answer: each part is the newest picture of the one in `X-Camera`.

        Browsers open no more than six connections to a server; so a wall needs only one.
        """
        seats.take()
        return Endless(_moving(site, site.live.cameras, limit_s), MOVING, seats)

    @api.get("/live/{camera}/picture", dependencies=SEE, **JPEG)
    def picture(camera: Camera) -> Response:
        """The newest picture of a camera, with boxes and names drawn on it."""
        found = site.live.picture(camera)
        if found is None:
            raise _nothing(camera)
        return Response(found.jpeg, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    @api.get(
        "/live/{camera}/stream",
        dependencies=SEE,
        responses=PICTURES,
        response_class=StreamingResponse,
    )
    async def moving(camera: Camera, limit_s: Limit = 3600) -> Response:
        """A camera's picture as it moves (MJPEG): fits into an `img`."""
        if camera not in site.live.cameras():
            raise _nothing(camera)
        seats.take()
        return Endless(_moving(site, lambda: (camera,), limit_s), MOVING, seats)


async def _moving(
    site: Site, cameras: Callable[[], Sequence[str]], limit_s: float
) -> AsyncIterator[bytes]:
    """Newer pictures as they come. Who takes them slowly misses some, and never falls behind.

    Files are looked at in the server's loop: they are small, and a thread for each look is dearer.
    """
    clock = asyncio.get_running_loop().time
    ends = clock() + limit_s
    sent: dict[str, tuple[Stamp, float]] = {}
    yield EDGE
    while clock() < ends and not site.ending.is_set():
        for camera in cameras():
            one = _newer(site.live, camera, sent, clock())
            if one is not None:
                yield one
        await asyncio.sleep(LOOK_S)


def _newer(
    live: LiveFiles, camera: str, sent: dict[str, tuple[Stamp, float]], now: float
) -> bytes | None:
    """A part, if the camera has a newer picture or the last was long ago."""
    found = live.picture(camera)
    stamp, at = sent.get(camera, (None, 0.0))
    if found is None or (found.stamp == stamp and now - at < BEAT_S):
        return None
    sent[camera] = (found.stamp, now)
    return part(found.jpeg, camera=quote(camera), at=found.at)


def _nothing(camera: str) -> NothingHere:
    return NothingHere(
        f"there is no picture of a camera {camera!r}", "`GET /api/v1/live` names the cameras."
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
