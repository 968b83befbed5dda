"""``evaluate tracking``: people followed through a film, compared with MOTChallenge's truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from personae.adapters.models.nanodet import NanoDet
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.sources.pictures import ArrayPicture
from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.app.build import choose, session
from personae.app.settings import Settings
from personae.core.arrays import Doubles, Ids
from personae.core.detections import Detections
from personae.core.errors import UsageError
from personae.core.frame import Frame, FrameTime, SourceInfo
from personae.flows.evaluation.moments import Boxed
from personae.flows.evaluation.mot_files import MotRows, read_mot
from personae.flows.evaluation.tracking import Tracking, score_mot
from personae.flows.scales import scaled
from personae.ports import FrameSource

LEFT_OUT = 0.05
"""Share of true boxes whose middle may lie outside the film before its size is doubted."""
BASE = Fraction(1, 1000)

Look = Callable[[Frame], Detections]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TrackingOptions:
    """How a film and its truth go together.

    Attributes:
        truth_size: (width, height) of the pictures that truth and detections were drawn on; None
            where it is the film's own.
        fps: frames a second that are looked at, None for every frame; truth in between is left out.
        rate: frames a second of the truth where there is no film.
    """

    truth_size: tuple[int, int] | None = None
    fps: float | None = None
    rate: float = 25.0


@dataclass(frozen=True, slots=True)
class TrackingReport:
    """What came of following people.

    Attributes:
        score: against the truth.
        looked_at: frames that the tracker saw.
        detector: what found the boxes.
        tracks: rows (frame from 1, track, box in the truth's pixels) as they were scored.
    """

    score: Tracking
    looked_at: int
    detector: str
    tracks: Boxed

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate tracking --json``."""
        return self.score.as_json() | {"looked_at": self.looked_at, "detector": self.detector}


def tracking(
    video: Path | None,
    truth_file: Path,
    settings: Settings,
    options: TrackingOptions,
    detections: Path | None = None,
) -> TrackingReport:
    """Follows people with the product's tracker and scores it by MOTChallenge's rules.

    Args:
        video: the film; without it the tracker sees boxes and no picture.
        truth_file: MOTChallenge's ``gt.txt``; frames and pixels count from 1.
        settings: models and provider.
        options: sizes and rates.
        detections: boxes to follow in place of those our detector finds.

    Raises:
        SourceError: a file is missing or unreadable.
        UsageError: there is neither film nor detections, or the truth does not fit the film.
    """
    truth = read_mot(truth_file)
    if not len(truth.boxed):
        raise UsageError(f"{truth_file} holds no boxes")
    given = None if detections is None else read_mot(detections)
    if video is None:
        if given is None:
            raise UsageError("there is nothing to follow", "Name a film, or --detections FILE.")
        frames = _no_pictures(int(truth.boxed.frames.max()), options.rate)
        return _scored(truth, frames, _Given(given, np.ones(2)), np.ones(2), blind=True)
    with open_source(video, SourceOptions(threads=settings.worker_count())) as source:
        scale = scale_of(source.info, truth, options.truth_size)
        frames = _chosen(source, int(truth.boxed.frames.max()), options.fps)
        look = OurBoxes(settings, source.info) if given is None else _Given(given, scale)
        return _scored(truth, frames, look, scale, blind=False)


class OurBoxes:
    """Boxes that our detector finds."""

    def __init__(self, settings: Settings, info: SourceInfo) -> None:
        card = choose(settings.face_model).bodies
        self.name = card.name
        self._detector = NanoDet(
            session(card, settings.provider), score=settings.observe.body_score
        )
        self._whole = (info.width, info.height)
        share = min(1.0, settings.observe.detect_width / max(self._whole))
        self._size = (max(round(info.width * share), 32), max(round(info.height * share), 32))

    def __call__(self, frame: Frame) -> Detections:
        found = self._detector.detect([frame.picture.rgb_at(*self._size)])[0]
        return scaled(found, self._size, self._whole)


class _Given:
    """Boxes of a file, moved and scaled onto the film's pixels."""

    name = "given boxes"

    def __init__(self, rows: MotRows, scale: Doubles) -> None:
        self._rows = rows
        self._factor = np.tile(scale, 2)

    def __call__(self, frame: Frame) -> Detections:
        rows = np.flatnonzero(self._rows.boxed.frames == frame.index + 1)
        # MOTChallenge calls the first pixel 1, we call it 0
        boxes = (self._rows.boxed.boxes[rows] - 1) * self._factor
        scores = np.clip(self._rows.scores[rows], 0, 1)
        return Detections("body", boxes.astype(np.float32), scores.astype(np.float32))


def _scored(
    truth: MotRows, frames: Iterator[Frame], look: OurBoxes | _Given, scale: Doubles, *, blind: bool
) -> TrackingReport:
    seen, tracks = _followed(frames, look, blind=blind)
    # Back onto the truth's own pixels: what is compared is what was published
    told = replace(tracks, boxes=tracks.boxes / np.tile(scale, 2) + 1)
    rows = np.flatnonzero(np.isin(truth.boxed.frames, seen))
    if not len(rows):
        raise UsageError("no frame that the truth speaks of was looked at")
    wanted = MotRows(truth.boxed.only(rows), truth.scores[rows], truth.classes[rows])
    found = MotRows(told, np.ones(len(told)), np.full(len(told), -1, np.int64))
    return TrackingReport(score_mot(wanted, found), len(seen), look.name, told)


def _followed(frames: Iterator[Frame], look: Look, *, blind: bool) -> tuple[Ids, Boxed]:
    """Frames looked at, from 1, and the boxes of confirmed tracks in the film's pixels."""
    settings = ByteTrackSettings.bodies()
    tracker = ByteTrack(replace(settings, camera=False, alike=0.0) if blind else settings)
    seen: list[int] = []
    rows: list[tuple[int, int]] = []
    boxes: list[Doubles] = []
    never: set[int] = set()
    for frame in frames:
        tracked = tracker.update(frame, look(frame))
        seen.append(frame.index + 1)
        for row in np.flatnonzero(tracked.ids >= 0).tolist():
            rows.append((frame.index + 1, int(tracked.ids[row])))
            boxes.append(tracked.detections.boxes[row].astype(np.float64))
        never.update(tracker.rejected().tolist())
    tracker.finish()
    never.update(tracker.rejected().tolist())
    kept = [at for at, (_, track) in enumerate(rows) if track not in never]
    table = np.array([rows[at] for at in kept], np.int64).reshape(-1, 2)
    placed = np.array([boxes[at] for at in kept], np.float64).reshape(-1, 4)
    return np.array(seen, np.int64), Boxed(table[:, 0].copy(), table[:, 1].copy(), placed)


def _chosen(source: FrameSource, last: int, fps: float | None) -> Iterator[Frame]:
    """The first ``last`` frames of a film, thinned out to ``fps``."""
    slot: int | None = None
    for frame in source.frames():
        if frame.index >= last:
            return
        here = None if fps is None else int(frame.time.pts * frame.time.base * Fraction(fps))
        if here is not None and here == slot:
            continue
        slot = here
        yield frame


def _no_pictures(count: int, rate: float) -> Iterator[Frame]:
    """Frames with times and a black picture nobody looks at."""
    black = ArrayPicture(np.zeros((32, 32, 3), np.uint8))
    for index in range(count):
        yield Frame(black, index, FrameTime(round(index / rate / BASE), BASE))


def scale_of(info: SourceInfo, truth: MotRows, size: tuple[int, int] | None) -> Doubles:
    """(2,) factors from the truth's pixels to the film's."""
    whole = np.array([info.width, info.height], np.float64)
    scale = np.ones(2) if size is None else whole / np.array(size, np.float64)
    middles = (truth.boxed.boxes[:, :2] + truth.boxed.boxes[:, 2:]) / 2 * scale
    outside = float((middles > whole).any(1).mean())
    if outside > LEFT_OUT:
        raise UsageError(
            f"{outside:.0%} of the true boxes lie outside the film of {info.width}x{info.height}",
            "Say which size they were drawn on, such as --truth-size 1920x1080.",
        )
    return scale
