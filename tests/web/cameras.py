"""Pretends to be a watch: writes status, moving pictures, history and alerts into a library."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from personae.app.status_file import History, StatusFile, write_whole
from personae.core.live import LivePerson, LiveStatus, LiveStream

NAMES = ("front door", "garden", "hall", "garage")
PICTURE_S = 0.1


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def jpeg(number: int, colour: tuple[int, int, int] = (40, 70, 90)) -> bytes:
    """A picture that is unlike those before and after."""
    image = Image.new("RGB", (320, 180), colour)
    draw = ImageDraw.Draw(image)
    left = 7 * number % 260
    draw.ellipse((left, 50, left + 60, 130), fill=(230, 200, 170))
    draw.text((8, 160), f"picture {number}", fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def person(number: int, kind: str = "known", **told: object) -> LivePerson:
    """Somebody who came half a minute ago."""
    known = kind == "known"
    made = LivePerson(
        id=number,
        type=kind,  # type: ignore[arg-type]
        person=number if known else None,
        name=f"Person {number}" if known else None,
        confidence=0.978 if known else 0.0,
        fmr=1e-5 if known else None,
        live="live" if known else "not shown yet",
        reasons=(),
        since=now_ms() - 30_000,
        box=(10, 10, 90, 90),
    )
    return replace(made, **told)  # type: ignore[arg-type]


def stream(name: str, persons: Sequence[LivePerson] = (), **told: object) -> LiveStream:
    """A camera that runs well."""
    made = LiveStream(
        name=name,
        address=f"rtsp://10.0.0.7/{name.replace(' ', '-')}",
        state="live",
        since=now_ms() - 3_600_000,
        reason="",
        width=1280,
        height=720,
        fps=25.0,
        analysed_fps=4.8,
        received=1000,
        dropped=10,
        connections=1,
        latency_ms=130.0,
        people=len(persons),
        persons=tuple(persons),
    )
    return replace(made, **told)  # type: ignore[arg-type]


class FakeWatch:
    """Writes what a watch would.

    Args:
        folder: of the library.
        streams: the cameras at first.
    """

    def __init__(self, folder: Path, streams: Sequence[LiveStream]) -> None:
        self.folder = folder
        self.streams = tuple(streams)
        self.history = History(folder)
        (folder / "live").mkdir(exist_ok=True)
        self._file = StatusFile(folder)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._move, daemon=True)

    def write(self, streams: Sequence[LiveStream] | None = None, *, running: bool = True) -> None:
        """The status, with other cameras if some are named."""
        self.streams = self.streams if streams is None else tuple(streams)
        now = now_ms()
        self._file.write(LiveStatus(now, now - 7_200_000, running, self.streams))

    def picture(self, name: str, number: int) -> None:
        """A camera's next picture."""
        colour = (30 + 50 * (NAMES.index(name) if name in NAMES else 3), 70, 90)
        write_whole(self.folder / "live" / f"{name}.jpg", jpeg(number, colour))

    def alert(self, number: str, words: str, actions: Sequence[str] = ("browser",)) -> None:
        """A line of what was told, as the watch writes it."""
        told = {"id": number, "at": now_ms(), "rule": "who comes", "kind": "known"}
        about = {"camera": "front door", "name": words, "confidence": 0.978, "actions": actions}
        with (self.folder / "alerts.jsonl").open("a") as file:
            file.write(json.dumps({**told, **about}) + "\n")

    def _move(self) -> None:
        number = 0
        while not self._over.wait(PICTURE_S):
            number += 1
            for one in self.streams:
                if one.state == "live":
                    self.picture(one.name, number)
            if number % 5 == 0:
                self.write()

    def __enter__(self) -> FakeWatch:
        for one in self.streams:
            self.picture(one.name, 0)
        self.write()
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()


@contextmanager
def four_cameras(folder: Path) -> Iterator[FakeWatch]:
    """Four moving cameras: known and unknown people, a suspected picture, nobody."""
    spoof = person(4, "spoof", name="Person 2", person=2, live="spoof suspected")
    streams = (
        stream(NAMES[0], [person(1), person(2, "unknown")]),
        stream(NAMES[1]),
        stream(NAMES[2], [person(3, "undecided"), spoof]),
        stream(NAMES[3], [person(5, "unknown", person=7, name="unknown-7", confidence=0.912)]),
    )
    with FakeWatch(folder, streams) as watch:
        yield watch
