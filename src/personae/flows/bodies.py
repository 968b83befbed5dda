"""Which face belongs to which body: counted over a track, so that one odd frame decides nothing."""

from __future__ import annotations

from collections import Counter

import numpy as np

from personae.core.arrays import Numbers
from personae.core.geometry import inside
from personae.core.track import Tracked

HEAD = 0.5
"""A face's centre lies in the upper half of its body's box (half, for people who sit)."""


class BodyVotes:
    """Votes of frames on which face sits on which body."""

    def __init__(self) -> None:
        self._votes: Counter[tuple[int, int]] = Counter()
        self._faces: Counter[int] = Counter()

    def count(self, faces: Tracked, bodies: Tracked) -> None:
        """One frame's vote: each face goes to the body that fits it best, one face a body."""
        fit = fitness(faces, bodies)
        while fit.size and fit.max() > 0.5:
            face, body = np.unravel_index(int(fit.argmax()), fit.shape)
            self._votes[int(faces.ids[face]), int(bodies.ids[body])] += 1
            fit[face, :] = 0
            fit[:, body] = 0
        for face_id in faces.ids[faces.ids >= 0].tolist():
            self._faces[face_id] += 1

    def body_of(self, face: int) -> int | None:
        """The body that won at least half of this face's votes."""
        mine = {body: n for (f, body), n in self._votes.items() if f == face}
        if not mine:
            return None
        body = max(sorted(mine), key=lambda b: mine[b])
        return body if 2 * mine[body] >= self._faces[face] else None


def fitness(faces: Tracked, bodies: Tracked) -> Numbers:
    """(F, B) how well each face sits on each body, 0..1; 0 where either has no track."""
    a, b = faces.detections.boxes, bodies.detections.boxes
    fit = inside(a, b)
    if not fit.size:
        return fit
    middle = (a[:, 1] + a[:, 3])[:, None] / 2
    height = np.maximum(b[:, 3] - b[:, 1], 1)[None, :]
    fit = np.where((middle - b[None, :, 1]) / height <= HEAD, fit, 0)
    # Of two bodies around one face the one whose middle is nearer to it
    aside = np.abs((a[:, 0] + a[:, 2])[:, None] - (b[:, 0] + b[:, 2])[None, :]) / 2
    width = np.maximum(b[:, 2] - b[:, 0], 1)[None, :]
    fit = fit * (1 - 0.5 * np.minimum(aside / width, 1))
    fit[faces.ids < 0, :] = 0
    fit[:, bodies.ids < 0] = 0
    return np.asarray(fit, np.float32)
