"""Gradual changes of the whole picture: dissolves and fades, and the moment they are half done.

In a dissolve every frame is a mixture of two pictures, so that the step from frame to frame points
the same way all along; movement and noise do not keep a direction. See Lienhart, "Reliable Dissolve
Detection" (2001), for mixtures as the criterion; the thresholds here were set on films that the
project makes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Flags, Luma, Numbers

ALIKE = 0.5
"""Least cosine of a step with the dissolve's direction."""
LEAST_STEP = 0.25
"""Mean change of brightness from frame to frame below which nothing goes on."""
SHORTEST = 4
"""Steps; what changes faster is a cut."""
LONGEST = 120
CONTRAST = 8.0
"""Least mean difference of the two pictures."""
LEAST_PACE = 0.25
"""Contrast that each frame adds at least; a slow pan adds less."""
EVERYWHERE = 0.35
"""Share of the picture that must change: somebody who walks in changes less."""
RESIDUE = 0.12
"""What half of the cells may be away from a mixture, as a share of the contrast. Dissolves over
moving pictures stay below .08; a pan, which keeps its direction too, moves all cells."""
SLACK = 0.005
"""Rounding of 8-bit brightness."""
UNEVEN = 0.2
"""What a change may be ahead of or behind an even one; a cut, or a pan before it, is more."""


@dataclass(frozen=True, slots=True)
class Fade:
    """A gradual change.

    Attributes:
        first: index of the last frame that shows the old picture alone.
        half: index of the first frame that shows at least as much of the new one.
        last: index of the first frame that shows the new picture alone.
        contrast: mean difference of the two in grey levels.
    """

    first: int
    half: int
    last: int
    contrast: float


def coarse(luma: Luma) -> Numbers:
    """(N,) float32: brightness in cells of 4 x 4 samples, which noise hardly moves."""
    height, width = (side // 4 * 4 for side in luma.shape)
    cells = luma[:height, :width].reshape(height // 4, 4, width // 4, 4)
    return np.asarray(cells.mean((1, 3), dtype=np.float32).ravel(), np.float32)


def fade_at(pictures: Numbers, at: int) -> Fade | None:
    """The gradual change in progress at a frame.

    Args:
        pictures: (T, N) coarse pictures of neighbouring frames of one shot or of two that meet.
        at: index of the frame.
    """
    steps = np.diff(pictures, axis=0)
    begin, end = max(at - 2, 0), min(at + 2, len(steps))
    if end - begin < 2:
        return None
    for _ in range(2):
        begin, end = _run(_goes_on(steps, steps[begin:end].mean(0)), min(at, len(steps) - 1))
        if not SHORTEST <= end - begin <= LONGEST:
            return None
    return _mixture(pictures[begin : end + 1], begin)


def _goes_on(steps: Numbers, way: Numbers) -> Flags:
    """(T,) whether each step goes that way; what somebody's movement does to few cells is cut."""
    most = max(2.0 * float(np.abs(way).mean()), LEAST_STEP)
    cut, target = np.clip(steps, -most, most), np.clip(way, -most, most)
    along = cut @ target
    alike = along >= ALIKE * np.linalg.norm(cut, axis=1) * np.linalg.norm(target)
    return np.asarray(alike & (np.abs(steps).mean(1) >= LEAST_STEP), np.bool_)


def _run(flags: Flags, at: int) -> tuple[int, int]:
    """The stretch of True around ``at``, a single False within it forgiven."""
    begin = end = at
    while begin > 0 and (flags[begin - 1] or (begin > 1 and flags[begin - 2])):
        begin -= 1
    while end < len(flags) and (flags[end] or (end + 1 < len(flags) and flags[end + 1])):
        end += 1
    return begin, end


def _mixture(pictures: Numbers, begin: int) -> Fade | None:
    """The fade, if all of these are mixtures of the first and the last."""
    whole = pictures[-1] - pictures[0]
    contrast = float(np.abs(whole).mean())
    changed = np.abs(whole) > contrast / 2
    everywhere = float((np.abs(whole) > CONTRAST / 2).mean())
    if contrast < max(CONTRAST, LEAST_PACE * len(pictures)) or everywhere < EVERYWHERE:
        return None
    # The middle one of all cells: whoever moves meanwhile moves few of them
    done = np.median((pictures - pictures[0])[:, changed] / whole[changed], axis=1)
    away = np.abs(pictures - pictures[0] - done[:, None] * whole)[:, changed]
    residue = float(np.median(away, axis=1).max()) / contrast
    uneven = float(np.abs(done - np.linspace(0.0, 1.0, len(done))).max())
    if residue > RESIDUE or uneven > UNEVEN:
        return None
    half = int(np.flatnonzero(done >= 0.5 - SLACK)[0])
    return Fade(begin, begin + half, begin + len(pictures) - 1, contrast)
