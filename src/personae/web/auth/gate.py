"""The gate that every request passes: nothing is answered to nobody, whatever a route forgot."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from personae.core.errors import PersonaeError
from personae.web.auth.access import Access, session_key
from personae.web.auth.origins import demand_same_site, demand_this_machine
from personae.web.auth.roles import Caller
from personae.web.errors import problem
from personae.web.refusals import NotSignedIn

PUBLIC = frozenset(
    {
        ("GET", "/login"),
        ("POST", "/login"),
        ("POST", "/api/v1/session"),
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/ready"),
        ("GET", "/favicon.ico"),
    }
)
"""All that somebody unknown may ask for."""


class Gate:
    """Finds out who asks, and turns away who may not."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it with the refusal."""
        if scope["type"] in ("http", "websocket"):
            try:
                scope["personae.caller"] = self._admit(scope, Headers(scope=scope))
            except PersonaeError as error:
                await _refusal(error, scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _admit(self, scope: Scope, headers: Headers) -> Caller | None:
        is_open = self._access.is_open()
        if is_open:
            demand_this_machine(headers)
        method = scope.get("method", "WEBSOCKET")
        is_public = ("GET" if method == "HEAD" else method, scope["path"]) in PUBLIC
        if "authorization" not in headers:
            strict = not is_open and session_key(headers) is not None
            demand_same_site(method, headers, strict=strict and not is_public)
        if is_public:
            return None
        caller = self._access.identify(headers)
        if caller is None:
            over = session_key(headers) is not None
            raise NotSignedIn("the session is over" if over else "nobody is signed in")
        return caller


def _refusal(error: PersonaeError, scope: Scope) -> Response:
    if isinstance(error, NotSignedIn) and _is_page(scope):
        asked = scope["path"] + ("?" + scope["query_string"].decode("latin-1")).rstrip("?")
        return RedirectResponse("/login?next=" + quote(asked, safe=""), 303)
    return problem(error, scope["personae.request_id"])


def _is_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    shown = Headers(scope=scope)
    machine = scope["path"].startswith(("/api/", "/_nicegui", "/metrics"))
    return not machine and "text/html" in shown.get("accept", "") and "authorization" not in shown
