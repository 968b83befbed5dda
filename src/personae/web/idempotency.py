"""Posts that are safe to send twice: the same Idempotency-Key gets the same answer, done once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any, ClassVar

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from personae.web.auth.roles import Caller
from personae.web.refusals import Conflict

KEPT_S = 24 * 3600.0
MOST = 10_000
"""Answers that are kept; the oldest go first."""
LARGEST = 1 << 20
"""Bytes of an answer that is kept."""
REPLAYED = "Idempotent-Replayed"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(slots=True)
class _Entry:
    """A request that was seen, and its answer once there is one."""

    print: str
    at: float
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Answers:
    """What was answered to requests with a key, for a day or until the server ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, _Entry] = {}

    def begin(self, key: str, fingerprint: str) -> _Entry | None:
        """The answer that was given; None if this request is to be done now.

        Raises:
            Conflict: the key was used for another request, or this one is still being done.
        """
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            known = self._known.get(key)
            if known is None:
                self._known[key] = _Entry(fingerprint, now)
                return None
        if known.print != fingerprint:
            raise Conflict("this Idempotency-Key was used for another request", "Use a new key.")
        if known.body is None:
            raise Conflict("a request with this Idempotency-Key is still being done")
        return known

    def end(self, key: str, answer: Response | None) -> None:
        """Keeps an answer; without one, or one that says try again, the key is free again."""
        body = getattr(answer, "body", None)
        with self._lock:
            if (
                answer is None
                or not isinstance(body, bytes)
                or answer.status_code >= 400
                or len(body) > LARGEST
            ):
                self._known.pop(key, None)
                return
            entry = self._known[key]
            entry.status, entry.body = answer.status_code, body
            skipped = ("content-length",)
            entry.headers = {k: v for k, v in answer.headers.items() if k not in skipped}

    def _forget(self, now: float) -> None:
        for key in list(self._known):
            if len(self._known) < MOST and self._known[key].at > now - KEPT_S:
                break
            del self._known[key]


class _Replay(Exception):
    """This was answered before."""

    def __init__(self, entry: _Entry) -> None:
        super().__init__()
        self.entry = entry


def _once(answers: Answers) -> Callable[..., Awaitable[None]]:
    async def once(
        request: Request,
        key: Annotated[
            str | None,
            Header(
                alias="Idempotency-Key",
                max_length=200,
                description="Any text that is new for each act. The same post with the same key "
                "is done once; its answer is given again for a day.",
            ),
        ] = None,
    ) -> None:
        """Comes after the check of the role, so that nobody is answered who may not ask."""
        if not key:
            return
        caller: Caller | None = request.scope.get("personae.caller")
        who = caller.name if caller else ""
        where = f"{who}\0{request.method}\0{request.url.path}\0{key}"
        entry = answers.begin(where, await _fingerprint(request))
        if entry is not None:
            raise _Replay(entry)
        request.state.idempotency = where

    return once


async def _fingerprint(request: Request) -> str:
    """Of what is asked. Large bodies are told apart by their length: they are never held whole."""
    parts = [request.url.query, request.headers.get("content-length", "")]
    kind = request.headers.get("content-type", "").partition(";")[0]
    parts.append(kind)
    if kind == "application/json":
        parts.append(hashlib.sha256(await request.body()).hexdigest())
    return "\0".join(parts)


class OnceRoute(APIRoute):
    """A route whose posts heed ``Idempotency-Key``."""

    answers: ClassVar[Answers]

    def __init__(self, path: str, endpoint: Callable[..., Any], **rest: Any) -> None:  # noqa: ANN401 - FastAPI's own
        if "POST" in (rest.get("methods") or ()):
            once = Depends(_once(self.answers))
            rest["dependencies"] = [*(rest.get("dependencies") or ()), once]
        super().__init__(path, endpoint, **rest)

    @classmethod
    def with_memory(cls) -> type[OnceRoute]:
        """The class for the routes of one router, which remember their answers together."""
        return type("OnceRoute", (cls,), {"answers": Answers()})

    def get_route_handler(self) -> Handler:
        """The handler of the route, with answers given before it and kept after it."""
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            answer = None
            try:
                answer = await handle(request)
            except _Replay as replay:
                known = replay.entry
                return Response(known.body, known.status, {**known.headers, REPLAYED: "true"})
            finally:
                key = getattr(request.state, "idempotency", None)
                if key is not None:
                    self.answers.end(key, answer)
            return answer

        return once
