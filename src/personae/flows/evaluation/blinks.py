"""Blinks found against blinks that happened: events, not frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""(first, last) frame of a blink, both of them in it."""
TOLERANCE = 2
"""Frames that a found blink may lie beside the true one: eyes and labels are off by about one."""


@dataclass(frozen=True, slots=True)
class BlinkScore:
    """How well blinks were found.

    Attributes:
        right: blinks found that happened.
        wrong: blinks found that did not.
        missed: blinks that happened and were not found.
    """

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the found ones that happened; 1 if none was found."""
        return self.right / found if (found := self.right + self.wrong) else 1.0

    @property
    def recall(self) -> float:
        """Share of those that happened that were found; 1 if none happened."""
        return self.right / there if (there := self.right + self.missed) else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 1.0

    def __add__(self, other: BlinkScore) -> BlinkScore:
        return BlinkScore(
            self.right + other.right, self.wrong + other.wrong, self.missed + other.missed
        )

    def as_json(self) -> dict[str, float | int]:
        """Rates and counts."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
        }


def score_blinks(
    found: Sequence[Span], true: Sequence[Span], tolerance: int = TOLERANCE
) -> BlinkScore:
    """Each true blink goes to at most one found blink that shares a frame with it, and back.

    Args:
        found: blinks of one recording.
        true: the same.
        tolerance: frames by which a true blink is made longer at both ends.
    """
    right = 0
    left = sorted(true)
    for first, last in sorted(found):
        hit = next(
            (t for t in left if t[0] - tolerance <= last and first <= t[1] + tolerance), None
        )
        if hit is not None:
            left.remove(hit)
            right += 1
    return BlinkScore(right, len(found) - right, len(left))
