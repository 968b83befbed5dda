"""Claims jobs and does them until none is left."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from personae.adapters.models.crops import OpenCvCutter
from personae.adapters.queues.sqlite import SqliteQueue
from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.adapters.stores.library import SqliteStore
from personae.app.build import build_parts, choose, for_photos
from personae.core.errors import PersonaeError, SourceMissing, SourceUnreadable
from personae.core.records import Job
from personae.flows.ingest import ingest
from personae.flows.observe import Parts
from personae.flows.settings import ObserveSettings

log = logging.getLogger(__name__)

LEASE_S = 60.0
RENEW_S = 0.5


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker has to know; travels as JSON."""

    library: str
    log: str
    name: str
    provider: str
    face_model: str
    max_pixels: int
    observe: ObserveSettings

    @staticmethod
    def from_json(text: str) -> WorkerSettings:
        """What ``json.dumps(asdict(...))`` made."""
        data = json.loads(text)
        return WorkerSettings(**{**data, "observe": ObserveSettings(**data["observe"])})


class Cancelled(Exception):
    """The job was cancelled or given to another worker, or who started this one is gone."""


class Pulse:
    """Renews a job's lease, at most twice a second."""

    def __init__(self, queue: SqliteQueue, key: str, worker: str) -> None:
        self._queue = queue
        self._key = key
        self._worker = worker
        self._next = time.monotonic() + RENEW_S
        self._parent = os.getppid()

    def __call__(self, share: float, frames: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + RENEW_S
        orphaned = os.getppid() != self._parent
        if orphaned or not self._queue.renew(self._key, self._worker, LEASE_S, share, frames):
            raise Cancelled(self._key)


class Worker:
    """One process that analyses files."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._store = SqliteStore(Path(settings.library), OpenCvCutter().jpeg, create=True)
        self._queue = SqliteQueue(self._store.engine)
        self._films: Parts | None = None

    def run(self) -> None:
        """Works until nothing is left."""
        parent = os.getppid()
        while os.getppid() == parent:
            job = self._queue.claim(self._settings.name, LEASE_S)
            if job is None:
                return
            self._do(job)

    def _do(self, job: Job) -> None:
        name = self._settings.name
        try:
            result = self._index(job, Pulse(self._queue, job.key, name))
        except Cancelled:
            log.info("job %s was cancelled", job.key)
        except PersonaeError as error:
            self._queue.failed(job.key, name, error.as_json(), retry=False)
        except MemoryError:
            full = SourceUnreadable("reading it needs more memory than there is")
            self._queue.failed(job.key, name, full.as_json(), retry=False)
        else:
            self._queue.done(job.key, name, result)

    def _index(self, job: Job, pulse: Pulse) -> dict[str, object]:
        path = Path(job.payload["path"])
        settings = self._settings.observe
        options = SourceOptions(max_pixels=self._settings.max_pixels, quick=True)
        # Opened before it is hashed: what is no regular file has no end
        with open_source(path, options) as source:
            digest = sha256_of(path, pulse)
            info = replace(source.info, captured_at=source.captured_at)
            collection = job.payload.get("collection") or None
            media = self._store.media.add(path, digest, info, collection)
            if self._store.runs.shown(media.id, job.payload["settings"]):
                return {"skipped": True, "media": media.id}
            run = self._store.runs.begin(media.id, job.payload["settings"])
            parts = self._parts(still=source.info.still)
            done = ingest(source, run, self._store.runs, parts, settings, pulse)
        return {
            "skipped": False,
            "media": media.id,
            "kind": media.kind,
            "counts": done.counts,
            "damage": None if done.damage is None else done.damage.as_json(),
        }

    def _parts(self, *, still: bool) -> Parts:
        if self._films is None:
            chosen = choose(self._settings.face_model)
            self._films = build_parts(chosen, self._settings.observe, self._settings.provider)
        return for_photos(self._films) if still else self._films


def sha256_of(path: Path, pulse: Callable[[float, int], None]) -> str:
    """SHA-256 of a file's content, in hex.

    Raises:
        SourceMissing: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                pulse(0.0, 0)
    except OSError as error:
        raise SourceMissing(f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def main() -> int:
    """Runs one worker; the first line of standard input is its settings as JSON."""
    # Ctrl-C goes to the whole group; the parent decides what happens then
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    os.nice(5)
    text = sys.stdin.readline()
    if not text:
        # Started early, and then there was nothing to do
        return 0
    settings = WorkerSettings.from_json(text)
    # Decoders written in C print what they think of broken files; that is for the log
    log_file = os.open(settings.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log_file, stream)
    os.close(log_file)
    Worker(settings).run()
    return 0
