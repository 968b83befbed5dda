"""Remembers what tracks looked like, but looks only when somebody doubts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.adapters.trackers.appearance import looks
from personae.core.arrays import Boxes, Flags, Ids, Numbers
from personae.core.frame import Picture
from personae.core.geometry import inside

COVERED = 0.6
"""Share of a box that lies in another one."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Who is where in a picture: ids (N,), boxes (N, 4), partly covered by another box (N,)."""

    ids: Ids
    boxes: Boxes
    covered: Flags


class Memory:
    """The last sight of every track: still in the last picture, or already put down as a look.

    Most frames leave no doubt, and then no pixel is ever read. Only one picture is kept alive: a
    track that was missed is described before the picture it was last seen in is let go.
    """

    def __init__(self, frame: float) -> None:
        self._frame = frame
        self._picture: Picture | None = None
        self._boxes: dict[int, Boxes] = {}
        self._looks: dict[int, Numbers] = {}

    def recall(self, ids: Ids) -> Numbers:
        """(N, 80) looks of tracks as they were when last seen."""
        wanted = ids.tolist()
        self._describe([i for i in wanted if i not in self._looks])
        return np.stack([self._looks[i] for i in wanted])

    def keep(self, picture: Picture, seen: Sight, open_ids: Ids) -> None:
        """Takes in the new picture: who was seen where, and which tracks are open at all.

        Whoever is partly covered by somebody else keeps the look they had before.
        """
        still = set(open_ids.tolist())
        clear = dict(zip(seen.ids[~seen.covered].tolist(), seen.boxes[~seen.covered], strict=True))
        self._describe(
            [i for i in self._boxes if i in still and i not in clear and i not in self._looks]
        )
        self._looks = {i: look for i, look in self._looks.items() if i in still and i not in clear}
        hidden = zip(seen.ids[seen.covered].tolist(), seen.boxes[seen.covered], strict=True)
        unknown = {i: box for i, box in hidden if i not in self._looks}
        self._picture, self._boxes = picture, clear | unknown

    def forget(self) -> None:
        """A cut: whoever comes next has not been seen before."""
        self._picture, self._boxes, self._looks = None, {}, {}

    def _describe(self, ids: list[int]) -> None:
        if ids and self._picture is not None:
            found = looks(self._picture.rgb(), np.stack([self._boxes[i] for i in ids]), self._frame)
            self._looks.update(zip(ids, found, strict=True))


def doubtful(near: Numbers, plausible: Flags, strange: Flags, sure: float) -> Flags:
    """(N, M) pairs worth a look: strange tracks, far boxes, and boxes with several takers.

    Args:
        near: (N, M) grown overlaps.
        plausible: (N, M) pairs that could be joined at all.
        strange: (N,) tracks that were missed before, or all of them after a sudden change.
        sure: overlap from which a lone pair is believed without a look.
    """
    rivals = (plausible.sum(0)[None, :] > 1) | (plausible.sum(1)[:, None] > 1)
    return np.asarray(plausible & (strange[:, None] | rivals | (near < sure)))


def covered(boxes: Boxes) -> Flags:
    """(N,) boxes of which another box takes so much that their colours may be the other's."""
    shared = inside(boxes, boxes)
    np.fill_diagonal(shared, 0.0)
    return np.asarray(shared.max(1, initial=0.0) > COVERED)
