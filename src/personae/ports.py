"""The sockets: everything that can be replaced, on one page.

An adapter fits a socket by having these methods; it need not import this module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Protocol, Self, TypeVar, runtime_checkable

from personae.core.arrays import Crop, Crops, Doubles, Ids, RgbImage, Vectors
from personae.core.detections import Detections, Kind
from personae.core.embedding import Matches, Space
from personae.core.events import Alert
from personae.core.frame import Frame, SourceInfo
from personae.core.live import LiveStatus
from personae.core.records import (
    Act,
    AssignedBy,
    Constraint,
    FaceVector,
    Job,
    Media,
    Path,
    PeopleChanges,
    Person,
    PersonKind,
    Run,
    Sighting,
    Template,
)
from personae.core.segment import Segment
from personae.core.track import Tracked

Columns = TypeVar("Columns", covariant=True)


class FrameSource(Protocol):
    """Frames in order of time. StopIteration is the end; SourceError is failure, never the end."""

    @property
    def info(self) -> SourceInfo:
        """What is known before the first frame."""
        ...

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """Frames from the last one at or before ``start`` seconds on."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *failure: object) -> None: ...


class Detector(Protocol):
    """Finds one kind of thing in pictures; boxes come back in pixels of the picture given."""

    @property
    def kind(self) -> Kind:
        """Face or body."""
        ...

    def detect(self, pictures: Sequence[RgbImage]) -> list[Detections]:
        """One answer a picture, in order."""
        ...


class Embedder(Protocol):
    """Turns aligned crops into unit vectors of one space."""

    @property
    def space(self) -> Space:
        """Where the vectors live."""
        ...

    @property
    def crop_size(self) -> int:
        """Side of the square crops it takes."""
        ...

    def embed(self, crops: Crops) -> Vectors:
        """(N, h, w, 3) RGB in, (N, D) unit rows out."""
        ...


class Analyser(Protocol[Columns]):
    """Reads something off aligned crops: age, presented gender, eye openness, spoof score."""

    @property
    def name(self) -> str:
        """The model's versioned name."""
        ...

    def read(self, crops: Crops) -> Columns:
        """Typed columns, one row a crop."""
        ...


class Tracker(Protocol):
    """Follows detections of one source through time; no state is shared between instances."""

    def update(self, frame: Frame, detections: Detections) -> Tracked:
        """Detections of the next frame with the track of each, -1 while unconfirmed."""
        ...

    def lost(self) -> Ids:
        """Tracks given up since the last call."""
        ...

    def rejected(self) -> Ids:
        """Tracks given up since the last call that were never confirmed."""
        ...

    def finish(self) -> Ids:
        """Ends all tracks that are still open (a cut, or the end) and says which."""
        ...


class Cutter(Protocol):
    """Cuts upright crops out of pictures."""

    def cut(self, picture: RgbImage, maps: Sequence[Doubles], size: int) -> Crops:
        """(N, size, size, 3) RGB; each (2, 3) map takes picture pixels to crop pixels."""
        ...

    def jpeg(self, crop: Crop) -> bytes:
        """The crop as a JPEG file's bytes."""
        ...


class VectorIndex(Protocol):
    """Finds the nearest vectors; follows the store, never leads it."""

    @property
    def space(self) -> Space:
        """The only space it holds."""
        ...

    @property
    def cursor(self) -> int:
        """The last change of the store it has seen."""
        ...

    def apply(self, ids: Ids, vectors: Vectors, removed: Ids, cursor: int) -> None:
        """Adds or replaces ``ids`` with ``vectors``, drops ``removed``, moves the cursor."""
        ...

    def search(self, space: Space, questions: Vectors, k: int, allowed: Ids | None) -> Matches:
        """The ``k`` best of each question, among ``allowed`` ids only where given."""
        ...


class MediaStore(Protocol):
    """Contents and the places they lie at."""

    def add(self, path: FilePath, sha256: str, info: SourceInfo, collection: str | None) -> Media:
        """The medium with this content, made if it is new; its place is noted."""
        ...

    def done_at(self, path: FilePath, settings: str) -> bool:
        """Whether the very file at this place was analysed with these settings."""
        ...

    def by_sha(self, sha256: str) -> Media | None:
        """The medium with this content."""
        ...

    def get(self, media_id: int) -> Media | None:
        """The medium with this number."""
        ...

    def shown(self) -> list[Media]:
        """All media with a finished analysis."""
        ...

    def remove(self, media_id: int) -> None:
        """Forgets a medium and all that was found in it."""
        ...


class RunStore(Protocol):
    """Analyses: hidden while they grow, then shown in place of the former one."""

    def begin(self, media_id: int, settings: str) -> Run:
        """The hidden run to go on with."""
        ...

    def shown(self, media_id: int, settings: str) -> bool:
        """Whether a finished analysis with these settings is shown."""
        ...

    def keep(self, run_id: int, segment: Segment) -> None:
        """Adds a finished segment; all of it or nothing."""
        ...

    def finish(self, run_id: int, length: int | None, room: int) -> dict[str, int]:
        """Shows the run in place of the former one, in one transaction."""
        ...

    def discard(self, run_id: int) -> None:
        """Drops a run that gave nothing, and its medium if it has no other."""
        ...


