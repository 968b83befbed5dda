"""Every error leaves as ``application/problem+json`` (RFC 9457) with its code and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from personae.core.errors import (
    AmbiguousPerson,
    ExtraMissing,
    LibraryBusy,
    LibraryMissing,
    NothingIndexed,
    NothingToUndo,
    PersonaeError,
    SourceError,
    SourceMissing,
    SourceTooLarge,
    SourceUnsupported,
    UnknownPerson,
    UsageError,
)
from personae.web.refusals import (
    AccessError,
    BodyTooLarge,
    Malformed,
    NotAllowed,
    NothingHere,
    NotSignedIn,
    RequestError,
    TooManyTries,
    WrongMethod,
    WrongType,
)

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[PersonaeError], int] = {
    UnknownPerson: 404,
    AmbiguousPerson: 409,
    NothingToUndo: 409,
    NothingIndexed: 409,
    ExtraMissing: 501,
    UsageError: 422,
    SourceMissing: 404,
    SourceTooLarge: 413,
    SourceUnsupported: 415,
    SourceError: 422,
    LibraryBusy: 503,
    LibraryMissing: 503,
}
"""HTTP status of errors that are not the web's own; of the classes above an error the nearest."""

_BY_STATUS: dict[int, type[AccessError | RequestError]] = {
    401: NotSignedIn,
    403: NotAllowed,
    404: NothingHere,
    405: WrongMethod,
    413: BodyTooLarge,
    415: WrongType,
    422: Malformed,
}

_LOG = logging.getLogger("personae.web")


def status_of(error: PersonaeError) -> int:
    """The HTTP status that tells of this error."""
    if isinstance(error, AccessError | RequestError):
        return error.status
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(
    error: PersonaeError,
    request_id: str,
    *,
    status: int | None = None,
    parts: Sequence[Mapping[str, object]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as a response.

    Args:
        error: what happened.
        request_id: finds the request in the log.
        status: of HTTP, if it is not the error's own.
        parts: which parts of the request are wrong.
        headers: to send with it.
    """
    chosen = status or status_of(error)
    body: dict[str, object] = {
        "type": f"urn:personae:error:{error.code}",
        "title": (type(error).__doc__ or "").partition("\n")[0],
        "status": chosen,
        "detail": error.message,
        "code": error.code,
        "hint": error.hint,
        "request_id": request_id,
    }
    if parts:
        body["errors"] = list(parts)
    sent = {"cache-control": "no-store", **(headers or {})}
    if chosen == 401:
        sent.setdefault("www-authenticate", "Bearer")
    if isinstance(error, TooManyTries):
        sent["retry-after"] = str(max(1, round(error.wait_s + 0.5)))
    if chosen == 503:
        sent.setdefault("retry-after", "5")
    return JSONResponse(body, chosen, sent, MEDIA_TYPE)


def request_id_of(request: Request) -> str:
    """The id of this request, as it stands in the log and in the response's header."""
    return str(request.scope.get("personae.request_id", ""))


def add_handlers(app: FastAPI) -> None:
    """Whatever is raised while a request is answered becomes a problem."""
    app.add_exception_handler(PersonaeError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PersonaeError)
    found = problem(error, request_id_of(request))
    if found.status_code >= 500 and found.status_code not in (501, 503):
        _LOG.error("request %s: %s %s", request_id_of(request), error.code, error.message)
    return found


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(error.status_code, RequestError)
    said = error.detail if error.status_code not in (404, 405) else ""
    message = said or f"{request.method} {request.url.path[:200]}"
    return problem(
        kind(message), request_id_of(request), status=error.status_code, headers=error.headers
    )


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was sent is not sent back: it may be a password, and need not be JSON
    parts = [
        {"where": [str(step) for step in one["loc"]], "message": one["msg"], "kind": one["type"]}
        for one in error.errors()
    ]
    first = "; ".join(f"{'.'.join(p['where'])}: {p['message']}" for p in parts[:3])
    return problem(Malformed(first or "the request"), request_id_of(request), parts=parts)


def _unforeseen(request: Request, error: Exception) -> Response:
    told = PersonaeError(
        "the server met something it did not expect",
        f"The server's log has more under {request_id_of(request)}.",
    )
    return problem(told, request_id_of(request))
