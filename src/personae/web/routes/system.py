"""``/api/v1``: is it alive, is it ready, what runs here?"""

from __future__ import annotations

import platform

from fastapi import APIRouter, Depends
from pydantic import BaseModel

import personae
from personae.adapters.models.onnx import available
from personae.app import catalogue
from personae.web.auth.roles import needs
from personae.web.site import Site


class Health(BaseModel):
    """The process answers."""

    status: str


class Version(BaseModel):
    """What runs here."""

    version: str
    python: str


class Providers(BaseModel):
    """What can run the networks."""

    chosen: str
    """The one that runs them now."""
    available: list[str]


class Finding(BaseModel):
    """One thing that was looked at."""

    name: str
    ok: bool
    message: str


class Diagnosis(BaseModel):
    """What `personae doctor` says."""

    ok: bool
    checks: list[Finding]


def routes(site: Site) -> APIRouter:
    """Routes of the system."""
    router = APIRouter(prefix="/api/v1", tags=["system"])

    @router.get("/health", summary="Is the process alive?")
    def health() -> Health:
        """Needs no sign-in; says nothing of what is in the library."""
        return Health(status="ok")

    @router.get("/ready", summary="Can the library answer?")
    def ready() -> Health:
        """Needs no sign-in; 503 or 500 with a code while the library's database cannot be read."""
        site.library.store.acts.all()
        return Health(status="ready")

    @router.get("/version", dependencies=[Depends(needs("viewer"))], summary="Which version?")
    def version() -> Version:
        """Of the program and of Python."""
        return Version(version=personae.__version__, python=platform.python_version())

    @router.get("/providers", dependencies=[Depends(needs("viewer"))], summary="What computes?")
    def providers() -> Providers:
        """Which execution provider runs the networks, and which there are on this machine."""
        return Providers(chosen=site.settings.provider, available=available())

    @router.get("/doctor", dependencies=[Depends(needs("admin"))], summary="Is anything wrong?")
    def doctor() -> Diagnosis:
        """Checks the machine, the models and the library; takes some seconds."""
        with site.alone() as library:
            found = catalogue.diagnose(library.folder)
        checks = [Finding(name=c.name, ok=c.ok, message=c.message) for c in found]
        return Diagnosis(ok=all(c.ok for c in checks), checks=checks)

    return router
