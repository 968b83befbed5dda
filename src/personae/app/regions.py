"""Face regions of a library's photos: written for other programs, read from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from personae.adapters.stores.library import SqliteStore
from personae.app.regions_reading import Reader, ReadSummary
from personae.app.regions_writing import Watch, WriteOptions, Writer, WriteSummary
from personae.flows.people import Verbs


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


class Regions:
    """What photo programs (digiKam, Lightroom, Picasa, Windows) and Personae tell each other."""

    def __init__(self, store: SqliteStore, verbs: Verbs) -> None:
        self._store = store
        self._verbs = verbs

    def write(self, options: WriteOptions | None = None, watch: Watch = _silent) -> WriteSummary:
        """Named faces as MWG regions; originals stay untouched unless ``in_place`` says so.

        Raises:
            NothingIndexed: there are no such photos.
            UsageError: the options do not fit together.
        """
        return Writer(self._store, options or WriteOptions()).write(watch)

    def read(
        self, paths: Iterable[Path | str] = (), *, dry_run: bool = False, watch: Watch = _silent
    ) -> ReadSummary:
        """Names out of the regions of the library's photos, as if a person gave them.

        Args:
            paths: photos and folders; none for every photo of the library.
            dry_run: only tell what would be done.
            watch: is told how many photos are done.

        Raises:
            NothingIndexed: none of the library's photos is there.
        """
        chosen = [Path(path).expanduser() for path in paths]
        return Reader(self._store, self._verbs).read(chosen, dry_run, watch)
