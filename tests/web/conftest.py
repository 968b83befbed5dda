"""One small demo library for all web tests, and servers of it in processes of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import personae
from personae.adapters.demo import FilmSettings, photos
from personae.app.demo import name_cast
from tests.media.demo_film import short_film
from tests.web.serving import Served, serving


@dataclass(frozen=True)
class DemoLibrary:
    """A library of a film of 12 seconds with three named people, and of five photos.

    Attributes:
        folder: of the library.
        film: the film, outside the library.
        stills: the folder of the photos.
        truth: who is in the film when, in seconds.
    """

    folder: Path
    film: Path
    stills: Path
    truth: dict[str, list[tuple[float, float]]]


@pytest.fixture(scope="session")
def demo_library(tmp_path_factory: pytest.TempPathFactory) -> DemoLibrary:
    """Made once; whoever changes people or media takes a copy (``fresh_server``)."""
    folder = tmp_path_factory.mktemp("demo")
    film, stills = folder / "film.mp4", folder / "stills"
    truth = short_film(film, FilmSettings(width=640, height=360))
    stills.mkdir()
    photos(stills)
    with personae.open(folder / "library") as library:
        done = library.index([film, stills])
        assert not done.failed
        assert len(done.indexed) == 1 + len(list(stills.iterdir()))
        assert name_cast(library) == 3
    return DemoLibrary(folder / "library", film, stills, truth)


@pytest.fixture(scope="session")
def served(demo_library: DemoLibrary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for all tests that only read, on a copy of the demo library."""
    folder = tmp_path_factory.mktemp("served") / "library"
    shutil.copytree(demo_library.folder, folder)
    with serving(folder) as one:
        yield one


@pytest.fixture(scope="session")
def server(served: Served) -> str:
    """Address of the server for all tests that only read, without a slash at the end."""
    return served.url


@pytest.fixture
def fresh_server(demo_library: DemoLibrary, tmp_path: Path) -> Iterator[Served]:
    """A server of its own on a copy of the demo library, which the test may change."""
    shutil.copytree(demo_library.folder, tmp_path / "library")
    with serving(tmp_path / "library") as one:
        yield one


@pytest.fixture
def empty_server(tmp_path: Path) -> Iterator[Served]:
    """A server of a library in which nothing is yet."""
    with serving(tmp_path / "library") as one:
        yield one
