"""A medium leaves the library, with all that was found in it and made of it."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

from personae.adapters.stores.library import SqliteStore
from personae.app.clip_removal import forget_camera
from personae.app.playing import playable_file
from personae.core.records import UNKNOWN, Media


def remove_medium(store: SqliteStore, folder: Path, medium: Media, uploads: Path) -> None:
    """Forgets a medium; people who were only seen there and never named go with it.

    The file itself is deleted only if it was uploaded: other people's files are theirs. Clips that
    were recorded of a camera are the library's own.

    Args:
        store: of the library.
        folder: of the library.
        medium: what to forget.
        uploads: folder of files that are the library's own.
    """
    store.media.remove(medium.id)
    gone = [
        p.id
        for p in store.people.all()
        if not p.sightings and p.kind == "auto" and p.gender == UNKNOWN and not p.tags
    ]
    store.people.remove(gone)
    for made in (folder / "cache").glob(f"*/{medium.sha256}-*"):
        made.unlink(missing_ok=True)
    playable_file(medium, folder).unlink(missing_ok=True)
    if medium.kind == "camera":
        forget_camera(folder, medium.path)
    path = Path(medium.path)
    if path.is_relative_to(uploads) and path.is_file():
        path.unlink()
        if path.parent != uploads and not any(path.parent.iterdir()):
            rmtree(path.parent)
