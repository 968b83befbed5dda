"""MOTChallenge text files: reading and writing them, and which of their rows are scored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from personae.core.arrays import Doubles, Ids
from personae.core.errors import ShapeError, SourceMissing, SourceUnreadable
from personae.flows.evaluation.assignment import assign
from personae.flows.evaluation.moments import EPS, Boxed, box_iou, rows_by_frame

PEDESTRIAN = 1
DISTRACTORS = (2, 7, 8, 12)
"""Person on vehicle, static person, distractor, reflection (MOT16 and MOT17)."""
NO_CLASS = -1
_LEAST_IOU = 0.5 - EPS


@dataclass(frozen=True, slots=True)
class MotRows:
    """The columns of a MOTChallenge file.

    Args:
        boxed: frame (from 1), track (-1 in files of detections) and box. Boxes have the file's
            own origin, where the first pixel is 1 in MOTChallenge's files.
        scores: (N,) confidence; in ground truth 0 marks a row that is not scored.
        classes: (N,) class, -1 where the file has none.
    """

    boxed: Boxed
    scores: Doubles
    classes: Ids

    def __post_init__(self) -> None:
        shape = (len(self.boxed),)
        if self.scores.shape != shape or self.classes.shape != shape:
            raise ShapeError(f"{shape[0]} boxes, {len(self.scores)} scores, {len(self.classes)}")


def read_mot(path: Path) -> MotRows:
    """Ground truth, detections or tracks, with at least ``frame,id,x,y,width,height`` a line.

    Fields are separated by commas or blanks. A missing confidence is 1, a missing class -1.

    Raises:
        SourceMissing: there is no such file.
        SourceUnreadable: a line has too few fields or one that is no number.
    """
    if not path.is_file():
        raise SourceMissing(f"{path} does not exist")
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise SourceUnreadable(f"{path} is not UTF-8 text: {error}") from error
    table = np.array(
        [_fields(path, i, line) for i, line in enumerate(lines, 1) if line.strip()],
        dtype=np.float64,
    ).reshape(-1, 8)
    boxes = np.concatenate([table[:, 2:4], table[:, 2:4] + table[:, 4:6]], axis=1)
    frames, ids = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    return MotRows(Boxed(frames, ids, boxes), table[:, 6].copy(), table[:, 7].astype(np.int64))


def write_mot(path: Path, rows: MotRows) -> None:
    """Write rows in the form ``frame,id,x,y,width,height,confidence,class,-1,-1``.

    Readers of results take the eighth field for the x of a 3D position, where -1 means none;
    that is also what "no class" is.
    """
    boxed = rows.boxed
    table = zip(
        boxed.frames.tolist(),
        boxed.ids.tolist(),
        boxed.boxes.tolist(),
        rows.scores.tolist(),
        rows.classes.tolist(),
        strict=True,
    )
    lines = [
        f"{frame},{track},{x1:.9g},{y1:.9g},{x2 - x1:.9g},{y2 - y1:.9g},{score:.6g},{kind},-1,-1\n"
        for frame, track, (x1, y1, x2, y2), score, kind in table
    ]
    path.write_text("".join(lines), "utf-8")


def scored_only(
    truth: MotRows, tracks: Boxed, *, distractors: Collection[int] = DISTRACTORS
) -> tuple[Boxed, Boxed]:
    """The rows of truth and tracks that count under the rules of MOT16 and MOT17.

    Only pedestrians whose confidence is not 0 have to be found. A predicted box whose best match
    (overlap one half or more) among *all* true boxes is a distractor is neither right nor wrong.
    A file without classes (MOT15) is scored by its confidence alone.

    Args:
        truth: ground truth.
        tracks: predicted.
        distractors: classes that may be found or not; MOT20 adds 6.
    """
    wanted = truth.scores != 0
    if (truth.classes == NO_CLASS).all():
        return truth.boxed.only(np.flatnonzero(wanted)), tracks
    ignored: list[Ids] = []
    for rows, columns in rows_by_frame(truth.boxed.frames, tracks.frames):
        iou = box_iou(truth.boxed.boxes[rows], tracks.boxes[columns])
        iou[iou < _LEAST_IOU] = 0.0
        found, by = assign(iou)
        distracting = np.isin(truth.classes[rows[found]], list(distractors))
        ignored.append(columns[by[distracting & (iou[found, by] > 0)]])
    kept = np.ones(len(tracks), dtype=np.bool_)
    kept[np.concatenate([np.empty(0, dtype=np.int64), *ignored])] = False
    wanted &= truth.classes == PEDESTRIAN
    return truth.boxed.only(np.flatnonzero(wanted)), tracks.only(np.flatnonzero(kept))


def _fields(path: Path, number: int, line: str) -> list[float]:
    try:
        values = [float(word) for word in line.replace(",", " ").split()]
    except ValueError as error:
        raise SourceUnreadable(f"{path}, line {number}: {error}") from error
    if len(values) < 6 or not np.isfinite(values).all():
        raise SourceUnreadable(f"{path}, line {number}: expected frame,id,x,y,width,height: {line}")
    return (values + [1.0, -1.0][max(0, len(values) - 6) :])[:8]
