"""Many files at once: jobs in the library's queue, worker processes, a watch over both."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from personae.adapters.queues.sqlite import SqliteQueue
from personae.adapters.sources.kinds import looks_like_media
from personae.adapters.stores.library import SqliteStore
from personae.adapters.stores.sqlite import now_ms
from personae.app.crew import Crew
from personae.app.settings import Settings
from personae.core.errors import (
    SourceCrashed,
    SourceMissing,
    SourceStalled,
    SourceUnsupported,
)
from personae.core.records import Job

POLL_S = 0.1
LOG = "worker.log"
"""What worker processes print, below the library's folder; begun anew with every call."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, or not to its end."""

    path: str
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Indexed:
    """A file that was indexed."""

    media: int
    path: str
    kind: str
    duration: float
    faces: int
    tracks: int


@dataclass(slots=True)
class Summary:
    """What ``index`` did. A file that broke off is both indexed, as far as it went, and failed."""

    indexed: list[Indexed] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    cancelled: bool = False

    def as_json(self) -> dict[str, object]:
        """The contract of ``index --json``."""
        return asdict(self)


Watch = Callable[[Sequence[Job], int], None]
"""Called a few times a second with the jobs of this call and the number of files in all."""


def files_below(paths: Iterable[Path], *, recursive: bool) -> tuple[list[Path], list[Failure]]:
    """Media files at these places: files as they are, folders by the names in them."""
    found: dict[Path, None] = {}
    failed: list[Failure] = []
    for path in paths:
        try:
            for file in _walk(path, recursive):
                if _unwritable(file):
                    shown = ascii(str(file))
                    odd = SourceUnsupported(f"the name {shown} is not UTF-8", "Rename the file.")
                    failed.append(Failure(shown, odd.code, odd.message, odd.hint))
                    continue
                found[file] = None
        except OSError as error:
            missing = SourceMissing(f"{path} cannot be read: {error.strerror}")
            failed.append(Failure(str(path), missing.code, missing.message, missing.hint))
    return list(found), failed


