"""Readers do not disturb indexing, and indexing does not disturb readers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.web_load import load
from personae.adapters.demo import FilmSettings, demo_plan, make_film
from personae.adapters.demo.scenes import CUT
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served

pytestmark = pytest.mark.slow


def test_many_read_while_a_film_is_indexed(
    fresh_server: Served, demo_library: DemoLibrary, tmp_path: Path
) -> None:
    film = tmp_path / "new.mp4"
    plan = [replace(one, duration_frames=40, transition_in=CUT) for one in demo_plan()[6:9]]
    make_film(film, plan, FilmSettings(width=640, height=360))
    photo = demo_library.stills / "obama-podium.jpg"
    made = load(fresh_server.url, photo, film, readers=12, seconds=5)
    assert not made.errors, made.told()
    assert made.indexed == "done", made.told()
    assert made.during > 12, made.told()
    assert {"people", "search", "intervals", "report"} <= made.times.keys()
