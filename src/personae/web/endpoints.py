"""What all endpoints have in common: their router, their roles, numbers in their addresses."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict
from starlette.convertors import Convertor, register_url_convertor

from personae.web.auth.roles import needs
from personae.web.idempotency import OnceRoute

LARGEST = 2**63 - 1
"""No number of a row is larger."""
Number = Annotated[int, Path(ge=1, le=LARGEST)]
"""Of a person, medium or sighting."""
NUMBERS = "number"
"""What an address says of a number in it: no word is taken for one."""
SEE = [Depends(needs("viewer"))]
CHANGE = [Depends(needs("editor"))]
RULE = [Depends(needs("admin"))]
JPEG: dict[str, Any] = {
    "response_class": Response,
    "responses": {
        200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
    },
}
"""What an endpoint says of itself whose answer is a picture."""


class Body(BaseModel):
    """What is sent as JSON: of the right types, and nothing that is not known."""

    model_config = ConfigDict(strict=True, extra="forbid")


class _Number(Convertor[int]):
    regex = "[0-9]{1,19}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor(NUMBERS, _Number())


def router(subject: str) -> APIRouter:
    """The router of one subject of the API."""
    return APIRouter(prefix="/api/v1", tags=[subject], route_class=OnceRoute.with_memory())


def picture(jpeg: bytes, seconds: int) -> Response:
    """A JPEG that the browser of who asked may keep for so long."""
    kept = {"Cache-Control": f"private, max-age={seconds}"}
    return Response(jpeg, media_type="image/jpeg", headers=kept)
