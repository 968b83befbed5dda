"""``evaluate blink``: blinks found in clips, or in a series of openness, against labelled ones."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.app.largest_face import LargestFace
from personae.app.settings import Settings
from personae.core.blinks import Blinks
from personae.core.errors import SourceMissing, UsageError
from personae.flows.evaluation.blinks import BlinkScore, Span, score_blinks
from personae.flows.liveness import LivenessSettings

TRUTH = "blinks_by_eye.csv"
Progress = Callable[[int, int], None]
"""Called with the clips that are done and the clips in all."""


@dataclass(frozen=True, slots=True)
class Lids:
    """One look at the lids: frame number, seconds, how far left and right are open."""

    frame: int
    time: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class BlinkReport:
    """What came of looking for blinks.

    Attributes:
        recordings: the score of each clip or series, by name.
    """

    recordings: dict[str, BlinkScore]

    @property
    def score(self) -> BlinkScore:
        """All recordings together."""
        return sum(self.recordings.values(), BlinkScore(0, 0, 0))

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate blink --json``."""
        each = {name: one.as_json() for name, one in self.recordings.items()}
        return {**self.score.as_json(), "recordings": each}


def blink(
    path: Path,
    settings: Settings,
    fps: float = 30.0,
    progress: Progress = lambda done, total: None,
) -> BlinkReport:
    """Finds blinks at the recordings' own frame rate and scores them.

    Args:
        path: a CSV with the columns ``frame,ear,blink``; or a CSV ``video,start_frame,end_frame``
            or a folder that holds one as ``blinks_by_eye.csv``.
        settings: the models' provider.
        fps: frames a second of a series; clips have their own.
        progress: is told how many clips are done.

    Raises:
        SourceMissing: the truth or a clip it names is missing.
        UsageError: the file has other columns.
    """
    truth = _truth_of(path)
    columns, rows = _read(truth)
    if {"frame", "ear", "blink"} <= columns:
        return BlinkReport({truth.name: _series(rows, fps)})
    if not {"video", "start_frame", "end_frame"} <= columns:
        raise UsageError(
            f"{truth.name} has neither the columns frame,ear,blink nor video,start_frame,end_frame"
        )
    blinks: dict[str, list[Span]] = {}
    for row in rows:
        span = (_number(row["start_frame"]), _number(row["end_frame"]))
        blinks.setdefault(row["video"], []).append(span)
    clips = {name: _clip(name, truth, path) for name in blinks}
    faces = LargestFace(settings)
    scores: dict[str, BlinkScore] = {}
    for name, clip in clips.items():
        progress(len(scores), len(clips))
        scores[name] = score_blinks(
            blinks_in(_lids(clip, faces, settings.max_pixels)), blinks[name]
        )
    return BlinkReport(scores)


def blinks_in(lids: Iterable[Lids]) -> list[Span]:
    """First and last frame of each blink."""
    finder = Blinks()
    frames: dict[float, int] = {}
    found = []
    for one in lids:
        frames[one.time] = one.frame
        seen = finder.see(one.time, one.left, one.right)
        if seen is not None:
            found.append((frames[seen.start], frames[seen.end]))
    return found


def _lids(clip: Path, faces: LargestFace, max_pixels: int) -> Iterator[Lids]:
    """Of the largest face of every frame."""
    surely = LivenessSettings().presence
    faces.begin()
    with open_source(clip, SourceOptions(max_pixels=max_pixels)) as source:
        for frame in source.frames():
            seen = faces.read(frame.picture)
            left = right = math.nan
            if seen is not None and seen[0].look.presence >= surely:
                left, right = seen[0].look.left, seen[0].look.right
            yield Lids(frame.index, frame.time.seconds, left, right)


def _truth_of(path: Path) -> Path:
    """The file of labels; beside a folder of clips it may lie in a folder ``blink``."""
    if path.is_file():
        return path
    for truth in (path / TRUTH, path.parent / "blink" / TRUTH):
        if truth.is_file():
            return truth
    raise SourceMissing(f"{path} has no {TRUTH}")


def _clip(name: str, truth: Path, path: Path) -> Path:
    folders = [truth.parent, truth.parent.parent / "videos"]
    folders = [path, *folders] if path.is_dir() else folders
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise SourceMissing(f"{name} is neither beside {truth.name} nor in a folder videos beside it")


def _read(truth: Path) -> tuple[set[str], list[dict[str, str]]]:
    with truth.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return set(reader.fieldnames or ()), rows


def _series(rows: list[dict[str, str]], fps: float) -> BlinkScore:
    if not fps > 0:
        raise UsageError(f"a series has more than {fps} frames a second")
    ears = [float(row["ear"]) if row["ear"] else math.nan for row in rows]
    frames = [_number(row["frame"]) for row in rows]
    lids = [Lids(n, n / fps, ear, ear) for n, ear in zip(frames, ears, strict=True)]
    shut = [frame for frame, row in zip(frames, rows, strict=True) if row["blink"] not in "0"]
    return score_blinks(blinks_in(lids), _spans(shut))


def _spans(frames: list[int]) -> list[Span]:
    """Runs of numbers that follow each other."""
    spans: list[Span] = []
    for frame in frames:
        if spans and frame == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], frame)
        else:
            spans.append((frame, frame))
    return spans


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no frame number") from error
