"""One watch for each library: two would write one status, and sweep away each other's clips."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from personae.core.errors import LibraryBusy

if sys.platform != "win32":
    import fcntl

FILE = "watch.lock"


class WatchLock:
    """Held from the beginning until `close`, or until the process ends, however it does.

    Args:
        folder: of the library.

    Raises:
        LibraryBusy: somebody else holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FILE).open("a+", encoding="ascii")
        if sys.platform == "win32":
            # There are no such locks: nothing is held
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            self._file.seek(0)
            holder = self._file.read(20).strip()
            self._file.close()
            raise LibraryBusy(
                f"the library in {folder} is watched already"
                + (f", by process {holder}" if holder else ""),
                "End that watch first; one watch takes any number of cameras.",
            ) from failure
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def close(self) -> None:
        """Lets go; the file stays, as deleting it would let two hold it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
