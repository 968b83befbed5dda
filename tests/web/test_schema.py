"""Whatever a client sends, within the description or beside it, the server answers as described."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from tests.web.serving import Served

ENDLESS = ("/api/v1/jobs/events", "/api/v1/live/events", "/api/v1/live/stream")
"""Answer for an hour."""
HARMLESS = "positive_data_acceptance"
"""The one check left out: that whatever fits the schema is done. A picture without a face fits."""


@pytest.mark.slow
def test_a_live_server_answers_as_described(fresh_server: Served) -> None:
    """Thousands of requests, right and wrong, made by schemathesis from the description."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            f"{fresh_server.url}/api/v1/openapi.json",
            *("--checks", "all", "--exclude-checks", HARMLESS),
            *(word for path in ENDLESS for word in ("--exclude-path", path)),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "10"),
            *("--request-timeout", "60", "--generation-deterministic", "--no-color"),
        ],
        cwd=fresh_server.library.parent,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert httpx.get(f"{fresh_server.url}/api/v1/ready").status_code == 200
    assert "Traceback" not in fresh_server.log.read_text()
