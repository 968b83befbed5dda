"""The cookie of a session, and from where a browser speaks."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from personae.web.auth.access import COOKIE
from personae.web.auth.keys import LONGEST_S


def set_cookie(response: Response, request: Request, key: str) -> None:
    """Gives the browser its key: no script can read it, no other site's form brings it along."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=LONGEST_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, request: Request) -> None:
    """Takes the key from the browser."""
    response.delete_cookie(
        COOKIE, path="/", secure=request.url.scheme == "https", httponly=True, samesite="lax"
    )


def address_of(request: Request) -> str:
    """The address that is throttled; IPv6 by network, because each house has 2^64 addresses."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if host.count(":") > 3 else host
