"""ByteTrack over steps of any length: sure boxes are joined first, then the doubtful ones.

After Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box" (ECCV
2022), written from the paper; with motion and patience in seconds, overlap of grown boxes so that
people who move by more than their own width between two frames are not lost, and a look at the
colours where boxes alone leave a doubt.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from personae.adapters.trackers import kalman
from personae.adapters.trackers.appearance import looks
from personae.adapters.trackers.assignment import FORBIDDEN, join_best, nearness
from personae.adapters.trackers.memory import Memory, Sight, covered, doubtful
from personae.adapters.trackers.open_tracks import OpenTracks
from personae.adapters.trackers.scene import Scene
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.core.arrays import Boxes, Flags, Ids, Numbers
from personae.core.detections import Detections
from personae.core.frame import Frame, FrameTime
from personae.core.track import Tracked

LONGEST_STEP = 1.0
"""Seconds; a straight line drawn any further ahead is fiction."""


class ByteTrack:
    """Follows boxes of one source.

    A detection carries its track's id from the very first frame on, also while the track is still
    unconfirmed, so that nothing at the start of an appearance is lost. Whoever collects detections
    by id therefore asks three questions:

    - ``lost()``: confirmed tracks that were given up; keep what was collected for them.
    - ``rejected()``: tracks that were never confirmed; throw away what was collected for them.
    - ``finish()`` (a cut, or the end): confirmed tracks that were still open; keep them too, and
      ask ``lost()`` and ``rejected()`` once more.

    Every id that ``update`` ever gave leaves exactly once, by exactly one of the three. -1 marks
    detections of no track: too weak to open one and not near one.

    A track seen at the last update can be continued however long the step is, up to ``gap_s``, so
    that a slow analysis rate does not tear tracks; one that was missed is kept for ``keep_s``.
    """

    def __init__(self, settings: ByteTrackSettings | None = None) -> None:
        self._settings = settings or ByteTrackSettings()
        self._next = 0
        self._time: FrameTime | None = None
        self._tracks = self._opened(np.zeros((0, 4), np.float32), np.zeros(0, bool), 0.0)
        self._lost: list[Ids] = []
        self._rejected: list[Ids] = []
        self._scene = Scene()
        self._memory = Memory(self._settings.frame)

    def update(self, frame: Frame, detections: Detections) -> Tracked:
        """Detections of the next frame with the track of each, -1 where there is none."""
        now, chosen = frame.time.seconds, self._settings
        current = self._advance(frame)
        rows = self._associate(frame, detections, current)
        ids = np.where(rows >= 0, np.append(self._tracks.ids, -1)[rows], -1)
        self._continue(rows, detections.boxes, now)
        self._open_new(detections, ids, now)
        patience = np.where(self._tracks.sure, chosen.keep_s, chosen.tentative_s)
        self._give_up(now - self._tracks.seen > patience + 1e-9)
        if chosen.alike > 0:
            held, boxes = ids >= 0, detections.boxes
            sight = Sight(ids[held], boxes[held], covered(boxes)[held])
            self._memory.keep(frame.picture, sight, self._tracks.ids)
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
        self._scene.forget()
        self._memory.forget()
        return tracks.ids[tracks.sure]

    def _advance(self, frame: Frame) -> Flags:
        """Moves every track to the new frame's time; (N,) which were seen at the last update."""
        before, self._time = self._time, frame.time
        chosen = self._settings
        if chosen.camera or chosen.alike > 0:
            self._scene.step(frame.picture)
        if before is None:
            return np.zeros(len(self._tracks), bool)
        # A camera's clock may be set back; then nothing has moved
        step = max(float(frame.time.pts * frame.time.base - before.pts * before.base), 0.0)
        current = (self._tracks.seen >= before.seconds) & (step <= chosen.gap_s)
        kept = current | (frame.time.seconds - self._tracks.seen <= chosen.keep_s)
        self._give_up(~kept)
        motion = kalman.predict(self._tracks.motion, min(step, LONGEST_STEP), chosen.noise)
        if chosen.camera:
            motion = motion.shifted(self._scene.shift)
        self._tracks = replace(self._tracks, motion=motion)
        return np.asarray(current[kept])

    def _associate(self, frame: Frame, detections: Detections, current: Flags) -> Ids:
        """(M,) the row of the track that each detection continues, -1 where there is none."""
        chosen, tracks = self._settings, self._tracks
        rows = np.full(len(detections), -1, np.int64)
        if not len(tracks) or not len(detections):
            return rows
        unseen = np.maximum(frame.time.seconds - tracks.seen, 0.0)
        margin = np.minimum(chosen.margin + chosen.margin_per_s * unseen, chosen.margin_most)
        there = tracks.motion.boxes()
        strange = ~current | (self._scene.change > chosen.sudden)
        near = nearness(there, detections.boxes, margin, chosen.ratio)
        near = self._coloured(frame, detections.boxes, near, strange, chosen.alike)
        strong = detections.scores >= chosen.high
        weak = ~strong & (detections.scores >= chosen.low)
        # The three associations of the paper: sure boxes, doubtful boxes, unconfirmed tracks
        join_best(rows, near, tracks.sure, strong, chosen.near)
        join_best(rows, near, tracks.sure & current, weak, chosen.near_low)
        join_best(rows, near, ~tracks.sure, strong, chosen.near_new)
        # And a fourth for those who suddenly ran: wider, for who is left on both sides
        missed = current & ~np.isin(np.arange(len(tracks)), rows)
        unclaimed = strong & (rows < 0)
        if missed.any() and unclaimed.any():
            wide = np.full(len(tracks), chosen.reach)
            far = nearness(there, detections.boxes, wide, chosen.ratio)
            far[~(missed[:, None] & unclaimed)] = FORBIDDEN
            alike = max(chosen.alike, chosen.alike_far) if chosen.alike > 0 else 0.0
            far = self._coloured(frame, detections.boxes, far, missed, alike)
            join_best(rows, far, missed, unclaimed, chosen.near_far)
        return rows

    def _coloured(
        self, frame: Frame, boxes: Boxes, near: Numbers, strange: Flags, alike: float
    ) -> Numbers:
        """(N, M) nearness lessened where colours differ, forbidden below a likeness of ``alike``.

        Only doubtful pairs are looked at, among them all those of ``strange`` (N,) tracks.
        """
        chosen = self._settings
        if alike <= 0:
            return near
        least = min(chosen.near, chosen.near_low, chosen.near_new, chosen.near_far)
        doubts = doubtful(near, near >= least, strange, chosen.believed)
        left, right = np.flatnonzero(doubts.any(1)), np.flatnonzero(doubts.any(0))
        if not left.size:
            return near
        known = self._memory.recall(self._tracks.ids[left])
        seen = looks(frame.picture.rgb(), boxes[right], chosen.frame)
        likeness = np.ones_like(near)
        likeness[np.ix_(left, right)] = known @ seen.T
        strangers = doubts & (likeness < alike) & (strange[:, None] | (near < chosen.believed))
        near = np.where(doubts, near * likeness**chosen.colours, near)
        return np.where(strangers & ~covered(boxes), np.float32(FORBIDDEN), near)

    def _continue(self, rows: Ids, boxes: Boxes, now: float) -> None:
        """Corrects each track by the box that was found for it."""
        found = np.flatnonzero(rows >= 0)
        if not found.size:
            return
        tracks, which = self._tracks, rows[found]
        motion = kalman.correct(tracks.motion.take(which), boxes[found], self._settings.noise)
        hits = tracks.hits[which] + 1
        sure = tracks.sure[which] | (hits >= self._settings.hits)
        renewed = OpenTracks(tracks.ids[which], motion, hits, np.full(len(which), now), sure)
        rest = np.ones(len(tracks), bool)
        rest[which] = False
        self._tracks = tracks.take(rest).joined(renewed)

    def _open_new(self, detections: Detections, ids: Ids, now: float) -> None:
        """Opens a track for every sure box that continues none, and writes its id."""
        new = np.flatnonzero((ids < 0) & (detections.scores >= self._settings.fresh))
        if not new.size:
            return
        sure = detections.scores[new] >= self._settings.sure
        opened = self._opened(detections.boxes[new], sure, now)
        ids[new] = opened.ids
        self._tracks = self._tracks.joined(opened)

    def _opened(self, boxes: Boxes, sure: Flags, now: float) -> OpenTracks:
        """New tracks with new ids."""
        n = len(boxes)
        ids = np.arange(self._next, self._next + n, dtype=np.int64)
        self._next += n
        motion = kalman.start(boxes, self._settings.noise)
        sure = sure | (self._settings.hits <= 1)
        return OpenTracks(ids, motion, np.ones(n, np.int64), np.full(n, now), sure)

    def _give_up(self, which: Flags) -> None:
        """Closes tracks: the confirmed ones are lost, the others rejected."""
        if not which.any():
            return
        tracks = self._tracks
        self._lost.append(tracks.ids[which & tracks.sure])
        self._rejected.append(tracks.ids[which & ~tracks.sure])
        self._tracks = tracks.take(~which)


def _joined(parts: list[Ids]) -> Ids:
    return np.concatenate([np.zeros(0, np.int64), *parts])
