"""What the status said of cameras that went and came back, held against what was so."""

from __future__ import annotations

import json
import math
import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from personae.core.frame import Frame
from personae.core.live import LivePerson

SECRET = "geheim"
SETTLED_S = 6.0
"""So long after a camera went its status may still be that of before: see the rows on lateness."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One camera in one status."""

    at: float
    state: str
    reason: str
    persons: int
    known: bool
    size: tuple[int, int]


@dataclass(slots=True)
class _Away:
    """A time in which a camera was not there."""

    began: float
    ended: float = math.inf
    wall: float = field(default_factory=time.time)

    def shared(self, start: float, end: float) -> float:
        """Seconds that a time since 1970 has in common with it, but for its first one."""
        begin, until = self.wall + 1.0, self.wall + self.ended - self.began
        return max(0.0, min(end, until) - max(start, begin))


class Diary:
    """Reads ``status.json`` again and again in a thread of its own.

    Args:
        path: of the status.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._said: dict[str, list[_Said]] = defaultdict(list)
        self._away: dict[str, list[_Away]] = defaultdict(list)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.began = self.ended = 0.0

    def begin(self) -> None:
        """What is said counts from now on."""
        self.began = time.monotonic()
        self._thread.start()

    def close(self) -> None:
        """Until now."""
        self._stop.set()
        self._thread.join()
        self.ended = time.monotonic()

    def went(self, camera: str) -> None:
        """It is not there any more."""
        self._away[camera].append(_Away(time.monotonic()))

    def came_back(self, camera: str) -> None:
        """It could be reached again."""
        self._away[camera][-1].ended = time.monotonic()

    def late(self, camera: str) -> float:
        """Seconds until it was told to be dark, the longest."""
        return self._longest(camera, lambda a: a.began, lambda s: s.state == "dark")

    def back(self, camera: str) -> float:
        """Seconds from its return until it was told to be live, the longest."""
        return self._longest(camera, lambda a: a.ended, lambda s: s.state == "live")

    def named(self, camera: str) -> float:
        """Seconds from its return until somebody was named there, the longest."""
        return self._longest(camera, lambda a: a.ended, lambda s: s.known)

    def untrue(self, disturbed: Iterable[str], others: Iterable[str]) -> int:
        """Statuses that said somebody or something was there that was not, or the other way."""
        wrong = sum(said.state != "live" for name in others for said in self._said[name])
        for name in disturbed:
            for away in self._away[name]:
                inside = [s for s in self._said[name] if away.began + SETTLED_S < s.at < away.ended]
                assert inside, "nothing was read while the camera was away"
                wrong += sum(s.state == "live" or s.persons > 0 for s in inside)
            wrong += sum(s.state != "live" and s.persons > 0 for s in self._said[name])
        return wrong

    def unseen(self, cameras: Iterable[str], looks: Looks, longest_s: float) -> int:
        """Statuses that told of somebody whom no look of late can have seen."""
        wrong = 0
        for name in cameras:
            at = looks.at[name]
            for said in self._said[name]:
                last = bisect_right(at, said.at)
                wrong += said.persons > 0 and (not last or said.at - at[last - 1] > longest_s)
        return wrong

    def kept_while_away(self, camera: str, spans: Iterable[tuple[float, float]]) -> float:
        """Seconds of these times (since 1970) in which a camera was not there."""
        away = self._away[camera]
        return sum(one.shared(start, end) for start, end in spans for one in away)

    def badly_reasoned(self, cameras: Iterable[str]) -> int:
        """Dark statuses without a reason, or with a password in it."""
        dark = [s for name in cameras for s in self._said[name] if s.state == "dark"]
        return sum(not s.reason or SECRET in s.reason for s in dark)

    def sizes(self, camera: str) -> int:
        """How many sizes of pictures were told."""
        return len({said.size for said in self._said[camera]})

    def _longest(
        self, camera: str, since: Callable[[_Away], float], holds: Callable[[_Said], bool]
    ) -> float:
        waits = []
        for away in self._away[camera]:
            begin = since(away)
            found = (s.at - begin for s in self._said[camera] if s.at >= begin and holds(s))
            waits.append(next(found, math.inf))
        return max(waits)

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            now = time.monotonic()
            for stream in json.loads(self._path.read_text("utf-8"))["streams"]:
                persons = stream["persons"]
                self._said[stream["name"]].append(
                    _Said(
                        now,
                        stream["state"],
                        stream["reason"],
                        len(persons),
                        any(one["type"] == "known" for one in persons),
                        (stream["width"], stream["height"]),
                    )
                )


@dataclass(slots=True)
class Looks:
    """Fits `Onlooker`: when each camera was looked at."""

    at: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def seen(self, camera: str, frame: Frame, persons: tuple[LivePerson, ...]) -> None:
        """One look."""
        self.at[camera].append(time.monotonic())

    def close(self) -> None:
        """Nothing is left to do."""

    def pause(self, cameras: Iterable[str], diary: Diary) -> float:
        """The longest time without a look at any of them."""
        times = [self._within(name, diary) for name in cameras]
        return max(b - a for one in times for a, b in pairwise(one))

    def rate(self, diary: Diary) -> Callable[[str], float]:
        """Looks a second at a camera."""
        return lambda name: len(self._within(name, diary)) / (diary.ended - diary.began)

    def _within(self, camera: str, diary: Diary) -> list[float]:
        return [at for at in self.at[camera] if diary.began <= at <= diary.ended]
