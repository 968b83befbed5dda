"""ByteTrack over steps of any length: sure boxes are joined first, then the doubtful ones.

After Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box" (ECCV
2022), written from the paper; motion by seconds, gates by seconds, and overlap of grown boxes so
that people who move by more than their own width between two frames are not lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from personae.adapters.trackers import kalman
from personae.adapters.trackers.assignment import best_pairs, nearness
from personae.adapters.trackers.kalman import Motion
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.core.arrays import Boxes, Doubles, Flags, Ids
from personae.core.detections import Detections
from personae.core.frame import Frame, FrameTime
from personae.core.track import Tracked


@dataclass(frozen=True, slots=True)
class _Tracks:
    """The open tracks as columns: id, motion, detections so far, last seen (s), confirmed."""

    ids: Ids
    motion: Motion
    hits: Ids
    seen: Doubles
    sure: Flags

    def take(self, rows: Flags | Ids) -> _Tracks:
        return _Tracks(
            self.ids[rows],
            self.motion.take(rows),
            self.hits[rows],
            self.seen[rows],
            self.sure[rows],
        )

    def joined(self, other: _Tracks) -> _Tracks:
        return _Tracks(
            np.concatenate([self.ids, other.ids]),
            self.motion.joined(other.motion),
            np.concatenate([self.hits, other.hits]),
            np.concatenate([self.seen, other.seen]),
            np.concatenate([self.sure, other.sure]),
        )


class ByteTrack:
    """Follows boxes of one source.

    A detection carries its track's id from the very first frame on, also while the track is still
    unconfirmed, so that nothing at the start of an appearance is lost. Whoever collects detections
    by id therefore asks three questions after every frame:

    - ``lost()``: confirmed tracks that were given up; keep what was collected for them.
    - ``rejected()``: tracks that were never confirmed; throw away what was collected for them.
    - ``finish()`` (a cut, or the end): confirmed tracks that were still open; keep them too.

    Every id that ``update`` ever gave leaves exactly once, by exactly one of the three. -1 marks
    detections of no track: too weak to open one and not near one.
    """

    def __init__(self, settings: ByteTrackSettings | None = None) -> None:
        self._settings = settings or ByteTrackSettings()
        self._next = 0
        self._time: FrameTime | None = None
        self._tracks = self._opened(np.zeros((0, 4), np.float32), np.zeros(0, bool), 0.0)
        self._lost: list[Ids] = []
        self._rejected: list[Ids] = []

    def update(self, frame: Frame, detections: Detections) -> Tracked:
        """Detections of the next frame with the track of each, -1 where there is none."""
        now = frame.time.seconds
        self._advance(frame.time)
        ids = self._associate(detections, now)
        self._open_new(detections, ids, now)
        self._expire(now)
        return Tracked(detections, ids)

    def lost(self) -> Ids:
        """Confirmed tracks given up since the last call."""
        given, self._lost = _joined(self._lost), []
        return given

    def rejected(self) -> Ids:
        """Tracks given up since the last call that were never confirmed."""
        given, self._rejected = _joined(self._rejected), []
        return given

    def finish(self) -> Ids:
        """Ends all open tracks and returns the confirmed ones; the others are rejected.

        What ``lost()`` has not yet reported stays there. Ids go on counting; the next frame may
        have any time.
        """
        tracks = self._tracks
        self._rejected.append(tracks.ids[~tracks.sure])
        self._tracks = tracks.take(np.zeros(0, np.int64))
        self._time = None
        return tracks.ids[tracks.sure]

    def _advance(self, time: FrameTime) -> None:
        """Moves every track to the time of the new frame."""
        if self._time is not None:
            # A camera's clock may be set back; then nothing has moved
            dt = max(float(time.pts * time.base - self._time.pts * self._time.base), 0.0)
            motion = kalman.predict(self._tracks.motion, dt, self._settings.noise)
            self._tracks = replace(self._tracks, motion=motion)
        self._time = time

    def _associate(self, detections: Detections, now: float) -> Ids:
        """The id of each detection that continues a track, -1 elsewhere."""
        chosen, tracks = self._settings, self._tracks
        boxes = tracks.motion.boxes()
        unseen = now - tracks.seen
        margin = np.minimum(chosen.margin + chosen.margin_per_s * unseen, chosen.margin_most)
        near = nearness(boxes, detections.boxes, margin, chosen.ratio)
        strong = detections.scores >= chosen.high
        weak = ~strong & (detections.scores >= chosen.low)
        rows = np.full(len(detections), -1, np.int64)
        # The three associations of the paper: sure boxes, doubtful boxes, unconfirmed tracks
        for candidates, eligible, least in (
            (tracks.sure, strong, chosen.near),
            (tracks.sure & (unseen < chosen.keep_s / 2), weak, chosen.near_low),
            (~tracks.sure, strong, chosen.near_new),
        ):
            taken = np.zeros(len(tracks.ids), bool)
            taken[rows[rows >= 0]] = True
            left = np.flatnonzero(candidates & ~taken)
            right = np.flatnonzero(eligible & (rows < 0))
            first, second = best_pairs(near[np.ix_(left, right)], least)
            rows[right[second]] = left[first]
        self._continue(rows, detections.boxes, now)
        return np.where(rows >= 0, np.append(tracks.ids, -1)[rows], -1)

    def _continue(self, rows: Ids, boxes: Boxes, now: float) -> None:
        """Corrects each track by the box that was found for it."""
        found = np.flatnonzero(rows >= 0)
        if not found.size:
            return
        tracks, which = self._tracks, rows[found]
        motion = kalman.correct(tracks.motion.take(which), boxes[found], self._settings.noise)
        hits = tracks.hits[which] + 1
        sure = tracks.sure[which] | (hits >= self._settings.hits)
        fresh = _Tracks(tracks.ids[which], motion, hits, np.full(len(which), now), sure)
        rest = np.ones(len(tracks.ids), bool)
        rest[which] = False
        self._tracks = tracks.take(rest).joined(fresh)

    def _open_new(self, detections: Detections, ids: Ids, now: float) -> None:
        """Opens a track for every sure box that continues none, and writes its id."""
        new = np.flatnonzero((ids < 0) & (detections.scores >= self._settings.fresh))
        sure = detections.scores[new] >= self._settings.sure
        opened = self._opened(detections.boxes[new], sure, now)
        ids[new] = opened.ids
        self._tracks = self._tracks.joined(opened)

    def _opened(self, boxes: Boxes, sure: Flags, now: float) -> _Tracks:
        """New tracks with new ids."""
        n = len(boxes)
        ids = np.arange(self._next, self._next + n, dtype=np.int64)
        self._next += n
        motion = kalman.start(boxes, self._settings.noise)
        sure = sure | (self._settings.hits <= 1)
        return _Tracks(ids, motion, np.ones(n, np.int64), np.full(n, now), sure)

    def _expire(self, now: float) -> None:
        """Gives up what was unseen for too long."""
        tracks, chosen = self._tracks, self._settings
        patience = np.where(tracks.sure, chosen.keep_s, chosen.tentative_s)
        old = now - tracks.seen > patience + 1e-9
        self._lost.append(tracks.ids[old & tracks.sure])
        self._rejected.append(tracks.ids[old & ~tracks.sure])
        self._tracks = tracks.take(~old)


def _joined(parts: list[Ids]) -> Ids:
    return np.concatenate([np.zeros(0, np.int64), *parts])
