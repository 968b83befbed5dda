"""Fakes that fit the sockets: they read a script off the pixels, fast, exactly, with no model.

Together with ``personae.testing.script`` they let a flow or a plug-in be tested against films whose
truth is known to the frame. None of them is ever imported by the program itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Self

import numpy as np

from personae.core.arrays import Crop, Crops, Doubles, RgbImage, Vector, Vectors
from personae.core.detections import Detections, Kind
from personae.core.embedding import Space, unit
from personae.core.errors import DeliveryError, SourceTruncated, SourceUnreadable
from personae.core.events import Alert
from personae.core.frame import Frame, FrameTime, SourceInfo
from personae.core.geometry import iou
from personae.core.records import Run
from personae.core.segment import Counts, Segment
from personae.core.track import Track
from personae.testing.script import COLOURS, FakePicture, Script, time_of

SAME_PLACE = 0.4
"""Least overlap of two boxes on either side of a segment's end that are one track."""


class FakeSource:
    """A scripted film as a FrameSource."""

    def __init__(self, script: Script, name: str = "scripted film") -> None:
        self.script = script
        self._name = name
        self._closed = False

    @property
    def info(self) -> SourceInfo:
        """What the script says of itself."""
        script = self.script
        return SourceInfo(
            name=self._name,
            width=script.size[0],
            height=script.size[1],
            base=script.base,
            duration=None if script.still else float(script.length * script.base),
            fps=script.fps,
            still=script.still,
            live=False,
        )

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """Frames from the last one at or before ``start`` seconds on.

        Raises:
            SourceTruncated: the script breaks here.
            SourceUnreadable: the source was closed.
        """
        moments = self.script.moments()
        before = sum(1 for pts in moments if pts * self.script.base <= start)
        for index, pts in enumerate(moments[max(before - 1, 0) :]):
            if self._closed:
                raise SourceUnreadable(f"{self._name} is closed")
            if self.script.breaks_at is not None and pts >= self.script.breaks_at:
                raise SourceTruncated(f"{self._name} breaks off")
            yield Frame(FakePicture(self.script, pts), index, FrameTime(pts, self.script.base))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._closed = True


@dataclass(slots=True)
class FakeDetector:
    """Finds what the script says is there; reads the time off the picture it is shown.

    Attributes:
        script: the film that the pictures come from.
        kind: face or body.
        least: height in pixels of the picture given below which nothing is found.
        seen: PTS of every picture it was asked about, in order.
    """

    script: Script
    kind: Kind = "face"
    least: float = 6.0
    seen: list[int] = field(default_factory=list)

    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        """One answer a picture, in its pixels."""
        return [self._one(picture) for picture in pictures]

    def _one(self, picture: RgbImage) -> Detections:
        pts = time_of(picture)
        self.seen.append(pts)
        actors = self.script.visible(pts, self.kind)
        if not actors:
            return Detections.none(self.kind)
        scale = np.array(picture.shape[1::-1]) / np.array(self.script.size)
        face = self.kind == "face"
        boxes = np.stack([a.face(pts) if face else a.figure(pts) for a in actors])
        marks = np.stack([a.landmarks(pts) for a in actors])
        found = Detections(
            self.kind,
            np.asarray(boxes * np.tile(scale, 2), np.float32),
            np.array([a.score for a in actors], np.float32),
            np.asarray(marks * scale, np.float32) if face else None,
        )
        return found.take(found.boxes[:, 3] - found.boxes[:, 1] >= self.least)


@dataclass(slots=True)
class FakeEmbedder:
    """One vector a person plus a little noise; the same crop always gives the same vector.

    Attributes:
        size: numbers in a vector.
        noise: length of the noise against the vector's 1.
        crop_size: side of the crops it takes.
        embedded: how many crops it was given.
    """

    size: int = 64
    noise: float = 0.2
    crop_size: int = 112
    embedded: int = 0

    @property
    def space(self) -> Space:
        """Where the vectors live."""
        return Space("fake", "0123456789abcdef", self.size)

    def embed(self, crops: Crops) -> Vectors:
        """(N, h, w, 3) RGB in, (N, D) unit rows out."""
        self.embedded += len(crops)
        if not len(crops):
            return np.zeros((0, self.size), np.float32)
        return np.stack([self._one(crop) for crop in crops])

    def person(self, number: int) -> Vector:
        """(D,) the vector of a person without noise; those of two people have cosine 0."""
        return unit(_axes(self.size)[number])

    def _one(self, crop: Crop) -> Vector:
        edge = len(crop) // 4
        mean = crop[edge:-edge, edge:-edge].reshape(-1, 3).mean(0)
        nearest = int(((np.array(COLOURS) - mean) ** 2).sum(1).argmin())
        grain = np.random.default_rng(int(crop.astype(np.int64).sum()))
        direction = unit(grain.standard_normal(self.size))
        return unit(self.person(nearest) + self.noise * direction)


@lru_cache(maxsize=8)
def _axes(size: int) -> Doubles:
    """(size, size) rows at right angles, each with all numbers different from 0."""
    return np.asarray(np.linalg.qr(np.random.default_rng(1).standard_normal((size, size)))[0])


