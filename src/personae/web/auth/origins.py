"""From where a request may come: by which name, through what, and from whose page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from personae.web.refusals import CrossSite, HostRefused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names by which a machine calls itself."""

_PROXIED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip")


def demand_this_machine(headers: Mapping[str, str]) -> None:
    """What a library without users asks of every request.

    A page of the web can make a browser call this machine by a name of the page's own (DNS
    rebinding), and a reverse proxy makes all the world look like this machine; both are refused.

    Raises:
        HostRefused: the request is not plainly from this machine.
    """
    host = _host(headers.get("host", ""))
    if host not in HERE:
        raise HostRefused(f"without users this server answers to its loopback names, not {host!r}")
    if any(name in headers for name in _PROXIED):
        raise HostRefused("without users this server answers nobody behind a proxy")


def demand_same_site(method: str, headers: Mapping[str, str], *, strict: bool) -> None:
    """Refuses what another site's page does in the user's name (CSRF), also on web sockets.

    Browsers say in ``Sec-Fetch-Site`` and ``Origin`` where a request comes from, and no page can
    change that, so no secret has to be put into pages.

    Args:
        method: of HTTP; ``WEBSOCKET`` for a socket.
        headers: of the request, their names in small letters.
        strict: refuse also who says nothing: a cookie was shown, so it is a browser.

    Raises:
        CrossSite: it comes from elsewhere.
    """
    if method in SAFE:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None:
        if urlsplit(origin).netloc.casefold() != headers.get("host", "").casefold():
            raise CrossSite(f"a page of {origin[:100]!r} asked for this")
    elif site is not None:
        if site not in ("same-origin", "none"):
            raise CrossSite("a page of another site asked for this")
    elif strict:
        raise CrossSite("a cookie without an Origin header: no browser sends that")


def _host(shown: str) -> str:
    try:
        return (urlsplit(f"//{shown}").hostname or "").casefold()
    except ValueError:
        return ""
