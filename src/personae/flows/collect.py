"""Detections with ids, gathered into tracks: times, boxes, best views, first and last moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from personae.core.arrays import Boxes
from personae.core.detections import Kind
from personae.core.track import Shot, Track, Tracked
from personae.flows.shots import Views


@dataclass(slots=True)
class OpenTrack:
    """A track that is still going on.

    Attributes:
        first: refined first moment.
        newest: the view of the last look, whatever it is worth; only of live sources.
        gone: where it was last missed, the refined moment of its end; None while it is there.
        opened: it was there on the first frame of the segment.
    """

    id: int
    first: int
    views: Views
    opened: bool
    times: list[int] = field(default_factory=list)
    boxes: list[Boxes] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    newest: Shot | None = None
    gone: int | None = None

    @property
    def last_box(self) -> Boxes:
        """(4,) where it was seen last."""
        return self.boxes[-1]


class Collector:
    """Open tracks of one kind in one segment."""

    def __init__(self, kind: Kind, base: Fraction, room: int) -> None:
        self._kind = kind
        self._base = base
        self._room = room
        self._open: dict[int, OpenTrack] = {}
        self._apart = max(int(Fraction(6, 10) / base), 1)

    @property
    def open(self) -> dict[int, OpenTrack]:
        """Open tracks by id."""
        return self._open

    def add(self, tracked: Tracked, pts: int, opened: bool) -> tuple[list[OpenTrack], list[int]]:
        """One frame's detections; answers the tracks that are new and the ids now missed."""
        new: list[OpenTrack] = []
        present = set()
        for row, track_id in enumerate(tracked.ids.tolist()):
            if track_id < 0:
                continue
            present.add(track_id)
            track = self._open.get(track_id)
            if track is None:
                track = OpenTrack(track_id, pts, Views(self._room, self._apart), opened)
                self._open[track_id] = track
                new.append(track)
            track.times.append(pts)
            track.boxes.append(tracked.detections.boxes[row])
            track.scores.append(float(tracked.detections.scores[row]))
            track.gone = None
        missed = [i for i, t in self._open.items() if i not in present and t.gone is None]
        return new, missed

    def drop(self, track_id: int) -> None:
        """Forgets a track that was never confirmed."""
        self._open.pop(track_id, None)

    def close(self, track_id: int, end: int, at_boundary: bool = False) -> Track | None:
        """Ends a track; one that is still there lasts until ``end``."""
        track = self._open.pop(track_id, None)
        if track is None:
            return None
        shots = track.views.best_first()
        still_there = track.gone is None
        last = end if track.gone is None else track.gone
        return Track(
            number=track_id,
            kind=self._kind,
            base=self._base,
            first=track.first,
            last=max(last, track.times[-1] + 1),
            times=np.array(track.times, np.int64),
            boxes=np.stack(track.boxes).astype(np.float32),
            shots=shots,
            quality=float(shots[0].quality.total) if shots else max(track.scores),
            opened=track.opened,
            closed=at_boundary and still_there,
        )


def cut_short(track: Track, first: int, last: int) -> Track:
    """The part of a track between two times (``last`` is exclusive), with the views of it."""
    inside = (track.times >= first) & (track.times < last)
    shots = tuple(s for s in track.shots if first <= s.pts < last)
    return replace(
        track,
        first=max(first, track.first),
        last=min(last, track.last),
        times=track.times[inside],
        boxes=track.boxes[inside],
        shots=shots,
        opened=track.opened and first <= track.first,
        closed=track.closed and last >= track.last,
    )
