"""A library of made-up photos with faces at known places, for tests of photos' metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from personae.adapters.stores.library import SqliteStore
from personae.app.regions import Regions
from personae.core.records import Media, Sighting
from personae.core.track import Track
from personae.flows.people import Verbs
from tests.adapters.stores.library import PHOTO, index, opened, shot, track, verbs, who
from tests.media.photos import exif, stored_for

WIDTH, HEIGHT = 400, 300
"""Of the upright pictures."""
LEFT, RIGHT = (80, 120, 120, 180), (240, 120, 280, 180)
"""Faces in pixels of the upright picture."""
Box = tuple[int, int, int, int]


class Album:
    """A folder of photos and a library that knows their faces; nothing is detected."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "photos"
        self.folder.mkdir()
        self.store: SqliteStore = opened(folder / "library")
        self.verbs: Verbs = verbs(self.store)
        self.regions = Regions(self.store, self.verbs)

    def photo(
        self, name: str, boxes: Sequence[Box] = (LEFT,), orientation: int = 1, collection: str = ""
    ) -> Path:
        """Puts a photo into the folder and the library, each face drawn white on black."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        upright = Image.new("RGB", (WIDTH, HEIGHT), hex_colour(name))
        for box in boxes:
            upright.paste((255, 255, 255), box)
        stored = stored_for(orientation, upright)
        # A TIFF keeps its orientation among its own tags
        options = {"tiffinfo": {0x112: orientation}} if path.suffix == ".tif" else {
            "exif": exif(orientation).tobytes()
        }  # fmt: skip
        stored.save(path, **options)  # type: ignore[arg-type]
        info = replace(PHOTO, width=WIDTH, height=HEIGHT)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        media = self.store.media.add(path, digest, info, collection or None)
        index(self.store, media, [face(n, box) for n, box in enumerate(boxes)])
        return path

    def media(self, path: Path) -> Media:
        return next(m for m in self.store.media.shown() if m.path == str(path))

    def faces(self, path: Path) -> list[Sighting]:
        """A photo's faces in the order they were given."""
        return self.store.sightings.all(media_ids=[self.media(path).id])

    def person(self, *sightings: Sighting, name: str | None = None) -> int:
        """Somebody with these faces, as a clustering makes them, then named by hand."""
        made = self.store.people.create(None, "auto", "Unknown")
        self.store.people.assign([s.id for s in sightings], made, "cluster")
        if name is not None:
            self.verbs.name(f"#{made}", name)
        return made

    def named(self) -> dict[str, list[int]]:
        """Everybody's name and their sightings."""
        people = {p.id: p for p in self.store.people.all() if p.name}
        return {
            str(person.name): [s.id for s in self.store.sightings.all(person=number)]
            for number, person in people.items()
        }


def hex_colour(name: str) -> tuple[int, int, int]:
    """A dark colour of this name's own, so that no two photos have the same content."""
    red, green, blue = hashlib.sha256(name.encode()).digest()[:3]
    return red // 4, green // 4, blue // 4


def face(number: int, box: Box) -> Track:
    """A face in a photo."""
    made = track(number, (0, 1), 0.0, who(number))
    return replace(
        made,
        times=np.zeros(1, np.int64),
        boxes=np.array([box], np.float32),
        shots=(shot(0, 0.8, number),),
    )
