"""The demo library that all web tests ask is what they take it for."""

from __future__ import annotations

import httpx

import personae
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served


def test_the_demo_library_knows_three_people(demo_library: DemoLibrary) -> None:
    with personae.open(demo_library.folder, create=False) as library:
        names = {person.name for person in library.people()}
        films = {medium.path for medium in library.media() if medium.kind == "film"}
    assert set(demo_library.truth) <= names
    assert films == {str(demo_library.film)}


def test_servers_answer(served: Served, fresh_server: Served) -> None:
    assert served.url != fresh_server.url
    for one in (served, fresh_server):
        assert "openapi" in httpx.get(f"{one.url}/api/v1/openapi.json").json()
