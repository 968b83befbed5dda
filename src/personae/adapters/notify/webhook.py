"""Alerts to an address of the user's: signed, tried again with growing pauses, never for ever."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from personae.core.errors import DeliveryError, DeliveryRefused
from personae.core.events import Alert

log = logging.getLogger(__name__)

SIGNATURE = "X-Personae-Signature"
TIMESTAMP = "X-Personae-Timestamp"
EVENT_ID = "X-Personae-Event-Id"
WORTH_ANOTHER_TRY = (408, 425, 429)
"""Answers below 500 that say: later."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where alerts go, and how long is tried.

    Attributes:
        url: http or https; it may hold a token and is never logged beyond its host.
        secret: key of the signature; without one nothing is signed.
        timeout_s: for one try, from the first packet to the last, however the receiver dawdles.
        tries: of one alert.
        pause_s: before the second try; it doubles from try to try.
        longest_pause_s: no pause is longer.
        total_s: after so long no further try is begun.
    """

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    timeout_s: float = 10.0
    tries: int = 6
    pause_s: float = 1.0
    longest_pause_s: float = 60.0
    total_s: float = 180.0


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``sha256=`` and the HMAC-SHA256 of ``timestamp``, a dot and the body, in hex (RFC 2104)."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Webhook:
    """Posts alerts as JSON; redirects are not followed.

    Args:
        settings: where to and how long.
        clock: seconds since 1970.
    """

    def __init__(self, settings: WebhookSettings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._closed = threading.Event()
        parts = urlsplit(settings.url)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._tls else 80)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._random = random.Random()
        self._open: http.client.HTTPConnection | None = None

    def send(self, alert: Alert) -> None:
        """Posts until the receiver says yes, says that it never will, or time is up.

        Raises:
            DeliveryRefused: an answer that another try will not change.
            DeliveryError: all tries failed, or it was closed meanwhile.
        """
        body = _body(alert)
        begun = time.monotonic()
        for number in range(1, self._settings.tries + 1):
            if self._closed.is_set():
                raise DeliveryError(f"{self._host}: closed before it was delivered")
            failure = self._tried(alert.id, body)
            if not failure:
                return
            log.info("webhook %s: try %d failed: %s", self._host, number, failure)
            pause = self._pause(number)
            if time.monotonic() - begun + pause > self._settings.total_s:
                break
            if number < self._settings.tries:
                self._closed.wait(pause)
        raise DeliveryError(f"{self._host}: given up after {number} tries: {failure}")

    def close(self) -> None:
        """Ends waiting and the try that is going on; no further one is begun."""
        self._closed.set()
        if (line := self._open) is not None:
            _cut(line, threading.Event())

    def _pause(self, number: int) -> float:
        """Doubling, and at least half of it random: receivers that come back are not stormed."""
        longest = min(self._settings.pause_s * 2.0 ** (number - 1), self._settings.longest_pause_s)
        return longest * self._random.uniform(0.5, 1.0)

    def _tried(self, number: str, body: bytes) -> str:
        """Empty when delivered, else why not."""
        try:
            status = self._post(number, body)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__ if isinstance(error, ssl.SSLError) else _why(error)
        if 200 <= status < 300:
            return ""
        if status >= 500 or status in WORTH_ANOTHER_TRY:
            return f"answer {status}"
        raise DeliveryRefused(f"{self._host}: answer {status}")

    def _post(self, number: str, body: bytes) -> int:
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "personae",
            EVENT_ID: number,
            TIMESTAMP: timestamp,
        }
        if self._settings.secret:
            headers[SIGNATURE] = signature(self._settings.secret, timestamp, body)
        line = self._line()
        late = threading.Event()
        watchdog = threading.Timer(self._settings.timeout_s, _cut, (line, late))
        watchdog.daemon = True
        watchdog.start()
        self._open = line
        try:
            line.request("POST", self._target, body, headers)
            status = line.getresponse().status
            if late.is_set():  # half an answer reads like a whole one
                raise TimeoutError
            return status
        finally:
            self._open = None
            watchdog.cancel()
            line.close()

    def _line(self) -> http.client.HTTPConnection:
        timeout = self._settings.timeout_s
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=timeout, context=self._tls
        )


def _cut(line: http.client.HTTPConnection, late: threading.Event) -> None:
    """Ends a connection that another thread waits on; a timeout of its own starts at every byte."""
    late.set()
    held = line.sock
    if held is not None:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(held, socket.SHUT_RDWR)


def _why(error: Exception) -> str:
    """Names and numbers only: what a library quotes may hold the address."""
    number = getattr(error, "errno", None)
    return type(error).__name__ if number is None else f"{type(error).__name__} ({number})"


def _body(alert: Alert) -> bytes:
    told = alert.as_json()
    if alert.snapshot is not None:
        picture = base64.b64encode(alert.snapshot).decode("ascii")
        told["snapshot"] = {"type": "image/jpeg", "base64": picture}
    return json.dumps(told, ensure_ascii=False).encode()
