"""Every route × everybody: who may, may; who may not gets nothing but the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import httpx
import pytest
from nicegui import __version__ as nicegui_version
from nicegui import core
from starlette.routing import BaseRoute, Mount

import personae
from personae.app.library import Library
from personae.web.auth.roles import ROLES
from personae.web.server import create_app
from personae.web.site import Site, WebSettings
from personae.web.visitors import CHANGES
from tests.web.access import PASSWORD, Guarded, filled, guarded, with_users
from tests.web.access_table import INSIDE, PAGES, REST, TABLE, Row, rows

EVERYBODY = ("nobody", *ROLES, "wrong token", "expired session")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded") / "library"
    with_users(folder)
    with guarded(folder) as one:
        yield one


def below(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """All routes, also those of routers that were taken in."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from below(inner.routes)


def told(route: BaseRoute) -> set[tuple[str, str]]:
    """Methods and address of a route as they stand in the table."""
    path = str(getattr(route, "path", "")).replace(nicegui_version, "{version}")
    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", path)
    if isinstance(route, Mount):
        return {("GET", path + "/{path}")} if path else set()
    return {(method, path) for method in getattr(route, "methods", ()) if method != "HEAD"}


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    settings = personae.Settings(library=tmp_path_factory.mktemp("empty") / "library")
    site = Site(settings, WebSettings(), Library(settings))
    app = create_app(site)
    site.library.close()
    return {row for route in below([*app.routes, *core.app.routes]) for row in told(route)}


def test_every_route_has_a_row_and_every_row_a_route(routes: set[tuple[str, str]]) -> None:
    in_table = {(method, route) for _, method, route in TABLE}
    assert len(in_table) == len(TABLE)
    assert routes - in_table == set(), "these routes need a row in tests/web/access_table.py"
    # NiceGUI adds its icon only when it starts
    assert in_table - routes == {("GET", "/favicon.ico")}, "these rows have no route"


@pytest.mark.parametrize("row", rows(REST), ids=" ".join)
def test_rest(served: Guarded, row: Row) -> None:
    least, method, route = row
    for who in EVERYBODY:
        answer = served.ask(who, method, filled(route))
        if may(who, least):
            assert answer.status_code not in (401, 403), (who, answer.status_code)
            assert answer.status_code < 500, (who, answer.text)
        elif who in ROLES:
            assert (answer.status_code, answer.json()["code"]) == (403, "P803"), who
        elif who == "wrong token" or route.startswith(("/api/", "/metrics")):
            assert (answer.status_code, answer.json()["code"]) == (401, "P801"), who
            assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("row", rows(PAGES) + rows(INSIDE), ids=" ".join)
def test_pages_and_what_they_are_made_of(served: Guarded, row: Row) -> None:
    least, method, route = row
    path = filled(route.replace("{version}", nicegui_version))
    for who in EVERYBODY:
        answer = served.ask(who, method, path)
        if may(who, least):
            assert answer.status_code not in (401, 403), (who, answer.status_code)
            assert answer.status_code < 500, (who, answer.text)
            assert not answer.headers.get("location", "").startswith("/login?"), who
        elif answer.status_code == 303:
            assert method == "GET" and not route.startswith(("/_nicegui", "/api"))
            assert answer.headers["location"].startswith("/login?next=%2F"), who
        else:
            assert (answer.status_code, answer.json()["code"]) == (401, "P801"), who


def may(who: str, least: str) -> bool:
    """What the table says."""
    if least == "nobody":
        return True
    wanted = "admin" if least == "own" else least
    return who in ROLES and ROLES.index(who) >= ROLES.index(wanted)  # type: ignore[arg-type]


def test_a_socket_of_nobody_or_of_another_site_is_refused(served: Guarded) -> None:
    path = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    greeting = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    for who, origin, status in (
        ("viewer", served.url, 101),
        ("viewer", "https://evil.example", 403),
        ("nobody", served.url, 401),
        ("expired session", served.url, 401),
    ):
        headers = {**served.headers(who), **greeting, "origin": origin}
        with httpx.stream("GET", served.url + path, headers=headers, trust_env=False) as answer:
            assert answer.status_code == status, (who, origin)


def test_pages_hold_no_secret(served: Guarded) -> None:
    """What is in the HTML lies in caches and screenshots."""
    key, token = served.session("admin"), served.token("admin")
    looked_at = 0
    for _, method, route in rows(PAGES):
        if method != "GET":
            continue
        answer = served.ask("admin", "GET", filled(route))
        text = answer.text
        looked_at += 1
        for secret in (key, token, PASSWORD, "psn_", "$argon2", "personae_session", "web.db"):
            assert secret not in text, (route, secret)
        cookie = answer.request.headers["cookie"].partition("=")[2]
        assert cookie not in text, route
        assert not re.search(r"(?i)(secret|api_?key|authorization)\W{1,3}\w{8}", text), route
    assert looked_at >= 4


def test_every_verb_of_the_library_is_known_to_look_or_to_change() -> None:
    """A verb that is added has to be put on one side, or viewers could change things."""
    looking = {
        "appearances", "calibration", "clips", "crop", "crowd", "cutting", "export", "faces",
        "history", "jobs", "media", "origins", "people", "person", "regions", "render", "report",
        "reports", "search", "sightings", "store", "suggestions", "write_clips",
    }  # fmt: skip
    verbs = {name for name in vars(Library) if not name.startswith("_")}
    assert verbs - looking == CHANGES
