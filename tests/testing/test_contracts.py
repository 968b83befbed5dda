"""The contract checks pass what keeps its word and catch what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from personae.adapters.indexes.faiss import FaissIndex
from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.single import SingleTracker
from personae.core.arrays import Crops, Doubles, Ids, RgbImage, Vectors
from personae.core.detections import Detections
from personae.core.embedding import Matches, Space
from personae.core.frame import Frame, FrameTime
from personae.core.records import Run
from personae.core.segment import Segment
from personae.core.track import Tracked
from personae.testing import contracts
from personae.testing.contracts import ContractBroken
from personae.testing.fakes import FakeCutter, FakeDetector, FakeEmbedder, FakeSource, MemoryRuns
from personae.testing.script import Actor, FakePicture, Script

FILM = Script((Actor(0, 5, 30), Actor(1, 10, 40, (60, 60, 40), body=True)), 40)
PICTURES = [FakePicture(FILM, pts).rgb() for pts in (0, 8, 20)]


class Late(FakeSource):
    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        for frame in super().frames(start):
            yield replace(frame, time=FrameTime(frame.time.pts + 1, frame.time.base))


class Deaf(FakeSource):
    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        return super().frames(0.0)


class Ending(FakeSource):
    def __exit__(self, *failure: object) -> None:
        """Stays open."""


class OnlyOne(FakeDetector):
    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        return super().detect(pictures[-1:])


class Backwards(FakeDetector):
    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        return super().detect(pictures[::-1])


class Elsewhere(FakeDetector):
    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        found = super().detect(pictures)
        return [replace(f, boxes=(f.boxes * 9).astype(np.float32)) for f in found]


class Blind(FakeDetector):
    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        return [Detections.none(self.kind) for _ in pictures]


class Long(FakeEmbedder):
    def embed(self, crops: Crops) -> Vectors:
        return 2 * super().embed(crops)


class Shuffling(FakeEmbedder):
    def embed(self, crops: Crops) -> Vectors:
        rows = super().embed(crops)
        return rows[np.argsort(rows[:, 0])]


class Mean(FakeEmbedder):
    """Subtracts the batch's mean, so that a crop alone gives something else."""

    def embed(self, crops: Crops) -> Vectors:
        rows = super().embed(crops)
        less = rows - 0.5 * rows.mean(0) if len(rows) else rows
        return (less / np.linalg.norm(less, axis=1, keepdims=True)).astype(np.float32)


class Inverse(FakeCutter):
    def cut(self, picture: RgbImage, maps: Sequence[Doubles], size: int) -> Crops:
        back = [np.hstack([np.linalg.inv(m[:, :2]), -m[:, 2:]]) for m in maps]
        return super().cut(picture, back, size)


class Swapped(FakeCutter):
    def cut(self, picture: RgbImage, maps: Sequence[Doubles], size: int) -> Crops:
        return super().cut(picture, maps, size)[..., ::-1]


class Forgetful(ByteTrack):
    def finish(self) -> Ids:
        return super().finish()[:0]


class SameIds(SingleTracker):
    def update(self, frame: Frame, detections: Detections) -> Tracked:
        super().update(frame, detections)
        return Tracked(detections, np.zeros(len(detections), np.int64))


class Twice(MemoryRuns):
    def keep(self, run_id: int, segment: Segment) -> None:
        kept = self.runs[run_id]
        kept.segments.append(segment)
        kept.run = replace(kept.run, segments=max(kept.run.segments, segment.number + 1))


class Hasty(MemoryRuns):
    def shown(self, media_id: int, settings: str) -> bool:
        return any(kept.run.media == media_id for kept in self.runs.values())


class Anew(MemoryRuns):
    def begin(self, media_id: int, settings: str) -> Run:
        for number, kept in list(self.runs.items()):
            if kept.run.state == "hidden":
                del self.runs[number]
        return super().begin(media_id, settings)


