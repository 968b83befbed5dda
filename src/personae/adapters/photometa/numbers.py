"""Numbers in metadata: read without trusting them, written short."""

from __future__ import annotations

import math

HUGE = 1e6
"""No region and no picture is larger."""


def number(text: str | None) -> float | None:
    """A finite decimal number, None for anything else."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= HUGE else None


def shares(
    left: float, top: float, width: float, height: float
) -> tuple[float, float, float, float] | None:
    """x1 y1 x2 y2 within the picture, 0..1; None where nothing of the box is in it."""
    x1, y1 = max(left, 0.0), max(top, 0.0)
    x2, y2 = min(left + width, 1.0), min(top + height, 1.0)
    return (x1, y1, x2, y2) if x2 > x1 and y2 > y1 else None


def told(value: float) -> str:
    """At most six decimals: a hundredth of a pixel in the widest photo."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
