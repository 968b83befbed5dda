"""The exact first and last frame of an appearance, found between two analysed frames."""

from __future__ import annotations

from collections.abc import Callable

from personae.core.arrays import Boxes
from personae.core.detections import Detections
from personae.core.frame import Frame
from personae.core.geometry import iou

SAME = 0.3
"""Boxes of one face in neighbouring frames overlap at least this much."""


class Edges:
    """Looks, by halving, into the frames that were decoded but not analysed.

    Args:
        look: the face detector on one frame, boxes in full-frame pixels.
    """

    def __init__(self, look: Callable[[Frame], Detections]) -> None:
        self._look = look
        self._between: list[Frame] = []
        self._seen: dict[int, Detections] = {}
        self.looks = 0

    def pass_by(self, frame: Frame, most: int) -> None:
        """Remembers a frame that is not analysed; of too many every second is let go."""
        self._between.append(frame)
        if len(self._between) > most:
            self._between = self._between[1::2]

    def reset(self) -> None:
        """An analysed frame was dealt with; what lay before it is done."""
        self._between.clear()
        self._seen.clear()

    def start_of(self, box: Boxes, now: int) -> int:
        """First moment of a face that is at ``box`` now and was not on the last analysed frame."""
        low, high = 0, len(self._between)
        while low < high:
            middle = (low + high) // 2
            if self._has(middle, box):
                high = middle
            else:
                low = middle + 1
        return self._between[low].time.pts if low < len(self._between) else now

    def end_of(self, box: Boxes, now: int) -> int:
        """Moment at which a face is gone that was at ``box`` on the last analysed frame."""
        low, high = 0, len(self._between)
        while low < high:
            middle = (low + high) // 2
            if self._has(middle, box):
                low = middle + 1
            else:
                high = middle
        return self._between[low].time.pts if low < len(self._between) else now

    def _has(self, index: int, box: Boxes) -> bool:
        if index not in self._seen:
            self._seen[index] = self._look(self._between[index])
            self.looks += 1
        found = self._seen[index].boxes
        return bool(len(found)) and bool(iou(box[None], found).max() >= SAME)
