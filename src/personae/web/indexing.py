"""The lane that indexes uploads and addresses; worker processes do the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from personae.adapters.queues.sqlite import SqliteQueue
from personae.app.indexing import Failure, Summary
from personae.app.library import Library
from personae.core.errors import PersonaeError, error_codes
from personae.core.records import Job
from personae.web.tasks import Kind, Task
from personae.web.work import Cancelled, Told

AT_ONCE = 32
"""Files of one call; those that come later wait for its end."""


@dataclass(slots=True)
class IndexLane:
    """Fits the Lane socket: several files together, addresses one by one.

    Attributes:
        library: into which is indexed.
        uploads: folder whose files are the library's own.
    """

    library: Library
    uploads: Path
    kinds: tuple[Kind, ...] = ("index",)

    def choose(self, waiting: Sequence[Task]) -> Sequence[Task]:
        """The oldest, with all files of the same collection."""
        first = waiting[0]
        if "address" in first.payload:
            return [first]
        alike = [t for t in waiting if "address" not in t.payload]
        collection = first.payload.get("collection")
        return [t for t in alike if t.payload.get("collection") == collection][:AT_ONCE]

    def do(self, tasks: Sequence[Task], told: Told) -> None:
        """Indexes what these tasks name."""
        call = _Call(self.library, tasks, told)
        collection = tasks[0].payload.get("collection")
        summary = self.library.index(
            [str(t.payload.get("address") or t.payload["path"]) for t in tasks],
            recursive=False,
            collection=None if collection is None else str(collection),
            watch=call.watch,
        )
        if told.stopping():
            return
        call.settle(summary)
        for path in call.twice(self.uploads):
            path.unlink(missing_ok=True)


@dataclass(slots=True)
class _Call:
    """One call of ``index`` for some tasks.

    Attributes:
        seen: jobs by path, as they were last.
        gone: tasks that were cancelled meanwhile; whoever asks for one again asks another call.
    """

    library: Library
    tasks: Sequence[Task]
    told: Told
    seen: dict[str, Job] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def watch(self, jobs: Sequence[Job], total: int) -> None:
        """Tells of every task how far its jobs are, and cancels those of cancelled ones."""
        if self.told.stopping():
            # The one way to stop an index: what it has done stays done
            raise KeyboardInterrupt
        self.seen.update({job.payload["path"]: job for job in jobs})
        alone = len(self.tasks) == 1
        for task in self.tasks:
            mine = [j for j in jobs if alone or j.payload["path"] == task.payload["path"]]
            self._tell(task, mine)

    def _tell(self, task: Task, mine: Sequence[Job]) -> None:
        if task.id in self.gone or self.told.cancelled(task.id):
            self.gone.add(task.id)
            if "address" in task.payload:
                raise KeyboardInterrupt
            queue = SqliteQueue(self.library.store.engine)
            for job in mine:
                queue.cancel(job.key)
        elif mine:
            shares = [j.progress if j.state in ("waiting", "running") else 1.0 for j in mine]
            with suppress(Cancelled):
                self.told.progress(task.id, sum(shares) / len(shares))

    def settle(self, summary: Summary) -> None:
        """Says of every task how it ended."""
        failures = {one.path: one for one in summary.failed}
        known = {medium.path: medium.id for medium in self.library.media()}
        numbers = {one.path: one.media for one in summary.indexed}
        for task in self.tasks:
            if task.id in self.gone or self.told.cancelled(task.id):
                continue
            if "address" in task.payload:
                self._settle_address(task, summary)
                continue
            path = str(task.payload["path"])
            failure = failures.get(path)
            media = numbers.get(path, self._from_job(path) or known.get(path))
            if media is None:
                self.told.failed(task.id, _error(failure))
                continue
            warning = None if failure is None else _told(failure)
            self.told.done(
                task.id,
                {
                    "media": [media],
                    "new": path in numbers,
                    "warnings": [warning] if warning else [],
                },
            )

    def _settle_address(self, task: Task, summary: Summary) -> None:
        jobs = (job.result for job in self.seen.values() if job.result)
        media = {int(str(result["media"])) for result in jobs if "media" in result}
        media |= {one.media for one in summary.indexed}
        known = {medium.path: medium.id for medium in self.library.media()}
        media |= {known[path] for path in summary.skipped if path in known}
        if not media:
            self.told.failed(task.id, _error(summary.failed[0] if summary.failed else None))
            return
        warnings = [_told(one) for one in summary.failed]
        new = bool(summary.indexed)
        self.told.done(task.id, {"media": sorted(media), "new": new, "warnings": warnings})

    def twice(self, uploads: Path) -> list[Path]:
        """Uploaded files whose content the library has at another place already."""
        places = {medium.id: medium.path for medium in self.library.media()}
        found = []
        for task in self.tasks:
            path = Path(str(task.payload.get("path", "")))
            media = self._from_job(str(path))
            if media is None or not path.is_relative_to(uploads):
                continue
            if media in places and places[media] != str(path):
                found.append(path)
        return found

    def _from_job(self, path: str) -> int | None:
        job = self.seen.get(path)
        if job is None or not job.result or "media" not in job.result:
            return None
        return int(str(job.result["media"]))


def _told(failure: Failure) -> Mapping[str, str]:
    return {"code": failure.code, "message": failure.message, "hint": failure.hint}


def _error(failure: Failure | None) -> PersonaeError:
    if failure is None:
        return PersonaeError("nothing was indexed")
    return error_codes().get(failure.code, PersonaeError)(failure.message, failure.hint)
