"""Who uses a page: what pages ask of the library in their event handlers passes here.

A page lives on in the browser over a web socket, past the request that made it. So whoever asks is
looked up again each time, and a session that is over, or a role that was lowered, counts at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from nicegui import context

from personae.app.library import Library
from personae.web.auth.access import Access
from personae.web.auth.roles import Caller, Role
from personae.web.refusals import NotSignedIn
from personae.web.site import Site

CHANGES = frozenset(
    {
        "cluster",
        "enrol",
        "enrol_tree",
        "hide",
        "index",
        "merge",
        "name",
        "not_same",
        "split",
        "tag",
        "undo",
        "close",
    }
)
"""What changes the library, and so needs an editor; everything else is looking."""

_PLAIN = frozenset({"folder", "settings"})


def caller(site: Site) -> Caller:
    """Who uses the page that is being made or has an event.

    Raises:
        NotSignedIn: the session is over.
    """
    return _caller(site.access)


def may(site: Site, least: Role) -> bool:
    """Whether who uses the page may do what needs this role: else do not even show it."""
    try:
        return caller(site).may(least)
    except NotSignedIn:
        return False


def for_pages(site: Site) -> Site:
    """The site as pages get it: its library asks for the role before each verb."""
    return cast("Site", _Shown(site))


class _Shown:
    """A site with a watched library."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.library = _Watched(site.library, site.access)

    @contextmanager
    def alone(self) -> Iterator[_Watched]:
        with self._site.alone():
            yield self.library

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the site has there
        return getattr(self._site, name)


class _Watched:
    """A library whose verbs are only for those who may."""

    def __init__(self, library: Library, access: Access) -> None:
        self._library = library
        self._access = access

    def __getattr__(self, verb: str) -> Any:  # noqa: ANN401 - whatever the library has there
        if verb not in _PLAIN and not self._access.is_open():
            _caller(self._access).demand("editor" if verb in CHANGES else "viewer")
        return getattr(self._library, verb)


def _caller(access: Access) -> Caller:
    if access.is_open():
        return Caller("", "admin", "local")
    try:
        request = context.client.request
    except RuntimeError as error:
        raise NotSignedIn("this runs outside of any page", "Ask from the page itself.") from error
    found = access.identify(request.headers)
    if found is None:
        raise NotSignedIn("the session is over", "Sign in again.")
    return found
