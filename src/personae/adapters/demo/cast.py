"""The cast of the demo: three people, five portraits, and where the face lies in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PIL import Image

from personae.core.arrays import RgbImage
from personae.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the demo; the gender is the one a person set by hand, never a guess."""

    name: str
    gender: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """One photograph of one person.

    Attributes:
        name: the file's name without its ending.
        person: who is shown, a key of ``CAST``.
        face: x, y, width and height of the face in pixels of the portrait, forehead to chin.
    """

    name: str
    person: str
    face: tuple[float, float, float, float]

    @property
    def path(self) -> Path:
        """The JPEG file."""
        return portraits_dir() / f"{self.name}.jpg"


COLLINS = Person("Eileen Collins", "Female")
OBAMA = Person("Barack Obama", "Male")
BIDEN = Person("Joe Biden", "Male")

CAST: Mapping[str, Person] = MappingProxyType({p.name: p for p in (COLLINS, OBAMA, BIDEN)})
PORTRAITS: Mapping[str, Portrait] = MappingProxyType(
    {
        p.name: p
        for p in (
            Portrait("collins", COLLINS.name, (178.0, 62.0, 91.0, 114.0)),
            Portrait("obama", OBAMA.name, (295.0, 71.0, 187.0, 264.0)),
            Portrait("obama2", OBAMA.name, (157.0, 159.0, 235.0, 325.0)),
            Portrait("obama3", OBAMA.name, (389.0, 157.0, 156.0, 211.0)),
            Portrait("biden", BIDEN.name, (274.0, 112.0, 180.0, 262.0)),
        )
    }
)


def portraits_dir() -> Path:
    """The folder of the portraits; their origin is told in PROVENANCE.md beside them."""
    return Path(__file__).with_name("portraits")


def probes() -> dict[str, Path]:
    """One portrait for each person, to give the found people their names: name → JPEG file."""
    return {
        COLLINS.name: PORTRAITS["collins"].path,
        OBAMA.name: PORTRAITS["obama"].path,
        BIDEN.name: PORTRAITS["biden"].path,
    }


def portrait(name: str) -> Portrait:
    """Look up a portrait.

    Raises:
        UsageError: the demo has no portrait of this name.
    """
    try:
        return PORTRAITS[name]
    except KeyError:
        raise UsageError(
            f"The demo has no portrait {name!r}.", f"It has: {', '.join(PORTRAITS)}."
        ) from None


@cache
def picture(name: str) -> RgbImage:
    """The pixels of a portrait, (H, W, 3) uint8 RGB; shared, hence read-only."""
    with Image.open(portrait(name).path) as image:
        pixels = np.asarray(image.convert("RGB")).copy()
    pixels.setflags(write=False)
    return pixels
