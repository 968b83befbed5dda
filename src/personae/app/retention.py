"""Deletes what is older than its owner wants to keep: clips, presence, history."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from personae.adapters.recordings.shelf import prune
from personae.adapters.stores.library import SqliteStore
from personae.app.recording_settings import RecordingSettings, RetentionSettings
from personae.app.status_file import History
from personae.core.errors import PersonaeError
from personae.core.frame import Frame
from personae.core.live import LivePerson

log = logging.getLogger(__name__)

EVERY_S = 3600.0
DAY_MS = 86_400_000
GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one look deleted.

    Attributes:
        clips: recordings.
        clip_bytes: theirs.
        sightings: faces and bodies that cameras saw.
        profiles: people without a name of whom nothing is left.
        history: lines.
    """

    clips: int = 0
    clip_bytes: int = 0
    sightings: int = 0
    profiles: tuple[int, ...] = ()
    history: int = 0

    @property
    def anything(self) -> bool:
        """Whether something was deleted."""
        return bool(self.clips or self.sightings or self.history)


class Retention:
    """Looks at the start and every hour; fits the watch's `Onlooker`, which ends it.

    Args:
        folder: of the library.
        store: of the library.
        recording: how long clips stay, and how many.
        retention: how long the rest stays.
        clock: milliseconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        store: SqliteStore,
        recording: RecordingSettings,
        retention: RetentionSettings,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._folder = folder
        self._store = store
        self._recording = recording
        self._retention = retention
        self._clock = clock
        self._history = History(folder)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Begins with a look."""
        self._thread.start()

    def seen(self, camera: str, frame: Frame, persons: tuple[LivePerson, ...]) -> None:
        """What cameras see now is never too old."""

    def close(self) -> None:
        """Ends after the look that is going on."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def run_once(self) -> Deleted:
        """Deletes what is too old or too much now.

        Raises:
            StoreError: the library cannot be written.
            OSError: a file cannot be deleted.
        """
        now = self._clock()
        oldest = now - round(self._recording.keep_days * DAY_MS)
        largest = round(self._recording.largest_gb * GB)
        clips, size = prune(self._folder, oldest, largest)
        done = Deleted(clips, size)
        if self._retention.presence_days is not None:
            moment = now - round(self._retention.presence_days * DAY_MS)
            expired = self._store.presence.forget_before(moment)
            done = Deleted(clips, size, expired.sightings, expired.profiles)
        if self._retention.history_days is not None:
            moment = now - round(self._retention.history_days * DAY_MS)
            lines = self._history.forget_before(moment)
            done = Deleted(clips, size, done.sightings, done.profiles, lines)
        if done.anything:
            self._history.add(now, "retention", asdict(done))
        return done

    def _run(self) -> None:
        while True:
            try:
                self.run_once()
            except (PersonaeError, OSError) as error:
                log.warning("what is too old is deleted later: %s", error)
            if self._stop.wait(EVERY_S):
                return
