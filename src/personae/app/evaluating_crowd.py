"""``evaluate crowd``: people counted in a film, compared with MOTChallenge's truth."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.stores.traces import traces
from personae.app.evaluating_tracking import scale_of
from personae.app.indexing import Watch
from personae.app.library import Library
from personae.app.settings import Settings
from personae.core.arrays import Doubles, Ids
from personae.core.errors import UsageError
from personae.core.frame import SourceInfo
from personae.flows.crowd import counted, shrink_of
from personae.flows.evaluation.crowd import (
    CountScore,
    Seen,
    counts,
    held_out,
    pedestrians,
    score_counts,
    shrunk,
)
from personae.flows.evaluation.moments import Boxed
from personae.flows.evaluation.mot_files import read_mot
from personae.flows.expected import FOR_CROWDS
from personae.flows.standing import Stand, standing

FOLDS = (2, 3, 5)
WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class CountReport:
    """What came of counting people.

    Attributes:
        people: the count that reports give, smoothed.
        followed: people followed, nothing added or taken off.
        held_out: by the number of stretches: expected people where what boxes mean was learnt on
            the other stretches of this film only; empty without ``--crowd``.
        source: what the weights that reports use were measured on.
    """

    people: CountScore
    followed: CountScore
    held_out: dict[int, CountScore]
    source: str

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate crowd --json``."""
        return self.people.as_json() | {
            "followed": self.followed.as_json(),
            "held_out": {str(k): one.as_json() for k, one in self.held_out.items()},
            "weights_from": self.source,
        }


def crowd(
    video: Path,
    truth_file: Path,
    settings: Settings,
    *,
    truth_size: tuple[int, int] | None = None,
    for_crowds: bool = True,
    watch: Watch = lambda jobs, total: None,
) -> CountReport:
    """Indexes a film as ``index --anonymous --crowd`` does and scores the counts.

    Args:
        video: the film.
        truth_file: MOTChallenge's ``gt.txt``; frames count from 1.
        settings: models, workers.
        truth_size: (width, height) of the pictures the truth was drawn on; None: the film's.
        for_crowds: False looks as ``index`` does by itself.
        watch: is told how indexing goes.

    Raises:
        SourceError: a file is missing or unreadable.
        UsageError: the truth does not fit the film.
    """
    truth = read_mot(truth_file)
    if not len(truth.boxed):
        raise UsageError(f"{truth_file} holds no boxes")
    info, times = _moments(video, int(truth.boxed.frames.max()))
    people = pedestrians(truth)
    scale = scale_of(info, truth, truth_size)
    people = replace(people, boxes=(people.boxes - 1) * np.tile(scale, 2))
    observe = replace(settings.observe, anonymous=True)
    observe = observe.crowd() if for_crowds else observe
    with tempfile.TemporaryDirectory(prefix="personae-crowd-") as folder:
        changes = {"library": Path(folder), "observe": observe}
        with Library(settings.model_copy(update=changes)) as lib:
            failed = lib.index([video], watch=watch).failed
            if failed:
                raise UsageError(f"{video} cannot be indexed: {failed[0].message}")
            media = lib.media()[0]
            seen = traces(lib.store.engine, media.id)
    frames = np.arange(1, len(times) + 1)
    shrink = shrink_of(media)
    stands = standing(seen, times, FOR_CROWDS if for_crowds else None, shrink)
    series, true = counted(stands, times, WINDOW_S), counts(people, frames)
    stretches: dict[int, CountScore] = {}
    if for_crowds:
        boxes = _boxes(stands, shrink)
        on_searched = shrunk(people, shrink)
        stretches = {
            folds: held_out(boxes, on_searched, frames, times, folds, WINDOW_S) for folds in FOLDS
        }
    return CountReport(
        score_counts(series.smooth, true),
        score_counts(series.counted, true),
        stretches,
        FOR_CROWDS.source if for_crowds else "none",
    )


def _moments(video: Path, last: int) -> tuple[SourceInfo, Doubles]:
    """Seconds of the first frames, so many as the truth speaks of."""
    with open_source(video, SourceOptions()) as source:
        seconds: list[float] = []
        for frame in source.frames():
            if len(seconds) == last:
                break
            seconds.append(frame.time.seconds)
        return source.info, np.array(seconds, np.float64)


def _boxes(stands: list[Stand], shrink: float) -> Seen:
    """Bodies as rows, on the pictures that were searched."""
    bodies = [one for one in stands if one.trace.kind == "body"]
    rows = [(int(m) + 1, one.trace.id) for one in bodies for m in one.moments]
    table: Ids = np.array(rows, np.int64).reshape(-1, 2)
    boxes = [one.boxes.astype(np.float64) * shrink for one in bodies]
    scores = [np.full(len(one.moments), one.trace.quality) for one in bodies]
    return Seen(
        Boxed(table[:, 0].copy(), table[:, 1].copy(), np.concatenate([np.empty((0, 4)), *boxes])),
        np.concatenate([np.empty(0), *scores]),
    )