class Clinging(FaissIndex):
    def apply(self, ids: Ids, vectors: Vectors, removed: Ids, cursor: int) -> None:
        super().apply(ids, vectors, removed[:0], cursor)


class AnySpace(FaissIndex):
    def search(self, space: Space, questions: Vectors, k: int, allowed: Ids | None) -> Matches:
        return super().search(self.space, questions, k, allowed)


KEPT: dict[str, Callable[[], None]] = {
    "picture": lambda: contracts.check_picture(FakePicture(FILM, 7)),
    "film": lambda: contracts.check_source(lambda: FakeSource(FILM)),
    "uneven film": lambda: contracts.check_source(
        lambda: FakeSource(replace(FILM, times=(0, 1, 7, 8, 30)))
    ),
    "photo": lambda: contracts.check_source(
        lambda: FakeSource(Script((Actor(0, 0, 1),), 1, still=True, fps=None))
    ),
    "faces": lambda: contracts.check_detector(FakeDetector(FILM), PICTURES),
    "bodies": lambda: contracts.check_detector(FakeDetector(FILM, "body"), PICTURES),
    "embedder": lambda: contracts.check_embedder(FakeEmbedder()),
    "fake cutter": lambda: contracts.check_cutter(FakeCutter()),
    "cutter": lambda: contracts.check_cutter(OpenCvCutter()),
    "ByteTrack": lambda: contracts.check_tracker(ByteTrack),
    "single": lambda: contracts.check_tracker(SingleTracker),
    "runs": lambda: contracts.check_run_store(MemoryRuns(), 1, 2),
    "index": lambda: contracts.check_vector_index(FaissIndex),
}
BROKEN: dict[str, tuple[Callable[[], None], str]] = {
    "late": (lambda: contracts.check_source(lambda: Late(FILM)), "first frame must be at 0"),
    "deaf": (lambda: contracts.check_source(lambda: Deaf(FILM)), "must begin with the last frame"),
    "ending": (lambda: contracts.check_source(lambda: Ending(FILM)), "closed source must raise"),
    "empty": (lambda: contracts.check_source(lambda: FakeSource(Script((), 0))), "at least one"),
    "one answer": (lambda: contracts.check_detector(OnlyOne(FILM), PICTURES), "as many answers"),
    "backwards": (lambda: contracts.check_detector(Backwards(FILM), PICTURES), "in a batch"),
    "elsewhere": (lambda: contracts.check_detector(Elsewhere(FILM), PICTURES), "in pixels of"),
    "blind": (lambda: contracts.check_detector(Blind(FILM), PICTURES), "nothing was found"),
    "long": (lambda: contracts.check_embedder(Long()), "length 1"),
    "shuffling": (lambda: contracts.check_embedder(Shuffling()), "must be the same"),
    "mean": (lambda: contracts.check_embedder(Mean()), "must be the same"),
    "inverse": (lambda: contracts.check_cutter(Inverse()), "must be there"),
    "swapped": (lambda: contracts.check_cutter(Swapped()), "must be there"),
    "forgetful": (lambda: contracts.check_tracker(Forgetful), "must leave once each"),
    "same ids": (lambda: contracts.check_tracker(SameIds), "may have one id"),
    "shared": (lambda: contracts.check_tracker(lambda: SHARED), "share no state"),
    "twice": (lambda: contracts.check_run_store(Twice(), 1, 2), "count once"),
    "hasty": (lambda: contracts.check_run_store(Hasty(), 1, 2), "must not be shown"),
    "anew": (lambda: contracts.check_run_store(Anew(), 1, 2), "go on after the last"),
    "clinging": (lambda: contracts.check_vector_index(Clinging), "nearest must be found"),
    "any space": (lambda: contracts.check_vector_index(AnySpace), "must be refused"),
}
SHARED = ByteTrack()


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_word_is_believed(name: str) -> None:
    KEPT[name]()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_word_is_noticed(name: str) -> None:
    check, said = BROKEN[name]
    with pytest.raises(ContractBroken, match=said):
        check()