def _unwritable(path: Path) -> bool:
    """Whether the name is no text: bytes that are not UTF-8 cannot be kept or printed."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return True
    return False


def _walk(path: Path, recursive: bool) -> Iterable[Path]:
    path.stat()
    if not path.is_dir():
        yield path.absolute()
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if recursive else []
        for name in sorted(files):
            file = Path(folder, name)
            if looks_like_media(file) and file.is_file():
                yield file.absolute()


class Indexing:
    """One call of ``index``.

    Args:
        store: of the library.
        folder: of the library.
        settings: of the call.
        fingerprint: of settings and models; what was done with it is not done again.
        watch: is told how things go.
        crew: starts the worker processes.
    """

    def __init__(
        self,
        store: SqliteStore,
        folder: Path,
        settings: Settings,
        fingerprint: str,
        watch: Watch,
        crew: Crew,
    ) -> None:
        self._store = store
        self._queue = SqliteQueue(store.engine)
        self._folder = folder
        self._settings = settings
        self._fingerprint = fingerprint
        self._watch = watch
        self._crew = crew
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self._started = 0

    def run(self, files: Sequence[Path], collection: str | None) -> Summary:
        """Indexes the files; KeyboardInterrupt ends it cleanly and what is done stays done."""
        summary = Summary()
        todo = []
        for file in files:
            if self._store.media.done_at(file, self._fingerprint):
                summary.skipped.append(str(file))
            else:
                todo.append(file)
        self._free_orphans()
        (self._folder / LOG).write_bytes(b"")
        keys = [self._put(file, collection) for file in todo]
        try:
            if keys:
                self._work(keys, len(files))
        except KeyboardInterrupt:
            summary.cancelled = True
        finally:
            self._stop()
        self._gather(keys, summary)
        return summary

    def _put(self, file: Path, collection: str | None) -> str:
        key = f"index:{self._fingerprint}:{file}"
        payload = {"path": str(file), "settings": self._fingerprint}
        if collection:
            payload["collection"] = collection
        if not self._queue.put(key, "index", payload):
            self._forgive(key, payload)
        return key

    def _forgive(self, key: str, payload: dict[str, str]) -> None:
        """A job that waits since an earlier call was stopped begins to count its attempts anew.

        Otherwise the third Ctrl-C would be taken for a file that kills its reader.
        """
        [job] = self._queue.all([key])
        if job.state == "waiting" and job.attempts and self._queue.cancel(key):
            self._queue.put(key, "index", payload)

    def _free_orphans(self) -> None:
        """Jobs whose worker on this machine is dead wait again at once."""
        for job in self._queue.all():
            if job.state == "running" and job.worker and not _alive(job.worker):
                self._queue.release(job.worker)

    def _work(self, keys: Sequence[str], total: int) -> None:
        wanted = min(self._settings.worker_count(), len(keys))
        for _ in range(wanted):
            self._start()
        while True:
            began = time.monotonic()
            # Who ended is asked before what they held: a row read earlier may be out of date
            ended = self._ended()
            jobs = self._queue.all(list(keys))
            self._watch(jobs, total)
            self._bury(ended, jobs)
            open_jobs = [job for job in jobs if job.state in ("waiting", "running")]
            if not open_jobs:
                return
            if not self._workers:
                self._start()
            self._strike(open_jobs)
            # With thousands of files each look takes long itself; a thirtieth of a core is enough
            time.sleep(max(POLL_S, 29 * (time.monotonic() - began)))

    def _start(self) -> None:
        self._started += 1
        name = f"local:{os.getpid()}:{self._started}"
        settings = {
            "library": str(self._folder),
            "log": str(self._folder / LOG),
            "name": name,
            "provider": self._settings.provider,
            "face_model": self._settings.face_model,
            "max_pixels": self._settings.max_pixels,
            "observe": asdict(self._settings.observe),
        }
        self._workers[name] = self._crew.send(settings)

    def _ended(self) -> dict[str, int]:
        """Workers whose process ended since the last time, with its exit status."""
        ended = {
            name: status
            for name, process in self._workers.items()
            if (status := process.poll()) is not None
        }
        for name in ended:
            del self._workers[name]
        return ended

    def _bury(self, ended: Mapping[str, int], jobs: Sequence[Job]) -> None:
        """The job a worker died over is given up after a second death."""
        for name, status in ended.items():
            held = [job for job in jobs if job.state == "running" and job.worker == name]
            for job in held:
                error = SourceCrashed(f"the process reading it died (exit status {status})")
                self._queue.failed(job.key, name, error.as_json(), retry=job.attempts < 2)

    def _strike(self, jobs: Sequence[Job]) -> None:
        """Ends workers that made no progress for too long, and gives their file up."""
        limit = now_ms() - int(self._settings.stall_s * 1000)
        for job in jobs:
            process = self._workers.get(job.worker or "")
            if job.state == "running" and process is not None and job.updated_at < limit:
                process.kill()
                process.wait()
                self._workers.pop(str(job.worker), None)
                error = SourceStalled(
                    f"reading made no progress for {self._settings.stall_s:g} seconds"
                )
                self._queue.failed(job.key, str(job.worker), error.as_json(), retry=False)

    def _stop(self) -> None:
        for name, process in self._workers.items():
            if process.poll() is None:
                process.terminate()
            process.wait()
            self._queue.release(name)
        self._workers.clear()

    def _gather(self, keys: Sequence[str], summary: Summary) -> None:
        for job in self._queue.all(list(keys)):
            path = job.payload["path"]
            if job.state == "failed" and job.error is not None:
                summary.failed.append(_failure(path, job.error))
            if job.state == "done" and job.result is not None:
                self._note(path, job.result, summary)

    def _note(self, path: str, result: dict[str, object], summary: Summary) -> None:
        if result["skipped"]:
            summary.skipped.append(path)
            return
        media = self._store.media.get(int(str(result["media"])))
        counts: dict[str, int] = result["counts"]  # type: ignore[assignment]
        if media is not None:
            tracks = counts["face_tracks"] + counts["body_tracks"]
            summary.indexed.append(
                Indexed(media.id, path, media.kind, media.duration, counts["face_tracks"], tracks)
            )
        for name, number in counts.items():
            summary.counts[name] = summary.counts.get(name, 0) + number
        damage = result.get("damage")
        if isinstance(damage, dict):
            summary.failed.append(_failure(path, damage))


def _failure(path: str, error: dict[str, str]) -> Failure:
    return Failure(path, error["code"], error["message"], error["hint"])


def _alive(worker: str) -> bool:
    """Whether the process that started this local worker still runs."""
    kind, _, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if kind != "local" or not pid.isdecimal():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(pid) != os.getpid()
