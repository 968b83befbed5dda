"""Photos before a whole watch: never live, never a profile."""

from __future__ import annotations

from pathlib import Path

from personae.adapters.demo.cast import picture
from tests.app.watched import watched
from tests.media.prints import bent, film, fitted, held, read, waved
from tests.shared import shared_file

SECONDS = 11.0
WAYS = {"collins": held, "obama": waved, "biden": bent}


def test_portraits_are_never_live_and_never_a_profile(tmp_path: Path) -> None:
    films = {
        name: film(tmp_path / f"{name}.mp4", [fitted(picture(name))], way, SECONDS, SECONDS)
        for name, way in WAYS.items()
    }
    said = watched(films, tmp_path / "library")
    for name, one in said.items():
        assert one.live and "live" not in one.live, name
        assert one.face_s > 8 and one.profiles == set(), name


def test_prints_are_never_live_and_never_a_profile(tmp_path: Path) -> None:
    films = {}
    for folder in sorted(shared_file("data/nuaa/ImposterRaw").iterdir())[:2]:
        photos = [read(path) for path in sorted(folder.glob("*.jpg"))]
        films[folder.name] = film(tmp_path / f"{folder.name}.mp4", photos, held, SECONDS, 0.25)
    for name, one in watched(films, tmp_path / "library").items():
        assert one.live and "live" not in one.live, name
        assert one.face_s > 8 and one.profiles == set(), name
