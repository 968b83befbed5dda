"""Upright crops of faces, judged and embedded; a track that holds two people is taken apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from personae.core.align import CROP, similarity
from personae.core.arrays import Doubles, Luma, Vector, Vectors
from personae.core.cuts import change
from personae.core.embedding import unit
from personae.core.frame import Frame
from personae.core.quality import judge, promise
from personae.core.track import Shot, Track, Tracked
from personae.flows.collect import OpenTrack, cut_short
from personae.ports import Cutter, Embedder

MARGIN = 24
"""Pixels kept around the aligned crop, so that people see a head and not only a face."""
REMEMBERED = 4096
"""Frames whose coarse brightness is remembered (15 MB), for a source that has no segments."""
TWO_PEOPLE = 0.2
"""Views of one person within one shot hardly ever fall below this cosine (mean over the views on
either side of a moment); views of two people hardly ever reach it."""


class Portraits:
    """Gathers views while tracks are open and embeds them when they close.

    Args:
        cutter: cuts crops.
        embedder: makes vectors; None keeps no vectors.
        base: seconds of one time unit.
        live: keep the newest view of each track besides the best.
    """

    def __init__(
        self, cutter: Cutter, embedder: Embedder | None, base: Fraction, *, live: bool = False
    ) -> None:
        self._live = live
        self._cutter = cutter
        self._embedder = embedder
        self._base = base
        self._passed: deque[tuple[int, Luma]] = deque(maxlen=REMEMBERED)
        self._size = (1, 1)
        self._known: dict[tuple[int, int], Vector] = {}

    def remember(self, track: int, pts: int, vector: Vector) -> None:
        """A view that was embedded while its track was open need not be again."""
        self._known[track, pts] = vector

    def note(self, frame: Frame, luma: Luma) -> None:
        """Every frame with its coarse brightness, so that it is known later what changed when."""
        self._passed.append((frame.time.pts, luma))
        self._size = (frame.picture.width, frame.picture.height)

    def gather(self, frame: Frame, tracked: Tracked, open_tracks: Mapping[int, OpenTrack]) -> None:
        """Offers this frame's faces as views to their tracks."""
        marks = tracked.detections.landmarks
        if marks is None:
            return
        # Most views are no better than what is kept of their moment, and their pose says so
        # before the dear part: making colours, cutting, judging
        rows = [
            row
            for row, i in enumerate(tracked.ids.tolist())
            if i >= 0
            and (
                self._live
                or open_tracks[i].views.wants(
                    frame.time.pts, promise(marks[row], float(tracked.detections.scores[row])).total
                )
            )
        ]
        if not rows:
            return
        shift = np.array([[0, 0, MARGIN], [0, 0, MARGIN]], np.float64)
        maps: list[Doubles] = [similarity(marks[row]) + shift for row in rows]
        crops = self._cutter.cut(frame.picture.rgb(), maps, CROP + 2 * MARGIN)
        for crop, row in zip(crops, rows, strict=True):
            track = open_tracks[int(tracked.ids[row])]
            score = float(tracked.detections.scores[row])
            face = crop[MARGIN:-MARGIN, MARGIN:-MARGIN]
            quality = judge(face, marks[row], score)
            box = tracked.detections.boxes[row]
            shot = Shot(frame.time.pts, box, marks[row], quality, crop)
            track.views.offer(shot)
            track.newest = shot if self._live else None

    def vectors(self, track: Track) -> Vectors | None:
        """(N, D) one row for each view in order of time; may run beside everything else here."""
        if self._embedder is None or not track.shots:
            return None
        shots = _in_time(track)
        known = [self._known.pop((track.number, shot.pts), None) for shot in shots]
        crops = [shot.crop for shot, vector in zip(shots, known, strict=True) if vector is None]
        if crops:
            faces = np.stack([c[MARGIN:-MARGIN, MARGIN:-MARGIN] for c in crops if c is not None])
            made = iter(self._embedder.embed(faces))
            known = [next(made) if vector is None else vector for vector in known]
        return np.stack([vector for vector in known if vector is not None])

    def finish(self, track: Track, vectors: Vectors | None) -> list[Track]:
        """The track with its vector; two or more where it turned out to hold several people.

        Args:
            track: that closed.
            vectors: of its views, as ``vectors`` answers them.
        """
        if self._embedder is None or vectors is None:
            return [track]
        shots = _in_time(track)
        parts: list[Track] = []
        first = track.first
        for group in one_person_each(vectors):
            end = track.last
            if group[-1] + 1 < len(shots):
                end = self._moment(track, shots[group[-1]].pts, shots[group[-1] + 1].pts)
            part = cut_short(track, first, end)
            weights = np.array([shots[i].quality.total for i in group])
            vector = unit((vectors[group] * weights[:, None]).sum(0))
            best = sorted((shots[i] for i in group), key=lambda s: (-s.quality.total, s.pts))
            parts.append(
                replace(
                    part,
                    shots=tuple(best),
                    vector=vector,
                    space=self._embedder.space,
                    quality=float(best[0].quality.total),
                )
            )
            first = end
        return parts

    def _moment(self, track: Track, low: int, high: int) -> int:
        """Between two views of different people: where half of the change at the face is done."""
        passed = [(pts, luma) for pts, luma in self._passed if low <= pts <= high]
        amounts = np.array(
            [
                change(before[self._face(track, pts, before)], luma[self._face(track, pts, luma)])
                for (_, before), (pts, luma) in pairwise(passed)
            ]
        )
        if not amounts.size or amounts.sum() <= 0:
            # Rounded up: the view at ``low`` belongs to the one before
            return (low + high + 1) // 2
        half = int(np.searchsorted(amounts.cumsum(), amounts.sum() / 2))
        return passed[half + 1][0]

    def _face(self, track: Track, pts: int, luma: Luma) -> tuple[slice, slice]:
        """Rows and columns of a coarse picture that show the track's face, one at least."""
        scale = np.tile(np.array(luma.shape[::-1]) / np.array(self._size), 2)
        left, top, right, bottom = (int(v) for v in track.box_at(pts) * scale)
        down, across = min(top, luma.shape[0] - 1), min(left, luma.shape[1] - 1)
        return slice(down, max(bottom, down) + 1), slice(across, max(right, across) + 1)


def _in_time(track: Track) -> list[Shot]:
    return sorted(track.shots, key=lambda shot: shot.pts)


def one_person_each(vectors: Vectors) -> list[list[int]]:
    """Indices of views in order of time, split where those before and after do not agree."""
    groups = [list(range(len(vectors)))]
    done: list[list[int]] = []
    while groups:
        group = groups.pop(0)
        alike = vectors[group] @ vectors[group].T
        cross = [float(alike[:i, i:].mean()) for i in range(1, len(group))]
        if cross and min(cross) < TWO_PEOPLE:
            at = int(np.argmin(cross)) + 1
            groups = [group[:at], group[at:], *groups]
        else:
            done.append(group)
    return sorted(done)
