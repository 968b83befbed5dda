"""Appearances that begin or end in a dissolve: the moment at which half of it is done."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import replace
from itertools import islice

import numpy as np

from personae.core.arrays import Luma, Numbers
from personae.core.fades import LONGEST, coarse, fade_at
from personae.core.track import Track

REMEMBERED = 4096
"""Frames that are remembered (4 MB), for a source that has no segments."""
BESIDE = (0, -3, 3)
"""Frames away from an edge at which a fade is looked for, too: detectors fail early in one."""


class Fading:
    """Remembers every frame's coarse picture and settles the edges of closed tracks.

    A detector sees a face in a dissolve from some faint share on, which differs from face to face.
    What is on screen is said the same way for all: from the first frame of which it makes up half.
    """

    def __init__(self) -> None:
        self._times: deque[int] = deque(maxlen=REMEMBERED)
        self._pictures: deque[Numbers] = deque(maxlen=REMEMBERED)
        self._cuts: list[int] = []
        self._known: dict[int, int | None] = {}

    def note(self, pts: int, luma: Luma) -> None:
        """The next frame."""
        picture = coarse(luma)
        if self._pictures and self._pictures[-1].shape != picture.shape:
            # The film changed its shape; nothing can fade from one to the other
            self._times.clear()
            self._pictures.clear()
        self._times.append(pts)
        self._pictures.append(picture)

    def cut(self, pts: int) -> None:
        """A shot begins here: edges at a cut are exact, and nothing fades across it."""
        self._cuts.append(pts)

    def settled(self, track: Track) -> Track | None:
        """The track with its ends in the middle of the fades they lie in.

        None for what begins and ends in one fade: two faces that shine through each other.
        """
        begins = None if track.opened else self._fade(track.first)
        ends = None if track.closed else self._fade(track.last)
        if begins is not None and begins == ends:
            return None
        first = track.first if begins is None else begins
        last = track.last if ends is None else ends
        inside = (track.times >= first) & (track.times < last)
        if not inside.any():
            return track
        return replace(
            track, first=first, last=last, times=track.times[inside], boxes=track.boxes[inside]
        )

    def _fade(self, pts: int) -> int | None:
        """When the fade at this moment is half done; None where there is none."""
        if pts not in self._known:
            self._known[pts] = self._found(pts)
        return self._known[pts]

    def _found(self, pts: int) -> int | None:
        times = list(self._times)
        here = bisect_left(times, pts)
        # The first picture of all and what lies outside of the memory fade from nothing
        if not 0 < here < len(times) or pts in self._cuts:
            return None
        low, high = max(here - LONGEST - 8, 0), min(here + LONGEST + 8, len(times))
        for cut in self._cuts:
            place = bisect_left(times, cut)
            low, high = (max(low, place), high) if place <= here else (low, min(high, place))
        pictures = np.stack(list(islice(self._pictures, low, high)))
        places = [min(max(here + away - low, 0), len(pictures) - 1) for away in BESIDE]
        fades = [fade for place in places if (fade := fade_at(pictures, place)) is not None]
        if not fades:
            return None
        return times[low + max(fades, key=lambda fade: fade.contrast).half]
