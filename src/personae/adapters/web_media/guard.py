"""Keeps pages of the public web from leading into a private network.

Whoever types the address of a machine in the own network means it. A public page that redirects
there, or that names a film there, does not: it would make this machine ask things of its
neighbours. The first connection says where the address asked for lies; if that is public, no later
one may go to a private address. What counts is where a connection leads, not what a name resolved
to before.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from http.client import HTTPConnection
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

from personae.core.errors import WebError

Address = IPv4Address | IPv6Address


def is_private(address: Address) -> bool:
    """Whether the address is not one of the public internet."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return not (mapped or address).is_global


class Guard:
    """One for each address asked for.

    Args:
        private: says which addresses are private.

    Attributes:
        refused: the host that was not asked, empty while there is none.
    """

    def __init__(self, private: Callable[[Address], bool] = is_private) -> None:
        self._private = private
        self._home: bool | None = None
        self.refused = ""
        self._answers: list[Any] = []

    def close(self) -> None:
        """Lets go of answers that nobody read to their end: yt-dlp leaves them open."""
        for answer in self._answers:
            answer.close()
        self._answers.clear()

    def admit(self, host: str, address: Address) -> None:
        """Lets a connection be used, or not.

        Raises:
            ConnectionRefusedError: it leads from the public web into a private network.
        """
        private = self._private(address)
        if self._home is None:
            self._home = private
        elif private and not self._home:
            self.refused = host
            raise ConnectionRefusedError(f"{host} lies in a private network")

    def admit_by_name(self, host: str) -> None:
        """The same behind a proxy, where only the name is seen."""
        try:
            address = ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
        except ValueError:
            self._home = bool(self._home)
        else:
            self.admit(host, address)

    def handler(self, library: Any) -> type:  # noqa: ANN401 - yt-dlp's module, which has no types
        """A kind of request handler for http and https alone whose connections are looked at."""
        inherited = library.UrllibRH._create_instance

        def opener(handler: object, *given: object, **named: object) -> object:
            made: Any = inherited(handler, *given, **named)
            for scheme in ("ftp", "data", "file"):
                made.handle_open.pop(scheme, None)
            watched = [h for h in made.handlers if isinstance(h, library.HTTPHandler)]
            if len(watched) != 1 or not callable(getattr(watched[0], "_make_conn_class", None)):
                raise WebError("this version of yt-dlp is not known", "Update Personae.")
            self._watch(watched[0])
            return made

        def send(handler: object, request: object) -> object:
            try:
                answer = library.UrllibRH._send(handler, request)
            except library.HTTPError as refusal:
                self._answers.append(refusal.response)
                raise
            self._answers = [each for each in self._answers if not each.closed]
            self._answers.append(answer)
            return answer

        changed = {"_create_instance": opener, "_send": send}
        schemes = {"_SUPPORTED_URL_SCHEMES": ("http", "https")}
        return type("GuardedRH", (library.UrllibRH,), {**changed, **schemes})

    def _watch(self, handler: Any) -> None:  # noqa: ANN401 - yt-dlp has no types
        inherited = handler._make_conn_class

        def make(base: type[HTTPConnection], request: Request) -> type[HTTPConnection]:
            socks = "Ytdl-socks-proxy" in request.headers
            made: type[HTTPConnection] = inherited(base, request)
            if socks or _through_proxy(request):
                self.admit_by_name(_host(request))
                return made
            return self._watched(made)

        handler._make_conn_class = make

    def _watched(self, base: type[HTTPConnection]) -> type[HTTPConnection]:
        def connect(connection: Any) -> None:  # noqa: ANN401 - of the class made below
            plug = connection._create_connection

            def plugged(place: tuple[str, int], *more: object, **named: object) -> socket.socket:
                line: socket.socket = plug(place, *more, **named)
                try:
                    # Before the first byte is sent
                    self.admit(place[0], ip_address(line.getpeername()[0].partition("%")[0]))
                except OSError:
                    line.close()
                    raise
                return line

            connection._create_connection = plugged
            base.connect(connection)

        return type("WatchedConnection", (base,), {"connect": connect})


def _through_proxy(request: Request) -> bool:
    return request.has_proxy() or bool(getattr(request, "_tunnel_host", None))


def _host(request: Request) -> str:
    return urlsplit(request.full_url).hostname or ""
