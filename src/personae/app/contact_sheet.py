"""A person's appearances on one sheet: a frame of each with its film and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from personae.adapters.clips.card import clock
from personae.adapters.clips.contact_sheet import Tile, write_sheet
from personae.adapters.clips.still import still
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.stores.library import SqliteStore
from personae.core.arrays import RgbImage
from personae.core.errors import NothingIndexed, SourceError, SourceNoPicture
from personae.core.records import Interval, Media

HEIGHT = 400
"""Rows of a frame that is fetched; the sheet makes it smaller still."""
MOST = 120
Watch = Callable[[float, float], None]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How a contact sheet is laid out.

    Attributes:
        limit: most pictures, the first in order.
        columns: pictures in a row; None makes the sheet about as wide as high.
    """

    limit: int = MOST
    columns: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was written.

    Attributes:
        path: the picture.
        shown: appearances on it.
        of: appearances there are.
        failed: films that could not be read, with why; a face crop stands in for their frames.
    """

    path: Path
    shown: int
    of: int
    failed: dict[Path, SourceError] = field(default_factory=dict)


def write_contact_sheet(
    store: SqliteStore,
    found: Sequence[Interval],
    label: str,
    target: Path,
    options: SheetOptions | None = None,
    watch: Watch = lambda done, total: None,
) -> Sheet:
    """Writes the sheet.

    Raises:
        NothingIndexed: the person appears nowhere.
        UsageError: the target cannot be written.
    """
    options = options or SheetOptions()
    media = {one.id: one for one in store.media.shown()}
    if not found:
        raise NothingIndexed(f"{label} appears nowhere in the library")
    ordered = sorted(found, key=lambda one: _order(media[one.media], one))
    chosen = ordered[: options.limit]
    views = _Views(store)
    tiles = []
    for number, one in enumerate(chosen, start=1):
        tiles.append(views.tile(media[one.media], one))
        watch(float(number), float(len(chosen)))
    write_sheet(tiles, f"{label}: {_count(len(chosen), len(found))}", target, options.columns)
    return Sheet(target, len(chosen), len(found), views.failed)


def _count(shown: int, of: int) -> str:
    if shown < of:
        return f"the first {shown} of {of} appearances"
    return f"{of} appearance{'s' if of > 1 else ''}"


class _Views:
    """Finds a picture of an appearance: its clearest frame, or the face crop that is kept."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.failed: dict[Path, SourceError] = {}

    def tile(self, medium: Media, one: Interval) -> Tile:
        path = Path(medium.path)
        when = "photo" if medium.kind == "photo" else f"{clock(one.start)} – {clock(one.end)}"
        at, box = self._best(medium, one)
        if path not in self.failed:
            try:
                return Tile(_frame(medium, path, at), path.name, when, box)
            except SourceError as error:
                self.failed[path] = error
        return Tile(self._crop(one), path.name, f"{when} · {self.failed[path].code}")

    def _best(self, medium: Media, one: Interval) -> tuple[float, Box | None]:
        """Seconds at which the face is largest, and where; the middle where nobody kept that."""
        largest: tuple[float, int, Box] | None = None
        for sighting in one.sightings:
            path = self._store.sightings.path(sighting)
            for time, box in [] if path is None else zip(path.times, path.boxes, strict=True):
                inside = one.first <= time < one.last or medium.kind == "photo"
                size = float((box[2] - box[0]) * (box[3] - box[1]))
                if inside and (largest is None or size > largest[0]):
                    largest = size, int(time), _shares(box.tolist(), medium)
        if largest is None:
            return (one.start + one.end) / 2, None
        return medium.seconds(largest[1]), largest[2]

    def _crop(self, one: Interval) -> RgbImage | None:
        jpeg = self._store.sightings.best_crop(one.sightings)
        if jpeg is None:
            return None
        return np.asarray(Image.open(BytesIO(jpeg)).convert("RGB"), np.uint8)


def _frame(medium: Media, path: Path, seconds: float) -> RgbImage:
    if medium.kind != "photo":
        return still(path, seconds, HEIGHT)
    with open_source(path, SourceOptions()) as source:
        for frame in source.frames():
            return frame.picture.rgb()
    raise SourceNoPicture(f"{path} holds no picture")


def _shares(box: Sequence[float], medium: Media) -> Box:
    x1, y1, x2, y2 = box
    return x1 / medium.width, y1 / medium.height, x2 / medium.width, y2 / medium.height


def _order(medium: Media, one: Interval) -> tuple[bool, int, str, float]:
    unsaid = medium.captured_at is None
    return unsaid, medium.captured_at or 0, medium.path, one.start
