"""Frames in, tracks out: THE pipeline, the same for films, photos and cameras.

Every frame is decoded and compared with the one before it (coarse brightness); a few a second are
analysed; nothing is looked at twice that did not change; cuts end all tracks; a track embeds only
its best views, when it closes, so that cost follows people and not frames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction

from personae.core.arrays import Luma, RgbImage, Vector, Vectors
from personae.core.cuts import CutDetector, unchanged
from personae.core.detections import Detections
from personae.core.frame import Frame, SourceInfo
from personae.core.segment import Segment
from personae.core.track import Track, Tracked
from personae.flows.bodies import BodyVotes
from personae.flows.collect import Collector, OpenTrack, cut_short
from personae.flows.edges import Edges
from personae.flows.fading import Fading
from personae.flows.portraits import Portraits
from personae.flows.scales import closely, scaled, shrunk
from personae.flows.settings import ObserveSettings
from personae.ports import Cutter, Detector, Embedder, Tracker


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pipeline is put together from; trackers are made anew for each segment."""

    faces: Detector
    bodies: Detector | None
    embedder: Embedder | None
    cutter: Cutter
    face_tracker: Callable[[], Tracker]
    body_tracker: Callable[[], Tracker]


class Eyes:
    """The detectors at the scales that suit a source."""

    def __init__(
        self, info: SourceInfo, parts: Parts, settings: ObserveSettings, beside: Executor
    ) -> None:
        self._info = info
        self._parts = parts
        self._size = shrunk(info.width, info.height, settings.detect_width)
        self._body_size = shrunk(info.width, info.height, settings.body_width)
        self._beside = beside

    def faces(self, frame: Frame) -> Detections:
        """Faces of a frame in full-frame pixels; a photo is searched more closely than a film."""
        if self._info.still:
            return closely(self._parts.faces, frame.picture)
        return self._seen(self._parts.faces, frame)

    def bodies(self, detector: Detector, frame: Frame) -> Future[Detections]:
        """People of a frame in full-frame pixels, looked for while other work goes on."""
        # The picture is no other thread's: only the network runs beside
        picture = frame.picture.rgb_at(*self._body_size)
        return self._beside.submit(self._found, detector, picture, self._body_size)

    def _seen(self, detector: Detector, frame: Frame) -> Detections:
        return self._found(detector, frame.picture.rgb_at(*self._size), self._size)

    def _found(self, detector: Detector, picture: RgbImage, size: tuple[int, int]) -> Detections:
        found = detector.detect([picture])[0]
        return scaled(found, size, (self._info.width, self._info.height))


