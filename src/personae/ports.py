"""The sockets: everything that can be replaced, on one page.

An adapter fits a socket by having these methods; it need not import this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, Self, TypeVar

from personae.core.arrays import Crop, Crops, Doubles, Ids, RgbImage, Vectors
from personae.core.detections import Detections, Kind
from personae.core.embedding import Embeddings, Matches, Space
from personae.core.frame import Frame, SourceInfo
from personae.core.records import Job
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


class JobQueue(Protocol):
    """Work with leases, at least once: a job not renewed in time is given to another worker."""

    def put(self, key: str, kind: str, payload: dict[str, str]) -> bool:
        """Adds a job unless one with this key waits, runs or is done; says whether it did."""
        ...

    def claim(self, worker: str, lease_s: float) -> Job | None:
        """The next job, leased, or None."""
        ...

    def renew(self, key: str, worker: str, lease_s: float, progress: float) -> bool:
        """Keeps the lease; False says that the job was cancelled or given to another."""
        ...

    def done(self, key: str, worker: str) -> None:
        """The job is finished."""
        ...

    def failed(self, key: str, worker: str, error: dict[str, str], retry: bool) -> None:
        """The job failed; it is tried again if ``retry`` and attempts are left."""
        ...

    def cancel(self, key: str) -> bool:
        """Stops a waiting or running job; False when there is none."""
        ...

    def list(self) -> Iterable[Job]:
        """All jobs, newest last."""
        ...


class Notifier(Protocol):
    """Tells somebody outside."""

    def send(self, event: dict[str, str]) -> None:
        """Delivers one event or raises."""
        ...
