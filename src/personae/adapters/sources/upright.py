"""How stored pixels become the upright picture: turns, mirrors and square pixels."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = TypeVar("Pixels", bound=NDArray[np.uint8])

WIDEST_PIXEL = 8
"""A pixel more oblong than this is a damaged header, not an anamorphic film."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the eight ways to lay a picture: first transposed, then mirrored."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def from_matrix(cls, matrix: bytes) -> Turn:
        """The turn nearest to a display matrix, nine native int32 (ISO/IEC 14496-12, 6.2.2).

        A point (p, q) of the stored picture is shown at (a p + c q, b p + d q), with y downwards
        and the matrix stored as a b u c d v x y w.
        """
        if len(matrix) < 36:
            return cls()
        a, b, _, c, d = struct.unpack("=9i", matrix[:36])[:5]
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(True, c < 0, b < 0)
        return cls(False, a < 0, d < 0)

    def applied(self, pixels: Pixels) -> Pixels:
        """``pixels`` (H, W) or (H, W, 3) laid as this turn says; itself when nothing is to do."""
        if self.transpose:
            pixels = cv2.transpose(pixels)  # type: ignore[assignment]
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            pixels = cv2.flip(pixels, code)  # type: ignore[assignment]
        return pixels

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after the turn."""
        return (height, width) if self.transpose else (width, height)


def square_size(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """The size with square pixels; the short side grows, so that no detail is lost.

    Args:
        width: stored columns.
        height: stored rows.
        aspect: width of a stored pixel by its height, None where unknown.
    """
    if not aspect or aspect <= 0 or not Fraction(1, WIDEST_PIXEL) <= aspect <= WIDEST_PIXEL:
        return width, height
    if aspect >= 1:
        return round(width * aspect), height
    return width, round(height / aspect)
