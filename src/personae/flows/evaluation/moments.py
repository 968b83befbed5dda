"""Truth and tracks brought together frame by frame, ready for HOTA, CLEAR and identity scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.core.arrays import Doubles, Ids
from personae.core.errors import ShapeError, UsageError

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Boxed:
    """Boxes with the frame they are in and the track they belong to.

    Args:
        frames: (N,) frame number.
        ids: (N,) track; a track has at most one box in a frame.
        boxes: (N, 4) float64, x1 y1 x2 y2 in pixels. Double, not float32 as elsewhere, because
            an overlap of exactly one half must stay one.
    """

    frames: Ids
    ids: Ids
    boxes: Doubles

    def __post_init__(self) -> None:
        count = len(self.frames)
        if self.frames.shape != (count,) or self.ids.shape != (count,):
            raise ShapeError(f"frames {self.frames.shape} and ids {self.ids.shape} must be (N,)")
        if self.boxes.shape != (count, 4):
            raise ShapeError(f"expected boxes (N, 4) with N = {count}, got {self.boxes.shape}")

    def __len__(self) -> int:
        return len(self.frames)

    def only(self, rows: Ids) -> Boxed:
        """These rows, by number."""
        return Boxed(self.frames[rows], self.ids[rows], self.boxes[rows])


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame.

    Args:
        truths: (n,) true tracks present, numbered from 0 without holes over the sequence.
        tracks: (m,) predicted tracks present, likewise.
        iou: (n, m) overlap of their boxes, 0..1.
    """

    truths: Ids
    tracks: Ids
    iou: Doubles


@dataclass(frozen=True, slots=True)
class Moments:
    """A sequence.

    Args:
        frames: every frame in which either side has a box, in order.
        truth_lengths: (T,) boxes of each true track, float64.
        track_lengths: (K,) boxes of each predicted track, float64.
    """

    frames: tuple[Moment, ...]
    truth_lengths: Doubles
    track_lengths: Doubles

    @property
    def shape(self) -> tuple[int, int]:
        """(true tracks, predicted tracks)."""
        return len(self.truth_lengths), len(self.track_lengths)


def bring_together(truth: Boxed, tracks: Boxed) -> Moments:
    """Group both sides by frame and measure the overlaps.

    Raises:
        UsageError: a track has two boxes in one frame.
    """
    _check_single(truth, "true track")
    _check_single(tracks, "track")
    names, truth_ids = np.unique(truth.ids, return_inverse=True)
    labels, track_ids = np.unique(tracks.ids, return_inverse=True)
    found: list[Moment] = []
    for rows, columns in rows_by_frame(truth.frames, tracks.frames):
        iou = box_iou(truth.boxes[rows], tracks.boxes[columns])
        found.append(Moment(truth_ids[rows], track_ids[columns], iou))
    return Moments(
        tuple(found),
        np.bincount(truth_ids, minlength=len(names)).astype(np.float64),
        np.bincount(track_ids, minlength=len(labels)).astype(np.float64),
    )


def rows_by_frame(left: Ids, right: Ids) -> list[tuple[Ids, Ids]]:
    """For each frame number in either, ascending: the rows of it in both, in file order."""
    frames = np.union1d(left, right)
    return list(zip(_split(left, frames), _split(right, frames), strict=True))


def box_iou(left: Doubles, right: Doubles) -> Doubles:
    """Intersection over union (n, m) of boxes (n, 4) and (m, 4), x1 y1 x2 y2; empty boxes 0."""
    a, b = left[:, None, :], right[None, :, :]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = np.prod(np.maximum(sides, 0.0), axis=-1)
    area_a = np.prod(a[..., 2:] - a[..., :2], axis=-1)
    area_b = np.prod(b[..., 2:] - b[..., :2], axis=-1)
    total = area_a + area_b - shared
    sound = (area_a > EPS) & (area_b > EPS) & (total > EPS)
    iou: Doubles = np.divide(shared, total, out=np.zeros_like(shared), where=sound)
    return iou


def _split(values: Ids, frames: Ids) -> list[Ids]:
    order = np.argsort(values, kind="stable")
    starts = np.searchsorted(values[order], frames)
    return np.split(order, starts[1:]) if len(frames) else []


def _check_single(boxed: Boxed, what: str) -> None:
    keys, counts = np.unique(np.stack([boxed.frames, boxed.ids]), axis=1, return_counts=True)
    twice = np.flatnonzero(counts > 1)
    if len(twice):
        frame, track = keys[:, twice[0]]
        raise UsageError(
            f"{what} {track} has {counts[twice[0]]} boxes in frame {frame}",
            "A track may have one box a frame; a file of detections is not a file of tracks.",
        )
