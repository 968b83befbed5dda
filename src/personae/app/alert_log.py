"""``alerts.jsonl``: what was told, a line each, newest last; for pages and whoever asks later."""

from __future__ import annotations

from itertools import islice, takewhile
from pathlib import Path

from personae.app.line_reading import Follower, LineFiles, Place, Told

ALERTS = "alerts.jsonl"
"""What was told, a line each: for the log and for pages that show it."""


class AlertLog:
    """Reads what was told; any thread may ask.

    Args:
        folder: of the library.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ALERTS
        self._lines = LineFiles(self._path)

    def told(self, limit: int, before: Place | None = None) -> list[tuple[Place, Told]]:
        """Alerts, newest first."""
        return list(islice(self._lines.newest_first(before), limit))

    def since(self, at: int, most: int) -> list[Told]:
        """The newest alerts after a moment, oldest first; milliseconds since 1970."""
        newer = takewhile(lambda one: one[0].at > at, self._lines.newest_first())
        return [told for _, told in islice(newer, most)][::-1]

    def follow(self) -> Follower:
        """What is told from now on."""
        return Follower(self._path)
