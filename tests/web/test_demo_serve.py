"""``personae demo --serve`` ends by serving what it made, and says where."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import httpx
import pytest

from tests.media.demo_film import short_film
from tests.ports import free_port
from tests.system.command import start

pytestmark = pytest.mark.slow

PLACE = re.compile(r"The demo library is at (http://127\.0\.0\.1:\d+)")


def test_the_demo_is_served(tmp_path: Path) -> None:
    film = tmp_path / "demo" / "media" / "demo.mp4"
    film.parent.mkdir(parents=True)
    # A film that is there already is not made again
    short_film(film)
    port = str(free_port())
    with start("demo", "--serve", "--port", port, "--folder", "demo", cwd=tmp_path) as process:
        assert process.stderr is not None
        said = []
        try:
            for line in process.stderr:
                said.append(line)
                if found := PLACE.search(line):
                    break
            else:
                raise AssertionError(f"no address was told:\n{''.join(said)}")
            address = found[1]
            assert address.endswith(f":{port}")
            people = httpx.get(f"{address}/api/v1/people", timeout=30).json()["items"]
            assert {one["name"] for one in people} == {
                "Barack Obama",
                "Eileen Collins",
                "Joe Biden",
            }
            assert "Personae" in httpx.get(address, timeout=60).text
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
