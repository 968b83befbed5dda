"""What is measured on when nothing is given: the demo film, small photos, large photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from personae.adapters.demo import demo_plan, make_film, photos

SMALL, LARGE = 300, 24
SMALL_SIDE = 480
LARGE_SIZE = (4000, 3000)


def demo_film(folder: Path) -> Path:
    """The demo film, with its truth beside it."""
    film = folder / "demo.mp4"
    make_film(film, demo_plan())
    return film


def small_photos(folder: Path) -> Path:
    """A folder of small JPEGs, no two alike, of the demo's people."""
    stills, made = _folder(folder, "stills"), _folder(folder, "small")
    photos(stills)
    rng = np.random.default_rng(1)
    pictures = [Image.open(path).convert("RGB") for path in sorted(stills.glob("*.jpg"))]
    for number in range(SMALL):
        one = pictures[number % len(pictures)].copy()
        side = int(SMALL_SIDE * rng.uniform(0.6, 1.0))
        one.thumbnail((side, side))
        bright = ImageEnhance.Brightness(one).enhance(float(rng.uniform(0.8, 1.2)))
        bright.save(made / f"{number:03d}.jpg", quality=90)
    return made


def large_photos(folder: Path) -> Path:
    """A folder of 12-megapixel JPEGs: the same people, made larger."""
    stills, made = _folder(folder, "stills"), _folder(folder, "large")
    photos(stills)
    paths = sorted(stills.glob("*.jpg"))
    for number in range(LARGE):
        one = Image.open(paths[number % len(paths)]).convert("RGB").resize(LARGE_SIZE)
        shade = ImageEnhance.Brightness(one).enhance(0.8 + 0.01 * number)
        shade.save(made / f"{number:02d}.jpg", quality=90)
    return made


def _folder(parent: Path, name: str) -> Path:
    made = parent / name
    made.mkdir(exist_ok=True)
    return made
