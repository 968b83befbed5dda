"""Where clips lie: ``recordings/CAMERA/YYYY-MM-DD/HHMMSS-mmm.mp4``, a small JSON beside each."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = "recordings"
CLIP = ".mp4"
FACTS = ".json"
PART = ".part"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one clip is written, and where it will lie when it is whole."""

    part: Path
    facts: Path
    clip: Path

    def abandon(self) -> None:
        """Deletes what is there of a clip that did not appear; what is left is swept some day."""
        with suppress(OSError):
            self.part.unlink(missing_ok=True)
            if not self.clip.exists():
                self.facts.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip as it lies there.

    Attributes:
        path: of the MP4.
        camera: whose it is.
        start: of its first picture, milliseconds since 1970.
        end: of its last picture.
        bytes: of the MP4.
        persons: numbers of people who were seen in it; None where nothing is known of the clip.
    """

    path: Path
    camera: str
    start: int
    end: int
    bytes: int
    persons: frozenset[int] | None


def camera_folder(library: Path, camera: str) -> Path:
    """Where a camera's clips lie.

    Raises:
        ValueError: the name would lead elsewhere.
    """
    if not camera.strip(". ") or Path(camera).name != camera:
        raise ValueError(f"{camera!r} is no name for a folder")
    return library / FOLDER / camera


def place_for(folder: Path, at: int) -> Place:
    """A free place for a clip of an event at this moment; days and hours are those of the machine.

    Raises:
        OSError: the folder cannot be made.
    """
    while True:
        day = time.localtime(at // 1000)
        below = folder / time.strftime("%Y-%m-%d", day)
        stem = f"{time.strftime('%H%M%S', day)}-{at % 1000:03d}"
        clip = below / f"{stem}{CLIP}"
        if not clip.exists():
            break
        at += 1
    below.mkdir(parents=True, exist_ok=True)
    part = below / f".{stem}.{os.getpid()}{PART}"
    return Place(part, below / f"{stem}{FACTS}", clip)


def put(place: Place, facts: Mapping[str, object]) -> None:
    """Makes a written clip appear, with what is known of it.

    The facts come first: there is no clip of which nobody could say whom it shows.

    Raises:
        OSError: it cannot be done; the clip is not there then.
    """
    with place.part.open("rb") as file:
        os.fsync(file.fileno())
    text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    half = place.part.with_suffix(f"{FACTS}{PART}")
    half.write_text(text, "utf-8")
    os.replace(half, place.facts)
    os.replace(place.part, place.clip)


def clips(library: Path) -> list[Clip]:
    """Every clip, the oldest first."""
    found = [_read(path) for path in (library / FOLDER).glob(f"*/*/*{CLIP}")]
    there = [clip for clip in found if clip is not None]
    return sorted(there, key=lambda clip: (clip.end, clip.path))


def delete(gone: Iterable[Clip]) -> int:
    """Deletes clips with their facts; the bytes that are free then."""
    freed = 0
    for clip in gone:
        clip.path.unlink(missing_ok=True)
        clip.path.with_suffix(FACTS).unlink(missing_ok=True)
        freed += clip.bytes
        for folder in (clip.path.parent, clip.path.parent.parent):
            with suppress(OSError):
                folder.rmdir()  # only if it is empty
    return freed


def prune(library: Path, before: int, largest: int) -> tuple[int, int]:
    """Deletes clips that ended before a moment, and the oldest of those that are too much together.

    Args:
        library: its folder.
        before: milliseconds since 1970.
        largest: bytes that all clips may have together.

    Returns:
        How many clips went, and their bytes.
    """
    there = clips(library)
    gone = [clip for clip in there if clip.end < before]
    left = [clip for clip in there if clip.end >= before]
    size = sum(clip.bytes for clip in left)
    for clip in left:
        if size <= largest:
            break
        gone.append(clip)
        size -= clip.bytes
    return len(gone), delete(gone)


def sweep(library: Path) -> int:
    """Deletes what a watch that was killed left half done; how many files."""
    below = library / FOLDER
    halves = [path for path in below.glob(f"*/*/.*{PART}") if not _in_use(path)]
    lonely = [p for p in below.glob(f"*/*/*{FACTS}") if not p.with_suffix(CLIP).exists()]
    for path in (*halves, *lonely):
        path.unlink(missing_ok=True)
    return len(halves) + len(lonely)


def _in_use(part: Path) -> bool:
    """Whether the process that writes a part is another one that still runs."""
    owner = next((int(s) for s in reversed(part.name.split(".")) if s.isdigit()), 0)
    # Numbers of processes are given again, in containers always the same: ours writes nothing yet
    if not owner or owner == os.getpid() or os.name == "nt":
        return False
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(path: Path) -> Clip | None:
    try:
        found = path.stat()
    except OSError:
        return None
    camera = path.parent.parent.name
    try:
        facts = json.loads(path.with_suffix(FACTS).read_text("utf-8"))
        persons = frozenset(int(p["person"]) for p in facts["people"] if p["person"] is not None)
        return Clip(path, camera, int(facts["start"]), int(facts["end"]), found.st_size, persons)
    except (OSError, ValueError, KeyError, TypeError):
        at = found.st_mtime_ns // 1_000_000
        return Clip(path, camera, at, at, found.st_size, None)