class Observer:
    """Watches one segment of one source.

    Args:
        info: of the source.
        parts: detectors, embedder, trackers.
        settings: how closely to look.
        number: of the segment; it begins a film if 0.
    """

    def __init__(
        self, info: SourceInfo, parts: Parts, settings: ObserveSettings, number: int = 0
    ) -> None:
        self._info = info
        self._parts = parts
        self._settings = settings
        self.segment = Segment(number)
        self._cuts = CutDetector()
        self._faces = Collector("face", info.base, settings.shots)
        self._bodies = Collector("body", info.base, 0)
        self._face_tracker = parts.face_tracker()
        self._body_tracker = parts.body_tracker()
        self._votes = BodyVotes()
        self._portraits = Portraits(parts.cutter, parts.embedder, info.base, live=info.live)
        # Bodies and vectors: networks whose answers nothing waits for at once
        self._beside = ThreadPoolExecutor(1, "beside")
        self._eyes = Eyes(info, parts, settings, self._beside)
        # The eyes and not a method of this object: with a circle, its crops and frames would stay
        # until the collector's next round, and a long film would take the more memory
        self._edges = Edges(self._eyes.faces)
        self._fading = Fading()
        self._last_luma: Luma | None = None
        self._last_faces = Detections.none("face")
        self._last_bodies: Future[Detections] | None = None
        self._waiting: tuple[Frame, Tracked, bool] | None = None
        self._closed: list[tuple[Track, int | None, Future[Vectors | None]]] = []
        self._bodies_of: Luma | None = None
        self._slot: int | None = None
        self._turn = 0
        self._shot_begins = True
        self._late_cut: int | None = None

    def feed(self, frame: Frame) -> None:
        """The next frame of the segment."""
        luma = frame.picture.luma()
        counts = self.segment.counts
        counts.frames += 1
        self._portraits.note(frame, luma)
        self._fading.note(frame.time.pts, luma)
        if self._cuts.is_cut(luma):
            counts.cuts += 1
            self._fading.cut(frame.time.pts)
            self._end_shot(frame.time.pts)
        slot = int(frame.time.pts * self._info.base * Fraction(self._settings.fps))
        if slot == self._slot and not self._shot_begins:
            self._edges.pass_by(frame, most=12)
            return
        self._slot = slot
        self._analyse(frame, luma)

    def end(self, pts: int, boundary: bool = False) -> Segment:
        """The segment is over at ``pts`` (exclusive).

        Args:
            pts: first moment after it.
            boundary: the film goes on in the next segment with the same shot.
        """
        self._close_all(pts, boundary)
        self._finish_faces()
        if self._settings.refine:
            settled = (self._fading.settled(track) for track in self.segment.tracks)
            self.segment.tracks = [track for track in settled if track is not None]
        self._forget_missing_bodies()
        self._beside.shutdown()
        self.segment.counts.looks = self._edges.looks
        return self.segment

    def remember(self, face: int, pts: int, vector: Vector) -> None:
        """The vector of a view of an open face track, so that it is not made again."""
        self._portraits.remember(face, pts, vector)

    def cut_at(self, pts: int) -> None:
        """A cut at ``pts`` that was noticed only now: what was followed since then is given up."""
        self._late_cut = pts
        self._end_shot(pts)
        self._late_cut = None

    @property
    def open_faces(self) -> Mapping[int, OpenTrack]:
        """Faces that are followed now, by track."""
        return self._faces.open

    @property
    def open_bodies(self) -> Mapping[int, OpenTrack]:
        """Bodies that are followed now, by track."""
        return self._bodies.open

    @property
    def faces_gone(self) -> int:
        """Faces whose tracks are over, and whose views wait for the segment's end."""
        return len(self._closed)

    def body_of(self, face: int) -> int | None:
        """The body a face sits on, as far as is known."""
        return self._votes.body_of(face)

    def is_cut_to(self, frame: Frame) -> bool:
        """Whether the first frame after the segment begins a new shot."""
        return self._cuts.is_cut(frame.picture.luma())

    def _analyse(self, frame: Frame, luma: Luma) -> None:
        counts = self.segment.counts
        counts.analysed += 1
        still = (
            self._last_luma is not None
            and not self._shot_begins
            and unchanged(self._last_luma, luma)
        )
        if still:
            counts.unchanged += 1
            faces = self._last_faces
        else:
            self._last_luma = luma
            faces = self._sized(self._eyes.faces(frame))
            self._last_faces = faces
        tracked = self._face_tracker.update(frame, faces)
        self._follow_faces(frame, tracked, still)
        self._look_for_bodies(frame, tracked)
        self._give_up()
        self._edges.reset()
        self._shot_begins = False

    def _sized(self, faces: Detections) -> Detections:
        """Without the faces that are too small, which are counted."""
        large = (faces.boxes[:, 3] - faces.boxes[:, 1]) >= self._settings.min_face
        self.segment.counts.too_small += int((~large).sum())
        self.segment.counts.faces += int(large.sum())
        return faces.take(large)

    def _follow_faces(self, frame: Frame, tracked: Tracked, still: bool) -> None:
        pts = frame.time.pts
        at_start = self.segment.counts.analysed == 1 and self.segment.number > 0
        new, missed = self._faces.add(tracked, pts, opened=at_start)
        refine = self._settings.refine and not self._shot_begins
        if refine:
            for track in new:
                track.first = self._edges.start_of(track.last_box, pts)
        for track_id in missed:
            track = self._faces.open[track_id]
            track.gone = self._edges.end_of(track.last_box, pts) if refine else pts
        if not still and not self._settings.anonymous:
            self._portraits.gather(frame, tracked, self._faces.open)

    def _look_for_bodies(self, frame: Frame, faces: Tracked) -> None:
        detector = self._parts.bodies
        self._turn = 0 if self._shot_begins else self._turn + 1
        if detector is None or (self._turn % self._settings.body_every):
            return
        self._take_bodies()
        # While nothing changes the bodies stay, too: a tracker that is told nothing for long
        # would take them for others afterwards
        if self._bodies_of is not self._last_luma:
            self._bodies_of = self._last_luma
            self.segment.counts.crowd_looks += self._settings.for_crowds
            self._last_bodies = self._eyes.bodies(detector, frame)
        opened = self.segment.counts.analysed == 1 and self.segment.number > 0
        self._waiting = (frame, faces, opened)

    def _take_bodies(self) -> None:
        """Follows the bodies that were looked for last, always at the same point of the film."""
        if self._waiting is None or self._last_bodies is None:
            return
        (frame, faces, opened), self._waiting = self._waiting, None
        tracked = self._body_tracker.update(frame, self._last_bodies.result())
        _, missed = self._bodies.add(tracked, frame.time.pts, opened)
        for track_id in missed:
            self._bodies.open[track_id].gone = frame.time.pts
        self._votes.count(faces, tracked)

    def _give_up(self) -> None:
        pairs = ((self._face_tracker, self._faces), (self._body_tracker, self._bodies))
        for tracker, collector in pairs:
            for track_id in tracker.lost().tolist():
                self._keep(collector.close(track_id, 0))
            for track_id in tracker.rejected().tolist():
                collector.drop(track_id)

    def _end_shot(self, pts: int) -> None:
        self._close_all(pts, boundary=False)
        self._edges.reset()
        self._shot_begins = True

    def _close_all(self, pts: int, boundary: bool) -> None:
        self._take_bodies()
        pairs = ((self._face_tracker, self._faces), (self._body_tracker, self._bodies))
        for tracker, collector in pairs:
            for track_id in tracker.finish().tolist():
                self._keep(collector.close(track_id, pts, boundary))
        self._give_up()

    def _forget_missing_bodies(self) -> None:
        """A body that was never confirmed is no track; faces that sat on it sit on none."""
        bodies = {track.number for track in self.segment.tracks if track.kind == "body"}
        self.segment.tracks = [
            track if track.body is None or track.body in bodies else replace(track, body=None)
            for track in self.segment.tracks
        ]

    def _keep(self, track: Track | None) -> None:
        if track is None:
            return
        if self._late_cut is not None:
            if track.first >= self._late_cut:
                return
            track = cut_short(track, track.first, self._late_cut)
        if track.kind == "body":
            self.segment.tracks.append(track)
            return
        body = self._votes.body_of(track.number)
        vectors = self._beside.submit(self._portraits.vectors, track)
        self._closed.append((track, body, vectors))

    def _finish_faces(self) -> None:
        for track, body, vectors in self._closed:
            for part in self._portraits.finish(track, vectors.result()):
                self.segment.tracks.append(part.numbered(track.number, body))
        self._closed.clear()
