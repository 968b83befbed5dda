"""TUD-Campus, from its public detections alone: a lower bound that a change must not fall under."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from personae.adapters.sources.pictures import ArrayPicture
from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.core.detections import Detections
from personae.core.frame import Frame, FrameTime
from personae.flows.evaluation.moments import Boxed
from personae.flows.evaluation.mot_files import read_mot
from personae.flows.evaluation.tracking import score_tracks
from tests.shared import shared_file

FPS = 25
# There are no pictures of this sequence here
SETTINGS = replace(ByteTrackSettings.bodies(), camera=False, alike=0.0)
GREY = ArrayPicture(np.full((480, 640, 3), 128, np.uint8))


def follow(found: Boxed, scores: np.ndarray, every: int) -> Boxed:
    """The tracks of every n-th frame."""
    tracker = ByteTrack(SETTINGS)
    parts = []
    for number in range(1, int(found.frames.max()) + 1, every):
        rows = np.flatnonzero(found.frames == number)
        seen = Detections("body", found.boxes[rows].astype(np.float32), scores[rows])
        frame = Frame(GREY, number, FrameTime(number - 1, Fraction(1, FPS)))
        ids = tracker.update(frame, seen).ids
        parts.append((rows[ids >= 0], ids[ids >= 0]))
    tracker.finish()
    rows, ids = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = ~np.isin(ids, tracker.rejected())
    return Boxed(found.frames[rows[kept]], ids[kept], found.boxes[rows[kept]])


# Measured: IDF1 0.735 and 0.725, HOTA 0.515 and 0.525
@pytest.mark.parametrize(("every", "idf1", "hota"), [(1, 0.72, 0.50), (5, 0.70, 0.50)])
def test_identities_are_kept(every: int, idf1: float, hota: float) -> None:
    truth = read_mot(shared_file("data/mot/TUD-Campus/gt.txt")).boxed
    seen = read_mot(shared_file("data/mot/TUD-Campus/det.txt"))
    tracks = follow(seen.boxed, seen.scores.astype(np.float32), every)
    wanted = truth.only(np.flatnonzero((truth.frames - 1) % every == 0))
    measured = score_tracks(wanted, tracks).as_json()
    assert measured["idf1"] >= idf1
    assert measured["hota"] >= hota
