"""Writes what cameras saw into the library, in a thread of its own, and gives faces to people."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from personae.adapters.stores.library import SqliteStore
from personae.core.errors import PersonaeError, UnknownPerson
from personae.core.records import Media
from personae.core.segment import Segment
from personae.core.track import Track
from personae.flows.living_gallery import LivingGallery
from personae.flows.recognise import Candidate
from personae.flows.watch import Piece, Told, WatchSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A face that was kept.

    Attributes:
        person: whose it is; None where it stays with nobody.
        fresh: the person was made for it.
    """

    camera: str
    sighting: int
    person: int | None
    fresh: bool


class Recorder:
    """Keeps pieces in their order; recognition never waits for the disk.

    Args:
        store: of the library.
        settings: of the watch.
        gallery: the people as they are now; this recorder's own.
        told: is told of every face that was kept.
    """

    def __init__(
        self,
        store: SqliteStore,
        settings: WatchSettings,
        gallery: LivingGallery,
        told: Callable[[Recorded], None],
    ) -> None:
        self._store = store
        self._settings = settings
        self._gallery = gallery
        self._known = gallery.now()
        self._told = told
        self._box: queue.Queue[tuple[str, Media, Piece, int] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def keep(self, camera: str, medium: Media, piece: Piece, until: int) -> None:
        """Has a piece kept soon; ``until`` in milliseconds since 1970."""
        self._box.put((camera, medium, piece, until))

    def close(self) -> None:
        """Writes what is left, and ends."""
        self._box.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while (item := self._box.get()) is not None:
            try:
                self._record(*item)
            except PersonaeError as error:
                self._gallery.forget()
                log.warning("a piece of camera %s is lost: %s", item[0], error)

    def _record(self, camera: str, medium: Media, piece: Piece, until: int) -> None:
        self._known = self._gallery.now()
        origin = medium.captured_at or 0
        segment = _shifted(piece.segment, origin)
        faces = [track for track in segment.tracks if track.kind == "face"]
        kept = []
        # A process that ends in between leaves no face that nobody was asked about
        with self._store.together():
            # Whoever is there at the last look is there a little longer
            end = max((track.last for track in segment.tracks), default=0)
            ids = self._store.presence.keep(medium, segment, max(until - origin, end))
            for sighting, track in zip(ids, faces, strict=True):
                kept.append(Recorded(camera, sighting, *self._settle(sighting, track, piece)))
        for one in kept:
            self._told(one)

    def _settle(self, sighting: int, track: Track, piece: Piece) -> tuple[int | None, bool]:
        """Whose face it is: as was told, or as the whole track says, or a new profile's."""
        told = piece.told.get(track.number)
        if told is not None and told.live == "spoof suspected":
            return None, False
        for what_was_told in (told, None):
            candidate = self._candidate(what_was_told, track)
            if candidate is None:
                break
            number, score = candidate.person.id, round(candidate.score, 4)
            try:
                self._store.people.assign([sighting], number, "match", {sighting: score})
            except UnknownPerson:
                # Merged or gone in this very moment: who it is now is looked up once more
                self._known = self._gallery.now()
                continue
            return number, False
        alive = told is not None and told.live == "live"
        if track.vector is None or not self._is_profile(track, alive):
            return None, False
        made = self._store.profiles.make(sighting)
        # The next face of this piece may be the same stranger's
        self._known = self._gallery.now()
        return made, True

    def _candidate(self, told: Told | None, track: Track) -> Candidate | None:
        """Who was told, while there is such a person; else who the whole track is like."""
        gallery = self._known
        candidate = told.candidate if told is not None else None
        # What was told of a track need not hold for each part of it
        if candidate is not None and gallery.may_be(candidate.person.id, track):
            return candidate
        if track.vector is None:
            return None
        best = gallery.best(track.vector, len(track.shots))
        sure = [c for c in best[:1] if c.fmr <= self._settings.fmr]
        return sure[0] if sure else None

    def _is_profile(self, track: Track, alive: bool) -> bool:
        """Whether an unknown face was seen long and well enough, and alive where that counts."""
        settings = self._settings
        return (
            (alive or not settings.liveness)
            and track.seconds >= settings.profile_s
            and track.quality >= settings.profile_quality
        )


def _shifted(segment: Segment, origin: int) -> Segment:
    """The same with times counted from the camera's beginning."""
    tracks = [
        replace(
            track,
            first=track.first - origin,
            last=track.last - origin,
            times=track.times - origin,
            shots=tuple(replace(shot, pts=shot.pts - origin) for shot in track.shots),
        )
        for track in segment.tracks
    ]
    return Segment(segment.number, tracks, segment.counts)
