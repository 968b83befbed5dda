"""All rows of one library behind one door."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Engine

from personae.adapters.stores.acts import ActRows
from personae.adapters.stores.media import MediaRows
from personae.adapters.stores.origin import OriginRows
from personae.adapters.stores.people import PeopleRows
from personae.adapters.stores.presence import PresenceRows
from personae.adapters.stores.profiles import ProfileRows
from personae.adapters.stores.runs import RunRows
from personae.adapters.stores.sightings import SightingRows
from personae.adapters.stores.sqlite import open_engine, together
from personae.core.arrays import Crop


class SqliteStore:
    """The truth about one library.

    Args:
        folder: of the library.
        jpeg: turns a crop into the bytes that are kept.
        create: make it if it is not there.

    Raises:
        StoreError: it cannot be opened; the class and code say why.
    """

    def __init__(self, folder: Path, jpeg: Callable[[Crop], bytes], *, create: bool) -> None:
        self.engine: Engine = open_engine(folder, create=create)
        self.media = MediaRows(self.engine)
        self.origins = OriginRows(self.engine)
        self.runs = RunRows(self.engine, jpeg)
        self.presence = PresenceRows(self.engine, jpeg)
        self.sightings = SightingRows(self.engine)
        self.people = PeopleRows(self.engine)
        self.acts = ActRows(self.engine)
        self.profiles = ProfileRows(self.engine)

    def together(self) -> AbstractContextManager[None]:
        """What this thread does meanwhile is kept as a whole or not at all; see `together`."""
        return together(self.engine)

    def close(self) -> None:
        """Lets go of the database."""
        self.engine.dispose()
