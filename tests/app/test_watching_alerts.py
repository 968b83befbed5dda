"""A watch over a film tells a webhook who is there, with a picture, as its rules say."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import personae
from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film, probes
from personae.app.watch_command import watching
from personae.cli.watch import WatchRequest
from personae.core.errors import AlertsUnclear
from tests.adapters.notify.receiver import receiving

FACE = Framing(0.5, 0.3, 0.4)
RULES = """
[action.hook]
kind = "webhook"
url = "{url}"
secret = "key"
[[rule]]
name = "home"
on = "person:Eileen Collins"
min_confidence = 0.5
snapshot = true
actions = ["hook", "log"]
[[rule]]
on = "unknown"
actions = ["hook"]
[[rule]]
on = "dark"
actions = ["hook"]
"""


def test_a_watch_tells_who_came_once(tmp_path: Path) -> None:
    film = tmp_path / "collins.mp4"
    scene = Scene(100, (Layer("collins", FACE, Framing(0.54, 0.32, 0.4)),))
    make_film(film, (Scene(5), scene), FilmSettings(width=640, height=360))
    folder = tmp_path / "library"
    asked = WatchRequest(liveness=False)
    with receiving() as receiver, personae.Library(personae.Settings(library=folder)) as lib:
        lib.enrol("Eileen Collins", [probes()["Eileen Collins"]])
        (folder / "alerts.toml").write_text(RULES.format(url=receiver.url))
        with watching(lib, [f"hall={film}"], None, asked) as watch:
            while not watch.over:
                watch._stop.wait(0.1)
        told = [request.told for request in receiver.received]
    assert [(one["rule"], one["camera"], one["name"]) for one in told] == [
        ("home", "hall", "Eileen Collins")
    ]
    assert told[0]["confidence"] >= 0.5
    picture = Image.open(BytesIO(base64.b64decode(told[0]["snapshot"]["base64"])))
    assert picture.format == "JPEG" and picture.width > picture.height > 100
    assert not (folder / "dead-letters.jsonl").exists()


def test_a_mistake_in_the_rules_ends_the_watch_before_it_begins(tmp_path: Path) -> None:
    with personae.Library(personae.Settings(library=tmp_path / "library")) as lib:
        (tmp_path / "library" / "alerts.toml").write_text("[[rule]]\n")
        with pytest.raises(AlertsUnclear, match="is not understood"):
            watching(lib, ["hall=rtsp://127.0.0.1:9/none"], None, WatchRequest())
