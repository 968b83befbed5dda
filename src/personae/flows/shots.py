"""The best views of each open track: few, good, and not all of the same moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from personae.core.track import Shot


@dataclass(slots=True)
class Views:
    """Up to ``room`` views, the best of each stretch of ``apart`` time units, and of the stretches
    the best.

    Stretches are fixed, not counted from the views themselves: of a face that gets better all the
    time each view would otherwise push out the one just before it, and only the last would stay.
    """

    room: int
    apart: int
    kept: list[Shot] = field(default_factory=list)

    def wants(self, pts: int, total: float) -> bool:
        """Whether a view of this quality at this time would be kept; asked before it is cut."""
        near = self._near(pts)
        if near is not None:
            return total > self.kept[near].quality.total
        if len(self.kept) < self.room:
            return True
        return bool(self.kept) and total > min(s.quality.total for s in self.kept)

    def offer(self, shot: Shot) -> None:
        """Keeps the view if it is better than the other of its stretch, or than the worst."""
        if not self.wants(shot.pts, shot.quality.total):
            return
        near = self._near(shot.pts)
        if near is not None:
            self.kept[near] = shot
            return
        if len(self.kept) >= self.room:
            del self.kept[min(range(self.room), key=lambda i: self.kept[i].quality.total)]
        self.kept.append(shot)

    def best_first(self) -> tuple[Shot, ...]:
        """The kept views, best first."""
        return tuple(sorted(self.kept, key=lambda s: (-s.quality.total, s.pts)))

    def _near(self, pts: int) -> int | None:
        stretch = pts // self.apart
        return next((i for i, s in enumerate(self.kept) if s.pts // self.apart == stretch), None)
