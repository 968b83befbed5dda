"""Clips of events: recorded when somebody comes before a camera, until nobody is there any more."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from personae.adapters.recordings.recorder import HINDSIGHT_S, CameraRecorder, Limits
from personae.adapters.recordings.shelf import camera_folder
from personae.app.recording_settings import RecordingSettings
from personae.app.status_file import History
from personae.core.frame import Frame
from personae.core.live import LivePerson, LiveType

REMEMBERED_MS = 900_000
"""Who was there is remembered for so long, until the clip that shows them is written."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _There:
    """Somebody before a camera, from the first look to the last."""

    person: int | None
    name: str | None
    type: LiveType
    first: int
    last: int


class _Attendance:
    """Who was before one camera of late; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._there: dict[tuple[int, int | None], _There] = {}

    def look(self, at: int, persons: tuple[LivePerson, ...]) -> None:
        with self._lock:
            for one in persons:
                key = one.id, one.person
                before = self._there.get(key)
                first = at if before is None else before.first
                self._there[key] = _There(one.person, one.name, one.type, first, at)
            late = {k: t for k, t in self._there.items() if t.last >= at - REMEMBERED_MS}
            self._there = late

    def between(self, start: int, end: int) -> list[dict[str, object]]:
        """Everybody who was there then: people once, faces of nobody once a track."""
        with self._lock:
            there = [t for t in self._there.values() if t.first <= end and t.last >= start]
        people: dict[int | None, _There] = {}
        nobodies = []
        for one in sorted(there, key=lambda t: (t.first, t.person or 0)):
            if one.person is None:
                nobodies.append(one)
            else:
                people[one.person] = one
        everybody = [*people.values(), *nobodies]
        return [{"person": t.person, "name": t.name, "type": t.type} for t in everybody]


class EventClips:
    """Decides what is recorded; fits the watch's `Onlooker`, and its ``tap`` fits its options.

    Args:
        library: its folder.
        settings: what to record.
        limits: of memory and of a clip's length; the pre-roll is that of the settings.
        clock: milliseconds since 1970.
    """

    def __init__(
        self,
        library: Path,
        settings: RecordingSettings,
        limits: Limits | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._library = library
        self._settings = settings
        self._history = History(library)
        self._clock = clock
        self._limits = replace(limits or Limits(), pre_roll_s=settings.pre_roll_s)
        self._recorders: dict[str, CameraRecorder] = {}
        self._there: dict[str, _Attendance] = {}

    def tap(self, camera: str) -> CameraRecorder:
        """What is given the packets of a camera."""
        there = self._there.setdefault(camera, _Attendance())

        def describe(start: int, end: int) -> Mapping[str, object]:
            return {"camera": camera, "people": there.between(start, end)}

        def tell(event: str, facts: Mapping[str, object]) -> None:
            self._tell(event, {"camera": camera, **facts})

        if camera not in self._recorders:
            folder = camera_folder(self._library, camera)
            self._recorders[camera] = CameraRecorder(folder, self._limits, describe, tell)
        return self._recorders[camera]

    def seen(self, camera: str, frame: Frame, persons: tuple[LivePerson, ...]) -> None:
        """One look at one camera."""
        self.look(camera, frame.time.wall or frame.time.pts, persons)

    def look(self, camera: str, at_ms: int, persons: tuple[LivePerson, ...]) -> None:
        """Who is there at a moment, milliseconds since 1970; a clip begins, goes on or ends."""
        recorder = self._recorders.get(camera)
        if recorder is None:
            return
        self._there[camera].look(at_ms, persons)
        wanted = [p for p in persons if self._settings.when in ("person", p.type)]
        if wanted:
            came = min(person.since for person in wanted)
            event = min(at_ms, max(came, at_ms - round(1000 * HINDSIGHT_S)))
            recorder.keep(event, at_ms + round(1000 * self._settings.post_roll_s))
        else:
            recorder.looked(at_ms)

    def close(self) -> None:
        """Ends every clip, and writes what is left."""
        for recorder in self._recorders.values():
            recorder.close()

    def _tell(self, event: str, facts: dict[str, object]) -> None:
        """``clip`` and ``clip lost`` go into the history, files named from the library on."""
        if "file" in facts:
            facts["file"] = Path(str(facts["file"])).relative_to(self._library).as_posix()
        try:
            self._history.add(self._clock(), event, facts)
        except OSError as error:
            log.warning("the history cannot be written: %s", error)
