"""One look at a face for signs of life: points that are fixed to the skull, and the lids."""

from __future__ import annotations

from dataclasses import dataclass

from personae.core.arrays import Doubles


@dataclass(frozen=True, slots=True)
class FaceLook:
    """What one frame shows of one face.

    Attributes:
        points: (P, 2) float64 pixels of the picture, of points that neither talking nor blinking
            moves; the same points in the same order in each look.
        left: how far the eye at the picture's left is open, in a unit of its own; NaN if not seen.
        right: the same of the eye at the picture's right.
        presence: 0..1, how sure it is that there is a face at all.
    """

    points: Doubles
    left: float
    right: float
    presence: float
