"""How much a request may bring, by what it says and by what it sends."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from personae.web.auth.roles import Caller
from personae.web.errors import problem
from personae.web.refusals import BodyTooLarge, Malformed

WORDS = 1_000_000
"""Bytes of a request that is words: JSON, forms."""

PICTURE = 256_000_000
"""Bytes of a request that brings a picture."""

MEDIA = "/api/v1/media"
"""Where films are brought; they have the server's own limit."""

_WORDS = ("", "application/json", "application/x-www-form-urlencoded", "text/plain")


class Limits:
    """Stops what is too large: at once if it says so, else as soon as it is."""

    def __init__(self, app: ASGIApp, max_upload_bytes: int) -> None:
        self._app = app
        self._max_upload = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = self._most(scope, headers)
        said = headers.get("content-length", "0")
        if not said.isascii() or not said.isdigit():
            wrong = problem(Malformed("Content-Length is no number"), _id(scope), status=400)
            await wrong(scope, receive, send)
        elif int(said) > most:
            await _too_large(scope, most)(scope, receive, send)
        else:
            await _Counted(scope, receive, send, most).run(self._app)

    def _most(self, scope: Scope, headers: Headers) -> int:
        path, caller = scope["path"], scope.get("personae.caller")
        kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind in _WORDS or kind.endswith("+json"):
            return min(WORDS, self._max_upload)
        # Forms are read before the route can ask for a role, so whoever may not bring films is
        # stopped here
        brings = isinstance(caller, Caller) and caller.may("editor")
        if brings and (path == MEDIA or path.startswith(MEDIA + "/")):
            return self._max_upload
        return min(PICTURE, self._max_upload)


class _Counted:
    """One request whose bytes are counted as they come in."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._most = most
        self._got = 0
        self._answered = False
        self._refused = False

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        except BodyTooLarge:
            if self._answered:
                raise
            await self._refuse()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._got += len(message.get("body", b""))
            if self._got > self._most:
                raise BodyTooLarge(_said(self._most))
        return message

    async def send(self, message: Message) -> None:
        # Whoever reads bodies may have made an error of its own out of ours; it is put right here
        if self._got > self._most and not self._answered:
            await self._refuse()
        elif not self._refused:
            self._answered = True
            await self._send(message)

    async def _refuse(self) -> None:
        self._answered = self._refused = True
        await _too_large(self._scope, self._most)(self._scope, self._receive, self._send)


def _too_large(scope: Scope, most: int) -> ASGIApp:
    return problem(BodyTooLarge(_said(most)), _id(scope), headers={"connection": "close"})


def _said(most: int) -> str:
    return f"no more than {most / 1e6:.0f} MB are taken here"


def _id(scope: Scope) -> str:
    return str(scope["personae.request_id"])
