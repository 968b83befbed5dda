"""From what the command line asks to a watch that can begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from personae.app.alerting import alerting_from
from personae.app.cameras import FILE, cameras_from
from personae.app.library import Library
from personae.app.living import judges
from personae.app.watching import Watching, WatchOptions, watch_settings


class Wishes(Protocol):
    """How to watch."""

    @property
    def fps(self) -> float | None:
        """Looks a second."""
        ...

    @property
    def fmr(self) -> float | None:
        """Highest false-match rate of a name."""
        ...

    @property
    def liveness(self) -> bool:
        """Whether profiles need a living face."""
        ...

    @property
    def loop(self) -> bool:
        """Whether files begin again."""
        ...


def watching(
    library: Library, given: Sequence[str], config: Path | None, wishes: Wishes
) -> Watching:
    """A watch over the cameras that are named, in the file or the environment.

    Raises:
        UsageError: no camera is named, or a file is not understood.
    """
    fallback = library.folder / FILE
    file = config or (fallback if fallback.exists() else None)
    cameras = cameras_from(given, file)
    if wishes.loop:
        cameras = [replace(c, options=replace(c.options, loop=True)) for c in cameras]
    settings = watch_settings(wishes.liveness, wishes.fps, wishes.fmr)
    alerts = alerting_from(library.folder)
    judge = judges(library.settings.provider) if wishes.liveness else None
    options = WatchOptions(judge=judge, observe=alerts.observe if alerts else None)
    return Watching(library, cameras, settings, options)
