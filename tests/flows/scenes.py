"""Puts the pipeline together from fakes and the real trackers, and makes its rows comparable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np

from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.trackers.byte_track import ByteTrack
from personae.adapters.trackers.settings import ByteTrackSettings
from personae.adapters.trackers.single import SingleTracker
from personae.core.frame import Frame, FrameTime
from personae.core.segment import Segment
from personae.core.track import Track
from personae.flows.observe import Observer, Parts
from personae.flows.settings import ObserveSettings
from personae.ports import Tracker
from personae.testing.fakes import FakeDetector, FakeEmbedder, FakeSource
from personae.testing.script import FakePicture, Script

SETTINGS = ObserveSettings(bodies=False)
EMBEDDER = FakeEmbedder()


@dataclass(frozen=True)
class Stage:
    """The parts of the pipeline for one script, with the detectors at hand to be asked."""

    parts: Parts
    faces: FakeDetector
    bodies: FakeDetector
    embedder: FakeEmbedder


def stage(script: Script, bodies: bool = False, embed: bool = True) -> Stage:
    """Fakes that read the script; trackers are the real ones."""
    faces, figures, embedder = FakeDetector(script), FakeDetector(script, "body"), FakeEmbedder()
    track_faces: Callable[[], Tracker] = lambda: ByteTrack(ByteTrackSettings.faces())  # noqa: E731
    track_bodies: Callable[[], Tracker] = lambda: ByteTrack(ByteTrackSettings.bodies())  # noqa: E731
    parts = Parts(
        faces=faces,
        bodies=figures if bodies else None,
        embedder=embedder if embed else None,
        cutter=OpenCvCutter(),
        face_tracker=SingleTracker if script.still else track_faces,
        body_tracker=SingleTracker if script.still else track_bodies,
    )
    return Stage(parts, faces, figures, embedder)


def watched(
    script: Script, settings: ObserveSettings = SETTINGS, on: Stage | None = None
) -> Segment:
    """The whole film as one segment."""
    source = FakeSource(script)
    observer = Observer(source.info, (on or stage(script, settings.bodies)).parts, settings)
    for frame in source.frames():
        observer.feed(frame)
    return observer.end(script.length)


def frames_of(script: Script) -> Iterator[Frame]:
    """Every frame of a script."""
    for index, pts in enumerate(script.moments()):
        yield Frame(FakePicture(script, pts), index, FrameTime(pts, script.base))


def spans(tracks: list[Track], kind: str = "face") -> list[tuple[int, int]]:
    """[first, last) of the tracks of a kind, in order of time."""
    return sorted((t.first, t.last) for t in tracks if t.kind == kind)


def people(tracks: list[Track]) -> list[int]:
    """Who each face track is, by the nearest of the fake people's vectors."""
    known = np.stack([EMBEDDER.person(n) for n in range(8)])
    faces = sorted((t for t in tracks if t.vector is not None), key=lambda t: (t.first, t.number))
    return [int((known @ t.vector).argmax()) for t in faces if t.vector is not None]


def rows(segment: Segment) -> dict[str, object]:
    """Everything a segment says, in a form that compares with ``==``."""
    return {
        "number": segment.number,
        "counts": asdict(segment.counts),
        "tracks": [_row(track) for track in segment.tracks],
    }


def _row(track: Track) -> dict[str, object]:
    row = {
        name: getattr(track, name) for name in Track.__slots__ if name not in ("shots", "vector")
    }
    row["vector"] = None if track.vector is None else track.vector.tobytes()
    row["times"], row["boxes"] = track.times.tolist(), track.boxes.tolist()
    row["shots"] = [
        replace(
            shot,
            box=tuple(shot.box.tolist()),
            landmarks=None if shot.landmarks is None else shot.landmarks.tobytes(),
            crop=None if shot.crop is None else shot.crop.tobytes(),
        )
        for shot in track.shots
    ]
    return row
