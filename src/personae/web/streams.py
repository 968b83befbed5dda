"""Answers without end: server-sent events and moving pictures, for no more than some at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from threading import Lock
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from personae.web.refusals import ServerBusy

LOOK_S = 0.25
"""Between two looks at what has changed."""
BEAT_S = 10.0
"""After so long without news something is sent, so that a dead connection is noticed."""
PATIENCE_S = 30.0
"""A client that takes nothing for so long is let go."""
EDGE = b"--personae\r\n"
MOVING = "multipart/x-mixed-replace; boundary=personae"
KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
EVENT = {
    "type": "object",
    "properties": {key: {"type": "string"} for key in ("event", "id", "data")},
}


class Seats:
    """How many may be served without end at once.

    Args:
        most: seats there are.
    """

    def __init__(self, most: int) -> None:
        self._free = most
        self._lock = Lock()

    def take(self) -> None:
        """Takes a seat.

        Raises:
            ServerBusy: all are taken.
        """
        with self._lock:
            if self._free == 0:
                raise ServerBusy("too many watch at once", "Close some of the pages that do.")
            self._free -= 1

    def leave(self) -> None:
        """Gives the seat back."""
        with self._lock:
            self._free += 1


class Endless(StreamingResponse):
    """Sends until the client goes, the content ends, or nothing is taken any more.

    It costs no thread: content is made in the server's loop, so it must be quick.

    Args:
        content: what to send.
        kind: media type.
        seats: where a seat was taken, which is given back at the end.
    """

    def __init__(self, content: AsyncIterator[Any], kind: str, seats: Seats | None = None) -> None:
        super().__init__(content, media_type=kind, headers=KEPT_BY_NOBODY)
        self._seats = seats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends; whatever happens, the seat is free afterwards."""

        async def patiently(message: Message) -> None:
            async with asyncio.timeout(PATIENCE_S):
                await send(message)

        try:
            await super().__call__(scope, receive, patiently)
        except TimeoutError:
            return
        finally:
            if self._seats is not None:
                self._seats.leave()


async def until(
    request: Request,
    news: Callable[[], Iterable[str]],
    limit_s: float,
    over: Callable[[], bool],
) -> AsyncIterator[str]:
    """Server-sent events: what is new, each time, and comments while there is nothing.

    Args:
        request: ends it when its client goes.
        news: events since the last time it was called, as `event` makes them.
        limit_s: seconds after which it ends.
        over: whether there will be nothing more.
    """
    clock = asyncio.get_running_loop().time
    ends, heard = clock() + limit_s, clock()
    while clock() < ends:
        ending = over()
        for one in news():
            heard = clock()
            yield one
        if ending:
            return
        if clock() - heard >= BEAT_S:
            heard = clock()
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_S)
        if await request.is_disconnected():
            return


def event(name: str, number: str | int, told: object) -> str:
    """One server-sent event with JSON in it."""
    return f"event: {name}\nid: {number}\ndata: {json.dumps(told)}\n\n"


def part(jpeg: bytes, **told: str | int) -> bytes:
    """A picture of a moving one; the edge behind it has browsers show it at once.

    Args:
        jpeg: the picture.
        told: further headers; underscores become dashes.
    """
    headers = {"Content-Type": "image/jpeg", "Content-Length": len(jpeg)}
    headers |= {f"X-{name.replace('_', '-').title()}": value for name, value in told.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return lines.encode() + b"\r\n" + jpeg + b"\r\n" + EDGE
