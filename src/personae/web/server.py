"""Puts the application together: middle layers, REST routes, pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import personae
from personae.web.site import Site


def create_app(site: Site) -> FastAPI:
    """The application that serves one library."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        site.library.close()

    app = FastAPI(
        title="Personae",
        version=personae.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.site = site
    return app
