"""People followed in a street and on a pavement, beside a tracker that users would pick today."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np

import personae
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.app.evaluating_tracking import OurBoxes, TrackingOptions, tracking
from personae.flows.evaluation.moments import Boxed
from personae.flows.evaluation.mot_files import MotRows, read_mot, write_mot
from personae.flows.evaluation.tracking import Tracking, score_mot
from tests.accept.proof import Room, Row, at_least, beside

PEER = "PERSONAE_PEER_PYTHON"
"""Names a Python that has the package ``trackers``; without it the peer is not run."""
SIZE = (1920, 1080)
LAST = 375


def proof(room: Room) -> list[Row]:
    """The same boxes for both trackers."""
    settings = personae.Settings(library=room.folder)
    campus = room.shared("data/mot/TUD-Campus")
    street = room.shared("data/videos/dlib_ffmpeg__MOT17-13-SDP-raw.h265")
    truth = room.shared("data/mot/MOT16-13_gt_frames_1-375_1920x1080.txt")
    boxes = room.folder / "street.txt"
    found(street, boxes, settings)
    own = tracking(street, truth, settings, TrackingOptions(SIZE), boxes).score
    alone = tracking(None, campus / "gt.txt", settings, TrackingOptions(), campus / "det.txt").score
    rows = [
        *_told("MOT17-13, our boxes and tracker", own),
        *_told("TUD-Campus, given boxes", alone),
    ]
    python = os.environ.get(PEER)
    if python is None:
        return [*rows, beside("ByteTrack of the package trackers", f"not run: {PEER} is not set")]
    for name, gt, detections, score in (
        ("MOT17-13", truth, boxes, own),
        ("TUD-Campus", campus / "gt.txt", campus / "det.txt", alone),
    ):
        for least in ("0.7", "0.4"):
            theirs = _peer(Path(python), gt, detections, least, room.folder / "tracks.txt")
            label = f"{name}, same boxes, peer from score {least}"
            rows += _told(label, theirs)
            rows.append(
                at_least(f"{label}: our IDF1 less theirs", score_of(score) - score_of(theirs), 0)
            )
    return rows


def score_of(score: Tracking) -> float:
    """IDF1: how long each person keeps one number."""
    return float(str(score.as_json()["idf1"]))


def found(film: Path, path: Path, settings: personae.Settings) -> None:
    """Our detector's boxes of every frame, in the truth's pixels."""
    rows: list[tuple[int, float]] = []
    boxes: list[list[float]] = []
    with open_source(film, SourceOptions()) as source:
        look = OurBoxes(settings, source.info)
        factor = np.tile(np.array(SIZE) / (source.info.width, source.info.height), 2)
        for frame in source.frames():
            if frame.index >= LAST:
                break
            for box, score in look(frame):
                rows.append((frame.index + 1, score))
                boxes.append((box * factor + 1).tolist())
    frames = np.array([frame for frame, _ in rows], np.int64)
    nobody = np.full(len(rows), -1, np.int64)
    scores = np.array([score for _, score in rows])
    write_mot(path, MotRows(Boxed(frames, nobody, np.array(boxes)), scores, nobody))


def _told(what: str, score: Tracking) -> list[Row]:
    data = score.as_json()
    figures = " ".join(f"{name} {data[name]:.3f}" for name in ("hota", "idf1", "mota"))
    return [beside(what, f"{figures} switches {data['id_switches']}")]


def _peer(python: Path, truth: Path, detections: Path, least: str, tracks: Path) -> Tracking:
    script = Path(__file__).with_name("peer_byte_track.py")
    subprocess.run(
        [str(python), str(script), str(detections), str(tracks), least], check=True, timeout=300
    )
    return score_mot(read_mot(truth), read_mot(tracks))
