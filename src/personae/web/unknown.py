"""What lies below /api and is no route: a problem instead of a page, and 405 where it is one."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from personae.web.errors import problem, request_id_of
from personae.web.refusals import NothingHere, WrongMethod


class Unknown:
    """Mounted behind all routes of the API.

    Args:
        routes: of the API; one may know the address with another method.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 404, or 405 with the methods that there are."""
        request = Request(scope)
        asked = {**scope, "root_path": scope.get("app_root_path", "")}
        allowed = sorted(
            method
            for route in self._routes
            if isinstance(route, Route) and route.matches(asked)[0] is not Match.NONE
            for method in route.methods or ()
        )
        said = f"{request.method} {request.url.path[:200]}"
        if allowed:
            answer = problem(
                WrongMethod(said), request_id_of(request), headers={"allow": ", ".join(allowed)}
            )
        else:
            answer = problem(NothingHere(said), request_id_of(request))
        await answer(scope, receive, send)
