"""The description of the API: the snapshot is the program's, and so is the server's."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.shared import REPOSITORY
from tools.docs import rest_reference

REFERENCE = REPOSITORY / "docs" / "reference"


@pytest.fixture(scope="module")
def snapshot() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    return json.loads((REFERENCE / "openapi.json").read_text("utf-8"))


def test_the_snapshot_is_what_the_routes_say(snapshot: dict[str, object]) -> None:
    assert snapshot == json.loads(rest_reference.snapshot()), "run `make docs`"


def test_the_page_is_what_the_routes_say() -> None:
    page = (REFERENCE / "rest-api.md").read_text("utf-8")
    assert page == rest_reference.render(), "run `make docs`"


def test_a_server_describes_itself_so(server: str, snapshot: dict[str, object]) -> None:
    assert httpx.get(f"{server}/api/v1/openapi.json").json() == snapshot


def test_every_operation_has_words_and_tells_of_problems(
    snapshot: dict[str, dict[str, dict[str, dict[str, object]]]],
) -> None:
    found = 0
    for address, methods in snapshot["paths"].items():
        for method, told in methods.items():
            found += 1
            assert told.get("description") or told.get("summary"), f"{method} {address}"
            assert "default" in told["responses"], f"{method} {address}"  # type: ignore[operator]
            assert told["tags"], f"{method} {address}"
    assert found > 40
