"""A web site on this machine, for tests: pages, films with Range, redirects, broken connections."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HTML, MP4 = "text/html; charset=utf-8", "video/mp4"


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    range: str | None
    cookie: str | None


@dataclass
class Site:
    """What is served, and what was asked.

    Attributes:
        pages: content type and content by path.
        redirects: where a path leads, by path.
        statuses: the error a path answers, by path.
        cuts: after how many bytes the connection is broken off, once each.
        slow: bytes a second of a path.
        asked: every request, in order.
    """

    address: str = ""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    slow: dict[str, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def page(self, path: str, html: str) -> str:
        """Adds an HTML page; its address."""
        self.pages[path] = (HTML, html.encode())
        return self.address + path

    def film(self, path: str, content: bytes, kind: str = MP4) -> str:
        """Adds a film; its address."""
        self.pages[path] = (kind, content)
        return self.address + path

    def ranges(self, path: str) -> list[str | None]:
        """What part of a path was asked for, each time."""
        return [each.range for each in self.asked if each.path == path]


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.site.asked.append(Asked(path, self.headers["Range"], self.headers["Cookie"]))
        if path in self.site.redirects:
            self._head(302, [("Location", self.site.redirects[path]), ("Content-Length", "0")])
        elif path in self.site.statuses or path not in self.site.pages:
            status = self.site.statuses.get(path, 404)
            self._head(status, [("Content-Length", "0")])
        else:
            self._send(path, *self.site.pages[path])

    do_HEAD = do_GET

    def _send(self, path: str, kind: str, content: bytes) -> None:
        whole = len(content)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["Range"] or "")
        start = int(asked[1]) if asked else 0
        end = min(int(asked[2] or whole - 1), whole - 1) + 1 if asked else whole
        if start >= whole:
            self._head(416, [("Content-Length", "0"), ("Content-Range", f"bytes */{whole}")])
            return
        headers = [("Content-Type", kind), ("Content-Length", str(end - start)),
                   ("Accept-Ranges", "bytes"), ("Set-Cookie", "seen=1")]  # fmt: skip
        if asked:
            headers.append(("Content-Range", f"bytes {start}-{end - 1}/{whole}"))
        self._head(206 if asked else 200, headers)
        if self.command == "GET":
            self._body(path, content[start:end])

    def _head(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def _body(self, path: str, body: bytes) -> None:
        # A look at the first bytes to see what a thing is takes no turn
        cuts = self.site.cuts.get(path) if self._fetches(path) else None
        if cuts:
            body = body[: cuts.pop(0)]
            self.close_connection = True
        try:
            for start in range(0, len(body), 16384):
                self.wfile.write(body[start : start + 16384])
                if path in self.site.slow:
                    time.sleep(16384 / self.site.slow[path])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _fetches(self, path: str) -> bool:
        return len(self.site.ranges(path)) > 1

    def log_message(self, *said: object) -> None:
        return


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Site]:
    """A site that runs as long as the block."""
    site = Site()
    server = ThreadingHTTPServer((host, 0), type("Handler", (_Handler,), {"site": site}))
    server.daemon_threads = True
    site.address = f"http://{host}:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
