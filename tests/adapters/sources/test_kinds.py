"""Files are told apart by content; names only decide which files of a folder are looked at."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from personae.adapters.sources.kinds import (
    SourceOptions,
    looks_like_media,
    media_kind,
    open_source,
)
from personae.adapters.sources.photo import PhotoSource
from personae.adapters.sources.video import VideoSource
from tests.media.films import Recipe, film
from tests.media.photos import cornered, photo


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "b.HEIC", "c.mp4", "d.MKV", "e.gif", "f.ts"])
def test_names_of_media(name: str) -> None:
    assert looks_like_media(Path(name))


@pytest.mark.parametrize("name", ["a.txt", "b", "c.mp3", ".mp4", "d.psd", "e.m3u8", "f.jpg.part"])
def test_names_of_other_things(name: str) -> None:
    assert not looks_like_media(Path(name))


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "webp", "tif", "avif", "gif", "ppm"])
def test_a_photo_under_a_films_name(tmp_path: Path, ending: str) -> None:
    made = photo(tmp_path / f"a.{ending}", Image.fromarray(cornered()))
    path = made.rename(tmp_path / "b.mp4")
    assert media_kind(path) == "photo"
    with open_source(path, SourceOptions()) as source:
        assert isinstance(source, PhotoSource)


@pytest.mark.parametrize("ending", ["mp4", "mkv", "mov", "avi", "ts"])
def test_a_film_under_a_photos_name(tmp_path: Path, ending: str) -> None:
    recipe = Recipe(times=range(30), base=Fraction(1, 25))
    path = film(tmp_path / f"a.{ending}", recipe).rename(tmp_path / "b.jpg")
    assert media_kind(path) == "film"
    with open_source(path, SourceOptions()) as source:
        assert isinstance(source, VideoSource)
        assert len(list(source.frames())) == 30


def test_a_gif_that_moves_is_a_film_and_one_that_does_not_a_photo(tmp_path: Path) -> None:
    moving = film(tmp_path / "a.gif", Recipe("gif", "rgb8", times=(0, 9), base=Fraction(1, 100)))
    still = photo(tmp_path / "b.gif", Image.fromarray(cornered()))
    assert (media_kind(moving), media_kind(still)) == ("film", "photo")


def test_the_options_reach_the_sources(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", Recipe(options={"bf": "2", "x264-params": "b-pyramid=0"}))
    counts = []
    for skip in (False, True):
        with open_source(path, SourceOptions(threads=2, skip_nonref=skip)) as source:
            counts.append(len(list(source.frames())))
    assert counts[0] == 50
    assert 0 < counts[1] < 50
