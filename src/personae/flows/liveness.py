"""Is it a living face? Blinks and turns of one face, put together; without evidence: not shown yet.

A help against photos held before a camera. It is no protection against a film on a screen, and no
reason to unlock anything.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles
from personae.core.blinks import Blink, Blinks
from personae.core.face_look import FaceLook
from personae.core.flatness import Change, change
from personae.core.live import Liveness


@dataclass(frozen=True, slots=True)
class LivenessSettings:
    """When evidence is enough; measured in docs/concepts/liveness.md.

    Attributes:
        blinks: so many show life.
        presence: looks that are less surely of a face are not used.
        relief: what a plane does not explain, from which a head turned.
        squeeze: a picture that turned became narrower by at least this.
        flat: it is a picture if the median relief is at most so many times the squeeze.
        apart: so many pairs of looks that share none must show a turned head.
        apart_flat: the same for a picture; more than one, so that no single bad look tells.
        every_s: least time between two looks that are compared.
        keep: looks that are compared with each other; older ones are thinned.
        away_s: a face that was away for longer begins anew.
        leap: a head does not change by more between two looks; what does is another picture, or a
            mesh that lost the face, and looks before it and after it are not compared.
        steady: in a blink the middle of the face moves by at most this many radii a look.
        steady_relief: in a blink the rest of the face changes by at most this between two looks.
        steady_zoom: in a blink the face grows or shrinks by at most this between two looks.
        score: a network of the user's own calls a face a picture below this.
        scores: so many of its answers are needed, and of the last twice as many the median counts.
    """

    blinks: int = 2
    presence: float = 0.95
    relief: float = 0.12
    squeeze: float = 0.07
    flat: float = 0.35
    apart: int = 3
    apart_flat: int = 2
    every_s: float = 0.2
    keep: int = 16
    away_s: float = 2.0
    leap: float = 0.15
    steady: float = 0.35
    steady_relief: float = 0.06
    steady_zoom: float = 1.12
    score: float = 0.5
    scores: int = 8


@dataclass(frozen=True, slots=True)
class _Key:
    """A look that is compared with others."""

    number: int
    time: float
    points: Doubles
    stretch: int


class LivingFace:
    """What is known of one face; feed it looks as they come.

    Args:
        settings: when evidence is enough.
    """

    def __init__(self, settings: LivenessSettings | None = None) -> None:
        self._settings = settings or LivenessSettings()
        self._begin()

    def _begin(self) -> None:
        self._eyes = Blinks()
        self.blinks: list[Blink] = []
        self._keys: list[_Key] = []
        self._changes: dict[tuple[int, int], Change] = {}
        self._count = 0
        self._stretch = 0
        self._spacing = self._settings.every_s
        self._last: _Key | None = None
        self._scores: deque[float] = deque(maxlen=2 * self._settings.scores)

    def see(self, time: float, look: FaceLook, score: float | None = None) -> Blink | None:
        """One more look; answers a blink that ended with it.

        Args:
            time: seconds, growing.
            look: at the face; one that surely shows no face is left out.
            score: how alive it looks to a network of the user's own, 0..1; None without one.
        """
        if look.presence < self._settings.presence:
            self._eyes.break_off()
            return None
        if self._last is not None and time - self._last.time > self._settings.away_s:
            self._begin()
        if self._last is not None:
            self._follow(change(self._last.points, look.points))
        self._last = _Key(self._count, time, look.points, self._stretch)
        self._compare(self._last)
        if score is not None:
            self._scores.append(score)
        blink = self._eyes.see(time, look.left, look.right)
        if blink is not None:
            self.blinks.append(blink)
        return blink

    def state(self) -> tuple[Liveness, tuple[str, ...]]:
        """What is known, and why."""
        blinked = len(self.blinks)
        told = (f"blinked {blinked} time{'s' * (blinked != 1)}",) if blinked else ()
        if self._flat():
            return "spoof suspected", ("moves like a flat picture", *told)
        if self._pictured():
            return "spoof suspected", ("looks like a picture to the network asked", *told)
        turned = self._turned()
        reasons = (*told, "turned like a head") if turned else told
        if turned or blinked >= self._settings.blinks:
            return "live", reasons
        return "not shown yet", reasons or ("neither blinked nor turned",)

    def _pictured(self) -> bool:
        """Whether a network takes it for a picture; that it does not is no sign of life."""
        enough = len(self._scores) >= self._settings.scores
        return enough and float(np.median(self._scores)) < self._settings.score

    def _follow(self, moved: Change) -> None:
        """What the step from the look before to this one says of what may be compared."""
        settings = self._settings
        steady = (
            moved.shift <= settings.steady
            and moved.relief <= settings.steady_relief
            and moved.zoom <= settings.steady_zoom
        )
        if not steady:
            self._eyes.break_off()
        if moved.relief > settings.leap:
            self._stretch += 1

    def _compare(self, look: _Key) -> None:
        if self._keys and look.time - self._keys[-1].time < self._spacing:
            return
        for key in self._keys:
            self._changes[key.number, look.number] = change(key.points, look.points)
        self._keys.append(look)
        self._count += 1
        if len(self._keys) >= self._settings.keep:
            self._thin()

    def _thin(self) -> None:
        """Every second look goes, and the next ones come half as often: a long time stays seen."""
        self._keys = self._keys[::2]
        self._spacing *= 2
        kept = {key.number for key in self._keys}
        self._changes = {pair: one for pair, one in self._changes.items() if kept.issuperset(pair)}

    def _turned(self) -> bool:
        whose = {key.number: key.stretch for key in self._keys}
        pairs = sorted(self._changes.items(), key=lambda item: -item[1].relief)
        deep = [
            pair
            for pair, one in pairs
            if one.relief >= self._settings.relief and whose[pair[0]] == whose[pair[1]]
        ]
        return _disjoint(deep) >= self._settings.apart

    def _flat(self) -> bool:
        pairs = sorted(self._changes.items(), key=lambda item: -item[1].squeeze)
        narrow = [(pair, one) for pair, one in pairs if one.squeeze >= self._settings.squeeze]
        if _disjoint([pair for pair, _ in narrow]) < self._settings.apart_flat:
            return False
        ratio = float(np.median([one.relief / one.squeeze for _, one in narrow]))
        return ratio <= self._settings.flat


def _disjoint(pairs: list[tuple[int, int]]) -> int:
    """How many pairs, the first first, share no look with one before."""
    used: set[int] = set()
    count = 0
    for pair in pairs:
        if used.isdisjoint(pair):
            used.update(pair)
            count += 1
    return count
