"""A real HTTP receiver on loopback that fails, hangs, dawdles, redirects and recovers as told."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG, DAWDLE = "hang", "dawdle"


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The body as JSON."""
        return dict(json.loads(self.body))


@dataclass
class Receiver:
    """What came, and what is answered: one of ``answers`` a request, then 204 for ever."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Received) -> int | str:
        with self.lock:
            self.received.append(request)
            return self.answers.pop(0) if self.answers else 204


@contextlib.contextmanager
def receiving(*answers: int | str) -> Iterator[Receiver]:
    """A receiver on a free port until the block ends."""
    kept = Receiver(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = kept.answer(Received(self.path, dict(self.headers.items()), body))
            with contextlib.suppress(OSError):
                self.say(answer)

        def say(self, answer: int | str) -> None:
            if answer == HANG:
                kept.released.wait(30)
                return
            if answer == DAWDLE:  # a byte now and then keeps every single read from timing out
                self.wfile.write(b"HTTP/1.1 204 OK\r\nX-Slow: ")
                while not kept.released.wait(0.1):
                    self.wfile.write(b"a")
                return
            self.send_response(int(answer))
            if answer in (301, 302, 307, 308):
                self.send_header("Location", f"{kept.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield kept
    finally:
        kept.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
