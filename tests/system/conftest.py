"""A small film with two people and a library that was made of it, once for all tests here."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from personae.adapters.demo import photos
from tests.media.demo_film import short_film
from tests.system.command import answer


@dataclass(frozen=True)
class Site:
    """Where the film, the photos and the library are."""

    folder: Path
    film: Path
    stills: Path
    truth: dict[str, list[tuple[float, float]]]

    @property
    def library(self) -> Path:
        return self.folder / "library"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    film, stills = folder / "film.mp4", folder / "stills"
    truth = short_film(film)
    stills.mkdir()
    photos(stills)
    site = Site(folder, film, stills, truth)
    done = answer("index", film, stills, "--library", site.library, cwd=folder)
    assert not done["failed"]
    assert len(done["indexed"]) == 1 + len(list(stills.iterdir()))
    return site


@pytest.fixture
def site(made: Site, tmp_path: Path) -> Site:
    """The same library in a copy that a test may change."""
    shutil.copytree(made.library, tmp_path / "library")
    return replace(made, folder=tmp_path)
