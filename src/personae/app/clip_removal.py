"""Clips of a person, or of a camera, are deleted with all that the library knows of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from personae.adapters.recordings.shelf import clips, delete
from personae.adapters.stores.library import SqliteStore

CAMERA = "camera:"
"""What the paths of cameras begin with in the library."""

Shown = tuple[str, int, int]
"""Camera, start and end in milliseconds since 1970."""


def forget_clips(folder: Path, persons: Iterable[int], shown: Iterable[Shown] = ()) -> int:
    """Deletes every clip that shows somebody; how many.

    A clip of which nothing is known goes as well: nobody can say that it does not show them.

    Args:
        folder: of the library.
        persons: the numbers that the person has and had.
        shown: when they were before which camera, for clips that were made before anybody knew.
    """
    wanted, times = frozenset(persons), tuple(shown)
    gone = [
        clip
        for clip in clips(folder)
        if clip.persons is None
        or clip.persons & wanted
        or any(clip.camera == c and clip.start <= b and clip.end >= a for c, a, b in times)
    ]
    delete(gone)
    return len(gone)


def forget_clips_of(store: SqliteStore, folder: Path, person: int) -> int:
    """Deletes every clip that shows a person of the library; how many.

    To be called before the person goes: it asks the library when they were seen.
    """
    media = {m.id: m for m in store.media.shown() if m.kind == "camera"}
    shown = []
    for sighting in store.sightings.all(media_ids=list(media), person=person):
        medium = media[sighting.media]
        began = medium.captured_at or 0
        camera = medium.path.removeprefix(CAMERA)
        shown.append((camera, began + sighting.first, began + sighting.last))
    return forget_clips(folder, store.presence.numbers_of(person), shown)


def forget_camera(folder: Path, path: str) -> int:
    """Deletes every clip of the camera with this path in the library; how many."""
    camera = path.removeprefix(CAMERA)
    gone = [clip for clip in clips(folder) if clip.camera == camera]
    delete(gone)
    return len(gone)