class SightingStore(Protocol):
    """What was seen, in analyses that are shown."""

    def all(
        self, *, media_ids: Sequence[int] | None = None, person: int | None = None
    ) -> list[Sighting]:
        """Sightings by medium and time."""
        ...

    def around(self, person: int) -> list[Sighting]:
        """A person's faces, the bodies that carry them, and all faces on those bodies."""
        ...

    def vectors(self, wanted: Space, persons: Collection[int] | None = None) -> list[FaceVector]:
        """Every face vector of a space; of these people only if given."""
        ...

    def path(self, sighting_id: int) -> Path | None:
        """Where a sighting was."""
        ...

    def best_crop(self, sightings: Iterable[int]) -> bytes | None:
        """JPEG of the best view of any of these sightings."""
        ...

    def generation(self) -> int:
        """Grows whenever vectors come or go."""
        ...


class PeopleStore(Protocol):
    """People and what belongs to them."""

    def all(self) -> list[Person]:
        """Everybody with their counts."""
        ...

    def one(self, person_id: int) -> Person | None:
        """The person of this number with their counts."""
        ...

    def some(self, persons: Collection[int] | None) -> list[Person]:
        """These people, or everybody, without their counts."""
        ...

    def changes(self, since: int) -> PeopleChanges:
        """Who changed after the change of this number (of an earlier answer; 0 for none)."""
        ...

    def create(self, name: str | None, kind: PersonKind, gender: str) -> int:
        """A new person; their number."""
        ...

    def found(self, groups: Sequence[Mapping[int, float]]) -> int:
        """A new unnamed person for each group of sightings with their scores; how many."""
        ...

    def change(self, person_id: int, values: Mapping[str, object]) -> None:
        """Sets columns of a person."""
        ...

    def remove(self, persons: Iterable[int]) -> None:
        """Deletes people; their sightings belong to nobody."""
        ...

    def assign(
        self,
        sightings: Iterable[int],
        person_id: int,
        by: AssignedBy,
        scores: Mapping[int, float] | None = None,
    ) -> None:
        """Gives sightings to a person; by hand it holds for ever."""
        ...

    def release(self, sightings: Sequence[int]) -> None:
        """Takes sightings away from whomever they belong to."""
        ...

    def take_over(self, target: int, source: int) -> None:
        """All that belongs to ``source`` belongs to ``target``; source is deleted."""
        ...

    def constrain(self, same: bool, a: int, b: int) -> None:
        """Notes for ever that two sightings are, or are not, of one person."""
        ...

    def constraints(self) -> list[Constraint]:
        """What was said, for the sightings that are shown now."""
        ...

    def add_template(self, person_id: int, made: Template) -> bool:
        """Keeps an enrolled view; False if it is there already."""
        ...

    def templates(self, wanted: Space, persons: Collection[int] | None = None) -> list[Template]:
        """All enrolled views of a space; of these people only if given."""
        ...


class ActStore(Protocol):
    """Every change to people with its inverse."""

    def snapshot(self, persons: Sequence[int]) -> dict[str, object]:
        """All rows about these people as they are now."""
        ...

    def record(self, verb: str, summary: str, before: dict[str, object]) -> int:
        """Notes an act with what it was before."""
        ...

    def all(self) -> list[Act]:
        """Every act, newest first."""
        ...

    def undo(self) -> Act:
        """Takes back the last act that stands."""
        ...


class JobQueue(Protocol):
    """Work with leases, at least once: a job not renewed in time is given to another worker."""

    def put(self, key: str, kind: str, payload: dict[str, str]) -> bool:
        """Adds a job, or has a finished one done again; False if it waits or runs already."""
        ...

    def claim(self, worker: str, lease_s: float) -> Job | None:
        """The next job, leased, or None."""
        ...

    def renew(self, key: str, worker: str, lease_s: float, progress: float, frames: int) -> bool:
        """Keeps the lease; False says that the job was cancelled or given to another."""
        ...

    def done(self, key: str, worker: str, result: dict[str, object]) -> None:
        """The job is finished."""
        ...

    def failed(self, key: str, worker: str, error: dict[str, str], retry: bool) -> None:
        """The job failed; it is tried again if ``retry`` and attempts are left."""
        ...

    def cancel(self, key: str) -> bool:
        """Stops a waiting or running job; False when there is none."""
        ...

    def all(self) -> Iterable[Job]:
        """All jobs, newest last."""
        ...


class Notifier(Protocol):
    """Tells somebody outside; one thread of its own sends, another may close meanwhile."""

    def send(self, alert: Alert) -> None:
        """Delivers one alert, having tried often enough, or raises DeliveryError; never hangs."""
        ...

    def close(self) -> None:
        """Ends sending, also one that is going on; closing twice is once."""
        ...


@runtime_checkable
class StatusDisplay(Protocol):
    """Shows outside what is known now."""

    def show(self, status: LiveStatus) -> None:
        """Takes the newest status and returns at once."""
        ...
