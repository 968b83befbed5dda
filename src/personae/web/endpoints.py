"""What all endpoints have in common: their router, their roles, numbers in their addresses."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from personae.web.auth.roles import needs
from personae.web.idempotency import OnceRoute

LARGEST = 2**63 - 1
"""No number of a row is larger."""
Number = Annotated[int, Path(ge=1, le=LARGEST)]
"""Of a person, medium or sighting."""
SEE = [Depends(needs("viewer"))]
CHANGE = [Depends(needs("editor"))]
RULE = [Depends(needs("admin"))]
JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
"""What an endpoint answers whose answer is a picture."""


def router(subject: str) -> APIRouter:
    """The router of one subject of the API."""
    return APIRouter(prefix="/api/v1", tags=[subject], route_class=OnceRoute.with_memory())


def picture(jpeg: bytes, seconds: int) -> Response:
    """A JPEG that the browser of who asked may keep for so long."""
    kept = {"Cache-Control": f"private, max-age={seconds}"}
    return Response(jpeg, media_type="image/jpeg", headers=kept)
