"""The best views of each open track: few, good, and not all of the same moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from personae.core.track import Shot


@dataclass(slots=True)
class Views:
    """Up to ``room`` views, at least ``apart`` time units from one another."""

    room: int
    apart: int
    kept: list[Shot] = field(default_factory=list)

    def wants(self, pts: int, total: float) -> bool:
        """Whether a view of this quality at this time would be kept; asked before it is cut."""
        near = self._near(pts)
        if near is not None:
            return total > self.kept[near].quality.total
        return len(self.kept) < self.room or total > min(s.quality.total for s in self.kept)

    def offer(self, shot: Shot) -> None:
        """Keeps the view if it is better than its neighbour in time, or than the worst."""
        if not self.wants(shot.pts, shot.quality.total):
            return
        near = self._near(shot.pts)
        if near is not None:
            self.kept[near] = shot
            return
        if len(self.kept) >= self.room:
            self.kept.remove(min(self.kept, key=lambda s: s.quality.total))
        self.kept.append(shot)

    def best_first(self) -> tuple[Shot, ...]:
        """The kept views, best first."""
        return tuple(sorted(self.kept, key=lambda s: (-s.quality.total, s.pts)))

    def _near(self, pts: int) -> int | None:
        close = [i for i, s in enumerate(self.kept) if abs(s.pts - pts) < self.apart]
        return min(close, key=lambda i: abs(self.kept[i].pts - pts)) if close else None
