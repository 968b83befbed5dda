"""Remembers what tracks looked like, but looks only when somebody doubts."""

from __future__ import annotations

import numpy as np

from personae.adapters.trackers.appearance import looks
from personae.core.arrays import Boxes, Flags, Ids, Numbers
from personae.core.frame import Picture


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

    def keep(self, picture: Picture, ids: Ids, boxes: Boxes, open_ids: Ids) -> None:
        """Takes in the new picture: who was seen where, and which tracks are open at all."""
        seen = dict(zip(ids.tolist(), boxes, strict=True))
        still = set(open_ids.tolist())
        self._describe(
            [i for i in self._boxes if i in still and i not in seen and i not in self._looks]
        )
        self._looks = {i: look for i, look in self._looks.items() if i in still and i not in seen}
        self._picture, self._boxes = picture, seen

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