class FakeCutter:
    """Cuts crops by taking the nearest pixel; what lies outside the picture is black."""

    def cut(self, picture: RgbImage, maps: Sequence[Doubles], size: int) -> Crops:
        """(N, size, size, 3) RGB; each (2, 3) map takes picture pixels to crop pixels."""
        crops = np.zeros((len(maps), size * size, 3), np.uint8)
        places = np.mgrid[:size, :size][::-1].reshape(2, -1).astype(np.float32)
        height, width = picture.shape[:2]
        for crop, matrix in zip(crops, maps, strict=True):
            back = np.linalg.inv(matrix[:, :2]).astype(np.float32)
            shift = (back @ matrix[:, 2:]).astype(np.float32)
            across, down = np.rint(back @ places - shift).astype(np.int32)
            known = (across >= 0) & (across < width) & (down >= 0) & (down < height)
            crop[known] = picture[down[known], across[known]]
        return crops.reshape(-1, size, size, 3)

    def jpeg(self, crop: Crop) -> bytes:
        """The crop's pixels between the marks that a JPEG file begins and ends with."""
        return b"\xff\xd8" + crop.tobytes() + b"\xff\xd9"


@dataclass(slots=True)
class KeptRun:
    """One run as the memory store holds it."""

    run: Run
    segments: list[Segment] = field(default_factory=list)


class MemoryRuns:
    """A RunStore that forgets everything when the process ends.

    Attributes:
        runs: every run by its number.
        length: of each medium, PTS, as the last finished run told it.
    """

    def __init__(self) -> None:
        self.runs: dict[int, KeptRun] = {}
        self.length: dict[int, int] = {}
        self._next = 1

    def begin(self, media_id: int, settings: str) -> Run:
        """The hidden run to go on with; half-done work of other settings is dropped."""
        for number, kept in list(self.runs.items()):
            if kept.run.media == media_id and kept.run.state == "hidden":
                if kept.run.settings == settings:
                    return kept.run
                del self.runs[number]
        run = Run(self._next, media_id, settings, "hidden", 0)
        self._next += 1
        self.runs[run.id] = KeptRun(run)
        return run

    def shown(self, media_id: int, settings: str) -> bool:
        """Whether a finished analysis with these settings is shown."""
        return any(
            kept.run.media == media_id
            and kept.run.settings == settings
            and kept.run.state == "shown"
            for kept in self.runs.values()
        )

    def keep(self, run_id: int, segment: Segment) -> None:
        """Adds a finished segment unless it is there already."""
        kept = self.runs[run_id]
        if kept.run.segments > segment.number:
            return
        kept.segments.append(segment)
        kept.run = replace(kept.run, segments=segment.number + 1)

    def finish(self, run_id: int, length: int | None, room: int) -> dict[str, int]:
        """Shows the run in place of the former one; answers its counts."""
        kept = self.runs[run_id]
        media = kept.run.media
        kept.run = replace(kept.run, state="shown")
        self.runs = {
            number: other
            for number, other in self.runs.items()
            if other.run.media != media or number == run_id
        }
        if length is not None:
            self.length[media] = length
        counts = asdict(Counts())
        for segment in kept.segments:
            counts = {name: n + counts[name] for name, n in asdict(segment.counts).items()}
        kinds = [track.kind for track in stitched(kept.segments, room)]
        return {**counts, "face_tracks": kinds.count("face"), "body_tracks": kinds.count("body")}

    def discard(self, run_id: int) -> None:
        """Drops a run that gave nothing."""
        self.runs.pop(run_id)


def stitched(segments: Sequence[Segment], room: int = 4) -> list[Track]:
    """The tracks of a run, with those joined that go over the end of a segment.

    A face's ``body`` keeps meaning the number within its first segment.
    """
    done: list[Track] = []
    running: list[Track] = []
    last = -1
    for segment in segments:
        if segment.number != last + 1:
            done += running
            running = []
        ends = running
        running = []
        for track in segment.tracks:
            before = _before(ends, track)
            if before is not None:
                ends = [other for other in ends if other is not before]
                track = _joined(before, track, room)
            (running if track.closed else done).append(track)
        done += ends
        last = segment.number
    return sorted([*done, *running], key=lambda t: (t.first, t.kind, t.number))


def _before(ends: Sequence[Track], track: Track) -> Track | None:
    fits = [
        (float(iou(end.boxes[-1:], track.boxes[:1])[0, 0]), -i)
        for i, end in enumerate(ends)
        if end.kind == track.kind and track.opened
    ]
    best = max(fits, default=(0.0, 0))
    return ends[-best[1]] if best[0] >= SAME_PLACE else None


def _joined(before: Track, after: Track, room: int) -> Track:
    shots = sorted(before.shots + after.shots, key=lambda s: (-s.quality.total, s.pts))
    vectors = [t.vector * len(t.shots) for t in (before, after) if t.vector is not None]
    return replace(
        before,
        last=after.last,
        times=np.concatenate([before.times, after.times]),
        boxes=np.concatenate([before.boxes, after.boxes]),
        shots=tuple(shots[:room]),
        vector=unit(np.sum(vectors, 0)) if vectors else None,
        space=before.space or after.space,
        quality=max(before.quality, after.quality),
        closed=after.closed,
    )


class FakeNotifier:
    """Keeps what it is told; ``failures`` are raised first, one an alert."""

    def __init__(self, failures: Sequence[Exception] = ()) -> None:
        self.told: list[Alert] = []
        self.closed = False
        self._failures = list(failures)

    def send(self, alert: Alert) -> None:
        """Keeps it.

        Raises:
            DeliveryError: it was closed; besides whatever it was made with.
        """
        if self.closed:
            raise DeliveryError("closed")
        if self._failures:
            raise self._failures.pop(0)
        self.told.append(alert)

    def close(self) -> None:
        """Takes nothing more."""
        self.closed = True
