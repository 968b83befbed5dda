"""Boxes between a photo as it is stored and as it is shown upright, by EXIF orientation."""

from __future__ import annotations

import numpy as np

from personae.core.arrays import Doubles

ORIENTATIONS = range(1, 9)
"""Values of the EXIF tag 274 (CIPA DC-008); 1 is upright."""
TRANSPOSED = frozenset({5, 6, 7, 8})
"""Those whose upright picture has width and height of the stored one exchanged."""
MIRRORED_X = frozenset({2, 3, 6, 7})
"""Those whose upright picture is mirrored left to right, after it was transposed."""
MIRRORED_Y = frozenset({3, 4, 7, 8})
"""Those whose upright picture is mirrored top to bottom, after it was transposed."""


def to_upright(boxes: Doubles, orientation: int) -> Doubles:
    """Boxes of the stored picture as boxes of the upright one.

    Args:
        boxes: (N, 4) x1 y1 x2 y2 as shares of the stored picture's width and height.
        orientation: EXIF orientation; anything but 2..8 counts as 1.

    Returns:
        (N, 4) x1 y1 x2 y2 as shares of the upright picture's width and height.
    """
    return _mirrored(_transposed(boxes, orientation), orientation)


def to_stored(boxes: Doubles, orientation: int) -> Doubles:
    """Boxes of the upright picture as boxes of the stored one; undoes ``to_upright``."""
    return _transposed(_mirrored(boxes, orientation), orientation)


def size_of_other(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height of the stored picture from those of the upright one, or back."""
    return (height, width) if orientation in TRANSPOSED else (width, height)


def _transposed(boxes: Doubles, orientation: int) -> Doubles:
    return boxes[:, [1, 0, 3, 2]] if orientation in TRANSPOSED else boxes


def _mirrored(boxes: Doubles, orientation: int) -> Doubles:
    turned = np.array(boxes, np.float64)
    if orientation in MIRRORED_X:
        turned[:, [0, 2]] = 1.0 - turned[:, [2, 0]]
    if orientation in MIRRORED_Y:
        turned[:, [1, 3]] = 1.0 - turned[:, [3, 1]]
    return turned
