"""The best views of each open track: few, good, and from all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from personae.core.track import Shot

FAIR = 0.6
"""A view this much worse than the best one says more about the light than about the person."""


@dataclass(slots=True)
class Views:
    """Up to ``room`` views, each the best of its stretch of the track.

    A stretch is ``apart`` time units long at first; whenever there are too many, all become twice
    as long. So the views come from the whole track, however long it lasts: were they simply the
    best ones, a person whom a slow dissolve puts in another's place might not be among them.

    Attributes:
        room: how many views are kept at most.
        apart: length of a stretch in time units.
        kept: in no order.
    """

    room: int
    apart: int
    kept: list[Shot] = field(default_factory=list)

    def wants(self, pts: int, total: float) -> bool:
        """Whether a view of this quality at this time would be kept; asked before it is cut."""
        rival = self._rival(pts)
        if rival is not None:
            return total > self.kept[rival].quality.total
        return self.room > 0

    def offer(self, shot: Shot) -> None:
        """Keeps the view if it is the best of its stretch."""
        if not self.wants(shot.pts, shot.quality.total):
            return
        rival = self._rival(shot.pts)
        if rival is not None:
            self.kept[rival] = shot
            return
        self.kept.append(shot)
        while len(self.kept) > self.room:
            self.apart *= 2
            best: dict[int, Shot] = {}
            for view in self._ranked():
                best.setdefault(view.pts // self.apart, view)
            self.kept = list(best.values())

    def best_first(self) -> tuple[Shot, ...]:
        """The kept views, best first, without those that are far worse than the best."""
        ranked = self._ranked()
        return tuple(s for s in ranked if s.quality.total >= FAIR * ranked[0].quality.total)

    def _ranked(self) -> list[Shot]:
        return sorted(self.kept, key=lambda s: (-s.quality.total, s.pts))

    def _rival(self, pts: int) -> int | None:
        stretch = pts // self.apart
        return next((i for i, s in enumerate(self.kept) if s.pts // self.apart == stretch), None)
