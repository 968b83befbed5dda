"""The lane that makes files: clips, supercuts, exports, copies that browsers play."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from personae.app.cutting import CutOptions
from personae.app.exporting import FORMATS, ExportOptions
from personae.app.library import Library
from personae.app.playing import make_playable
from personae.web.tasks import Kind, Task
from personae.web.work import Cancelled, Told

FOLDER = "made"
"""Below the library's folder: what was made, one folder a task."""


@dataclass(slots=True)
class MakingLane:
    """Fits the Lane socket: one file after the other.

    Attributes:
        library: of which is made.
        alone: nobody else renders meanwhile.
    """

    library: Library
    alone: Callable[[], AbstractContextManager[Library]]
    kinds: tuple[Kind, ...] = ("clips", "supercut", "export", "playable")

    def choose(self, waiting: Sequence[Task]) -> Sequence[Task]:
        """The oldest."""
        return waiting[:1]

    def do(self, tasks: Sequence[Task], told: Told) -> None:
        """Makes what the task asks for."""
        [task] = tasks
        folder = self.library.folder / FOLDER / task.id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

        def watch(done: float, total: float) -> None:
            told.progress(task.id, done / total if total else 0.0)

        finished = False
        try:
            result = _MAKERS[task.kind](self.library, task.payload, folder, watch)
            told.done(task.id, result)
            finished = True
        except Cancelled:
            return
        finally:
            if not finished:
                shutil.rmtree(folder, ignore_errors=True)


Watch = Callable[[float, float], None]
Payload = Mapping[str, Any]
Maker = Callable[[Library, Payload, Path, Watch], dict[str, object]]


def _clips(library: Library, asked: Payload, folder: Path, watch: Watch) -> dict[str, object]:
    made = library.cutting.clips(asked["person"], folder / "clips", _options(asked), watch)
    failed = [error.as_json() for error in made.failed.values()]
    for error in made.failed.values():
        if not made.written:
            raise error
    return {**_packed(folder, "clips"), "clips": len(made.written), "warnings": failed}


def _supercut(library: Library, asked: Payload, folder: Path, watch: Watch) -> dict[str, object]:
    target = folder / "supercut.mp4"
    made = library.cutting.supercut(asked["person"], target, _options(asked), watch)
    failed = [error.as_json() for error in made.failed.values()]
    return {"file": target.name, "bytes": target.stat().st_size, "warnings": failed}


def _export(library: Library, asked: Payload, folder: Path, watch: Watch) -> dict[str, object]:
    options = ExportOptions(
        media=asked.get("media"),
        collection=asked.get("collection"),
        kind=asked.get("kind", "chapters"),
        boxes=asked.get("boxes", "face"),
        back_to_back=asked.get("back_to_back", False),
    )
    who = asked.get("people", [])
    form = FORMATS[asked["format"]]
    # One file for all films where the format has room for them
    name = f"export/appearances{form.suffixes[0]}" if form.whole else "export"
    made = library.export(asked["format"], folder / name, who, options=options, watch=watch)
    told = {"media": made.media, "intervals": made.intervals, "notes": made.notes}
    return {**_packed(folder, "export"), **told}


def _playable(library: Library, asked: Payload, folder: Path, watch: Watch) -> dict[str, object]:
    folder.rmdir()
    medium = next((m for m in library.media() if m.id == asked["media"]), None)
    if medium is None:
        return {"media": []}
    make_playable(medium, library.folder, watch)
    return {"media": [medium.id]}


_MAKERS: dict[Kind, Maker] = {
    "clips": _clips,
    "supercut": _supercut,
    "export": _export,
    "playable": _playable,
}


def _options(asked: Payload) -> CutOptions:
    return CutOptions(
        handles=asked.get("handles", 0.0),
        gap=asked.get("gap", 0.0),
        limit=asked.get("limit"),
        height=asked.get("height"),
        cards=asked.get("cards", False),
    )


def _packed(folder: Path, name: str) -> dict[str, object]:
    """One file as it is, several as an archive."""
    files = sorted(one for one in (folder / name).rglob("*") if one.is_file())
    if len(files) == 1:
        target = folder / files[0].name
        files[0].replace(target)
    else:
        target = folder / f"{name}.zip"
        # Films do not shrink
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for one in files:
                archive.write(one, one.name)
    shutil.rmtree(folder / name)
    return {"file": target.name, "bytes": target.stat().st_size}
