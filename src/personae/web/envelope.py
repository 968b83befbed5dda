"""Around every request: its id, and the headers that keep browsers from being tricked."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        # NiceGUI compiles templates in the browser, which takes eval; its own inline scripts carry
        # the nonce, and whatever else finds its way into a page does not run
        "script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
        # Quasar, charts and NiceGUI's own page set styles inline
        "style-src 'self' 'unsafe-inline'",
        # Quasar's own style sheet draws with data:, the photo that is searched for shows as blob:
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Content security policy of pages."""

DATA_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)
"""Of everything else: a report shows, an uploaded file that is opened as a page can do nothing."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
"""Sent with every response."""

_SCRIPT = re.compile(rb"<script(?=[\s>])", re.IGNORECASE)
_FORWARDED_PREFIX = b"x-forwarded-prefix"


class Envelope:
    """Gives each request an id and each response its headers; marks the scripts of pages.

    Pages are whole when they pass here: the text of the page is held back, every script in it gets
    the nonce of this response, and then it goes on its way.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        shown = Headers(scope=scope).get("x-request-id", "")
        scope["personae.request_id"] = shown if _ID.fullmatch(shown) else secrets.token_hex(8)
        # NiceGUI would write it into pages; nobody but a proxy that we do not serve under needs it
        scope["headers"] = [(k, v) for k, v in scope["headers"] if k != _FORWARDED_PREFIX]
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Sealed(scope, send))


class _Sealed:
    """The way back of one response."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._page: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._seal(message):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._page.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_page(self._start)
            return
        await self._send(message)

    def _seal(self, message: Message) -> bool:
        headers = MutableHeaders(raw=message.setdefault("headers", []))
        of_api = self._scope["path"].startswith("/api/")
        is_page = headers.get("content-type", "").startswith("text/html") and not of_api
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = self._scope["personae.request_id"]
        policy = PAGE_POLICY.format(nonce=self._nonce) if is_page else DATA_POLICY
        headers["content-security-policy"] = policy
        if self._scope.get("scheme") == "https":
            headers["strict-transport-security"] = "max-age=31536000"
        if is_page or of_api:
            headers.setdefault("cache-control", "no-store")
        message["headers"] = headers.raw
        return is_page and "content-encoding" not in headers

    async def _send_page(self, start: Message) -> None:
        marked = b'<script nonce="' + self._nonce.encode() + b'"'
        page = _SCRIPT.sub(marked, b"".join(self._page))
        headers = MutableHeaders(raw=start["headers"])
        if "content-length" in headers and self._scope["method"] != "HEAD":
            headers["content-length"] = str(len(page))
        start["headers"] = headers.raw
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page, "more_body": False})
