"""Puts the application together: middle layers, REST routes, pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from nicegui import ui
from nicegui.storage import Storage
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

import personae
from personae.web.auth.gate import Gate
from personae.web.envelope import Envelope
from personae.web.errors import add_handlers
from personae.web.limits import Limits
from personae.web.login import login_pages
from personae.web.metrics import Meter, Metered, metrics_route
from personae.web.openapi import describe
from personae.web.routes import (
    alerts,
    auth,
    exports,
    files,
    jobs,
    live,
    media,
    people,
    reports,
    search,
    sightings,
    system,
    tracks,
)
from personae.web.site import Site
from personae.web.ui import alerts as alerts_page
from personae.web.ui import cameras, library, measure, person, settings, video
from personae.web.ui import jobs as jobs_page
from personae.web.ui import people as people_page
from personae.web.ui import search as search_page
from personae.web.unknown import Unknown
from personae.web.visitors import for_pages

ROUTES = (
    auth, system, media, files, jobs, people, sightings, tracks, search, reports, exports,
    live, alerts,
)  # fmt: skip
"""The REST API, one file a subject."""

PAGES = (
    library, people_page, person, video, search_page, measure, cameras, alerts_page, jobs_page,
    settings,
)  # fmt: skip
"""The pages, one file each."""


def create_app(site: Site) -> FastAPI:
    """The application that serves one library; a process can have one."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        # What an earlier server left undone goes on
        _ = site.work
        yield
        site.close()

    app = FastAPI(
        title="Personae",
        version=personae.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.site = site
    meter = Meter(site)
    add_handlers(app)
    routers = api_routers(site)
    for router in (login_pages(site), metrics_route(meter), *routers):
        app.include_router(router)
    describe(app)
    app.mount("/api", Unknown([route for router in routers for route in router.routes]))
    _add_pages(app, site)
    # The last is the outermost
    app.add_middleware(Limits, max_upload_bytes=site.web.max_upload_bytes)
    app.add_middleware(Gate, access=site.access)
    app.add_middleware(Envelope)
    app.add_middleware(_Packed)
    app.add_middleware(Metered, meter=meter)
    return app


def api_routers(site: Site) -> list[APIRouter]:
    """The routers of the REST API."""
    return [subject.routes(site) for subject in ROUTES]


def _add_pages(app: FastAPI, site: Site) -> None:
    shown = for_pages(site)
    for page in PAGES:
        page.build(shown)
    Storage.path = site.library.folder / "web"
    ui.run_with(
        app,
        title="Personae",
        dark=None,
        gzip_middleware_factory=None,
        show_welcome_message=False,
        reconnect_timeout=30.0,
    )


class _Packed:
    """Compresses pages and their scripts; films and pictures are as small as they get."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packed = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        is_file = scope["type"] != "http" or scope["path"].startswith("/api/")
        await (self._plain if is_file else self._packed)(scope, receive, send)
