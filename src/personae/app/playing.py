"""Copies of films that browsers play, where they do not play the film itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from personae.adapters.clips import cut_excerpt, write_excerpt
from personae.core.records import Media

FOLDER = "playable"
"""Below the library's folder."""
HEIGHT = 1080
STEP_S = 60.0


def playable_file(medium: Media, folder: Path) -> Path:
    """Where the copy of a film lies, once it is made."""
    return folder / FOLDER / f"{medium.sha256}.mp4"


def make_playable(medium: Media, folder: Path, watch: Callable[[float, float], None]) -> Path:
    """Writes an MP4 (H.264, AAC) of the whole film, with the same times.

    Raises:
        SourceError: the film is gone or cannot be read.
    """
    target = playable_file(medium, folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    watch(0.0, 1.0)
    write_excerpt(Path(medium.path), 0.0, medium.duration + STEP_S, target, max_height=HEIGHT)
    return target


def clip_file(medium: Media, start: float, end: float, folder: Path) -> Path:
    """A clip of a film, made if it is not there.

    Args:
        medium: the film.
        start: seconds from its first frame.
        end: the same.
        folder: of the library.

    Raises:
        UsageError: the film has no frame between the two.
        SourceError: the film is gone or cannot be read.
    """
    name = f"{medium.sha256}-{round(start * 1000)}-{round(end * 1000)}.mp4"
    target = folder / "cache" / "clips" / name
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        cut_excerpt(Path(medium.path), start, end, target)
    return target
