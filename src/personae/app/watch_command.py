"""From what the command line asks to a watch that can begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from personae.adapters.recordings.shelf import sweep
from personae.app.alerting import alerting_from
from personae.app.cameras import FILE, cameras_from
from personae.app.event_clips import EventClips
from personae.app.library import Library
from personae.app.living import judges
from personae.app.preview import Preview
from personae.app.recording_settings import recording_from, retention_from
from personae.app.retention import Retention
from personae.app.watch_lock import WatchLock
from personae.app.watching import Watching, WatchOptions, watch_settings
from personae.flows.watch import LivenessJudge


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
    def spoof_model(self) -> Path | None:
        """Card of a network of the user's own; None as the settings say."""
        ...

    @property
    def loop(self) -> bool:
        """Whether files begin again."""
        ...

    @property
    def preview(self) -> Path | None:
        """The film to write of the watch."""
        ...

    @property
    def record(self) -> bool | None:
        """Whether to record clips of events; None as the file of cameras says."""
        ...


def watching(
    library: Library, given: Sequence[str], config: Path | None, wishes: Wishes
) -> Watching:
    """A watch over the cameras that are named, in the file or the environment.

    Raises:
        UsageError: no camera is named, or a file is not understood.
        LibraryBusy: the library is watched already.
    """
    fallback = library.folder / FILE
    file = config or (fallback if fallback.exists() else None)
    cameras = cameras_from(given, file)
    if wishes.loop:
        cameras = [replace(c, options=replace(c.options, loop=True)) for c in cameras]
    settings = watch_settings(wishes.liveness, wishes.fps, wishes.fmr)
    recording = recording_from(file)
    if wishes.record is not None:
        recording = replace(recording, enabled=wishes.record)
    retention = Retention(library.folder, library.store, recording, retention_from(file))
    with ExitStack() as undoing:
        # Before anything is swept away that another watch may be writing
        lock = undoing.enter_context(WatchLock(library.folder))
        sweep(library.folder)
        clips = EventClips(library.folder, recording) if recording.enabled else None
        preview = Preview(wishes.preview, cameras) if wishes.preview is not None else None
        options = WatchOptions(
            judge=_judge(library, wishes),
            observe=alerting_from(library.folder).observe,
            onlookers=tuple(one for one in (clips, preview, retention) if one is not None),
            tap=clips.tap if clips is not None else lambda _: None,
            lock=lock,
        )
        watch = Watching(library, cameras, settings, options)
        undoing.pop_all()
    retention.start()
    return watch


def _judge(library: Library, wishes: Wishes) -> Callable[[], LivenessJudge] | None:
    if not wishes.liveness:
        return None
    own = wishes.spoof_model or library.settings.spoof_model
    return judges(library.settings.provider, spoof_card=own)
