"""Who is really before a camera: a grey square in the corner of its film says so."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import av
import numpy as np

from personae.core.frame import Frame
from personae.core.live import LivePerson

SIDE = 32
DARKEST, STEP = 30, 40
"""Luma of the first person's square, and what each further one adds."""


def marked(frame: av.VideoFrame, person: int) -> av.VideoFrame:
    """The frame (yuv420p) with the square of a person in its corner."""
    luma = frame.planes[0]
    rows = np.frombuffer(luma, np.uint8).reshape(luma.height, luma.line_size).copy()
    rows[:SIDE, :SIDE] = DARKEST + STEP * person
    luma.update(rows.tobytes())
    for plane in frame.planes[1:]:
        colour = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size).copy()
        colour[: SIDE // 2, : SIDE // 2] = 128
        plane.update(colour.tobytes())
    return frame


@dataclass
class Told:
    """What was told while it ran.

    Attributes:
        clips: stretches in which somebody who was enrolled was there.
        waits: seconds from the first face of such a stretch to its right name, where it came.
        wrong: tracks that were called by a wrong name at any look.
    """

    clips: int
    waits: list[float]
    wrong: int


@dataclass
class _Stretch:
    """One person's time before one camera."""

    who: str
    first_face: int | None = None
    named: float | None = None


@dataclass
class Truth:
    """Fits `Onlooker`: compares each look with what the frame says.

    Attributes:
        people: names, in the order of their squares.
    """

    people: list[str]
    _looks: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    _stretches: dict[str, list[_Stretch]] = field(default_factory=lambda: defaultdict(list))
    _wrong: set[int] = field(default_factory=set)

    def seen(self, camera: str, frame: Frame, persons: tuple[LivePerson, ...]) -> None:
        """One look."""
        who = self._who(frame)
        self._looks[camera].append((frame.time.pts, who))
        stretches = self._stretches[camera]
        if not stretches or stretches[-1].who != who:
            stretches.append(_Stretch(who))
        now = stretches[-1]
        for person in persons:
            now.first_face = now.first_face or person.since
            if person.type == "known" and person.name != who:
                self._wrong.add(person.id)
            elif person.type == "known" and now.named is None:
                now.named = time.time() - now.first_face / 1000

    def close(self) -> None:
        """Nothing is left to do."""

    def told(self, enrolled: list[str]) -> Told:
        """The first and the last stretch of a camera may be cut short, so they do not count."""
        whole = [s for stretches in self._stretches.values() for s in stretches[1:-1]]
        theirs = [s for s in whole if s.who in enrolled and s.first_face is not None]
        return Told(len(theirs), [s.named for s in theirs if s.named is not None], len(self._wrong))

    def most(self, camera: str, span: tuple[float, float]) -> str:
        """Who was there in most looks of a span in milliseconds since 1970."""
        inside = Counter(who for at, who in self._looks[camera] if span[0] <= at < span[1])
        return inside.most_common(1)[0][0] if inside else "nobody"

    def _who(self, frame: Frame) -> str:
        square = frame.picture.rgb()[4 : SIDE - 4, 4 : SIDE - 4].mean()
        level = (float(square) - (DARKEST - 16) * 255 / 219) / (STEP * 255 / 219)
        return self.people[int(np.clip(round(level), 0, len(self.people) - 1))]
