"""The description of the API, as clients are generated from it: problems, roles, how to sign in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

import personae
from personae.web.wire import API

ABOUT = """
Who appears, when and for how long, in your own videos and photos.

Times are seconds from the first frame. Lists come in pages: send `next` back as `cursor`. Every
error is `application/problem+json` with a `code` that does not change. Long work runs as jobs,
whose progress is told at `/api/v1/jobs/{job}/events`. Posts take an `Idempotency-Key`.
"""
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "hint", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened."},
        "code": {"type": "string", "description": "Stands in the reference of errors."},
        "hint": {"type": "string", "description": "What to do."},
        "request_id": {"type": "string", "description": "Finds the request in the server's log."},
        "errors": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Which parts of the request are wrong.",
        },
    },
}
REFUSED: dict[str, Any] = {
    "description": "What was refused or went wrong, and what to do.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
SECURITY: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "`personae users token`"},
}
METHODS = ("get", "post", "put", "patch", "delete")


def describe(app: FastAPI) -> None:
    """Has the application describe itself so; call it when all routes are there."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = description(list(app.routes))
        return app.openapi_schema

    # The way that FastAPI documents
    app.openapi = openapi  # type: ignore[method-assign]


def description(routes: list[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI document of these routes."""
    made = get_openapi(
        title="Personae",
        version=personae.__version__,
        description=ABOUT.strip(),
        routes=routes,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    parts["schemas"] = dict(sorted(schemas.items()))
    parts["securitySchemes"] = SECURITY
    made["security"] = [{"token": []}, {}]
    for path in made["paths"].values():
        for method in METHODS:
            if method in path:
                answers = path[method]["responses"]
                answers.pop("422", None)
                answers["default"] = REFUSED
    paths = {address: path for address, path in made["paths"].items() if address.startswith(API)}
    made["paths"] = dict(sorted(paths.items()))
    return made
