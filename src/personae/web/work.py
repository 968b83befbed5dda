"""Long work in the background: one thread indexes, one makes clips, exports and playable copies."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Condition, Thread
from typing import Protocol

from personae.adapters.stores.sqlite import now_ms
from personae.core.errors import PersonaeError
from personae.web.refusals import Conflict, NothingHere
from personae.web.tasks import MOST, Journal, Kind, Task

log = logging.getLogger(__name__)
FILE = "web-jobs.db"
"""The journal, below the library's folder."""
STEP = 0.005
"""Progress smaller than this is not told."""


class Stopped(Exception):
    """The server ends; the task goes on when it starts again."""


class Cancelled(Exception):
    """Somebody cancelled the task."""


class Lane(Protocol):
    """Does tasks of some kinds, some at a time."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What it does."""
        ...

    def choose(self, waiting: Sequence[Task]) -> Sequence[Task]:
        """Which of the waiting tasks (one at least) are done next, together."""
        ...

    def do(self, tasks: Sequence[Task], told: Told) -> None:
        """Does them, and tells of each how it goes and ends.

        Raises:
            Stopped: the server ends.
        """
        ...


class Told(Protocol):
    """What a lane tells while it works."""

    def progress(self, task: str, share: float) -> None:
        """So much of it is done, 0 to 1.

        Raises:
            Cancelled: it shall not go on.
            Stopped: the server ends.
        """
        ...

    def cancelled(self, task: str) -> bool:
        """Whether it shall not go on."""
        ...

    def stopping(self) -> bool:
        """Whether the server ends."""
        ...

    def done(self, task: str, result: Mapping[str, object]) -> None:
        """It is done, and this came of it."""
        ...

    def failed(self, task: str, error: PersonaeError) -> None:
        """It went wrong."""
        ...


class Work:
    """All tasks of one server.

    Args:
        folder: of the library.
        lanes: who does them, each in a thread of its own.
    """

    def __init__(self, folder: Path, lanes: Sequence[Lane]) -> None:
        self._journal = Journal(folder / FILE)
        self._changed = Condition()
        # Where the library lies is nobody's business
        self._here = re.compile(re.escape(str(folder)) + r"(/uploads/[0-9a-f]+)?/?")
        self._stopping = False
        # Its futures keep what a task raised, whatever that is
        self._doing = ThreadPoolExecutor(len(lanes), "work")
        self.version = 0
        self._tasks = {task.id: task for task in self._journal.all()}
        for task in list(self._tasks.values()):
            if task.state == "running":
                self._set(replace(task, state="waiting", progress=0.0))
        self._threads = [
            Thread(target=self._run, args=(lane,), name=f"work-{lane.kinds[0]}", daemon=True)
            for lane in lanes
        ]
        for thread in self._threads:
            thread.start()

    def all(self) -> list[Task]:
        """Every task, oldest first."""
        with self._changed:
            return list(self._tasks.values())

    def get(self, task: str) -> Task:
        """One of them.

        Raises:
            NothingHere: there is none.
        """
        found = self._tasks.get(task)
        if found is None:
            raise NothingHere(f"there is no job {task[:40]!r}")
        return found

    def submit(self, kind: Kind, title: str, payload: Mapping[str, object], by: str = "") -> Task:
        """Asks for work; what it is asked for already and not over is not asked for twice."""
        with self._changed:
            for known in self._tasks.values():
                if known.kind == kind and known.payload == payload and not known.is_over:
                    return known
            now = now_ms()
            task = Task(uuid.uuid4().hex, kind, title, "waiting", 0.0, now, now, dict(payload))
            self._set(replace(task, by=by))
            self._forget()
            return self._tasks[task.id]

    def cancel(self, task: str) -> Task:
        """Stops work that waits or runs.

        Raises:
            NothingHere: there is no such task.
            Conflict: it is over.
        """
        with self._changed:
            found = self.get(task)
            if found.is_over:
                raise Conflict(f"this job is {found.state} already")
            self._set(replace(found, state="cancelled"))
            return self._tasks[task]

    def retry(self, task: str) -> Task:
        """Has work done again that failed or was cancelled.

        Raises:
            NothingHere: there is no such task.
            Conflict: it did not fail.
        """
        with self._changed:
            found = self.get(task)
            if found.state not in ("failed", "cancelled"):
                raise Conflict(f"this job is {found.state}; only what failed is tried again")
            self._set(replace(found, state="waiting", progress=0.0, error=None, result=None))
            return self._tasks[task]

    def close(self) -> None:
        """Ends the threads; what is not done goes on the next time."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(30)
        self._doing.shutdown()
        self._journal.close()

    def progress(self, task: str, share: float) -> None:
        """See `Told`."""
        if self._stopping:
            raise Stopped
        with self._changed:
            now = self._tasks[task]
            if now.state == "cancelled":
                raise Cancelled
            if abs(share - now.progress) >= STEP or now.state != "running":
                # Not in the journal: begun work begins anew when the server does
                running = replace(now, state="running", progress=share, updated_at=now_ms())
                self._tasks[task] = running
                self._tell()

    def cancelled(self, task: str) -> bool:
        """See `Told`."""
        return self._tasks[task].state == "cancelled"

    def stopping(self) -> bool:
        """See `Told`."""
        return self._stopping

    def done(self, task: str, result: Mapping[str, object]) -> None:
        """See `Told`."""
        with self._changed:
            now = self._tasks[task]
            self._set(replace(now, state="done", progress=1.0, result=dict(result), error=None))

    def failed(self, task: str, error: PersonaeError) -> None:
        """See `Told`."""
        told = {key: self._here.sub("", text) for key, text in error.as_json().items()}
        with self._changed:
            if self._tasks[task].state != "cancelled":
                self._set(replace(self._tasks[task], state="failed", error=told))

    def _run(self, lane: Lane) -> None:
        while True:
            with self._changed:
                while not self._stopping and not (waiting := self._waiting(lane)):
                    self._changed.wait()
                if self._stopping:
                    return
                chosen = list(lane.choose(waiting))
                for task in chosen:
                    self._set(replace(task, state="running"))
            self._settle(self._doing.submit(lane.do, chosen, self).exception(), chosen)

    def _settle(self, error: BaseException | None, tasks: Sequence[Task]) -> None:
        """Whatever a lane left open has failed, by a fault of ours."""
        if error is not None and not isinstance(error, PersonaeError | Stopped | Cancelled):
            log.error("a job ended by a defect", exc_info=error)
        if self._stopping:
            return
        for task in tasks:
            if self._tasks[task.id].state == "running":
                told = error if isinstance(error, PersonaeError) else _defect(error)
                self.failed(task.id, told)

    def _waiting(self, lane: Lane) -> list[Task]:
        return [t for t in self._tasks.values() if t.kind in lane.kinds and t.state == "waiting"]

    def _set(self, task: Task) -> None:
        self._tasks[task.id] = replace(task, updated_at=now_ms())
        self._journal.save(self._tasks[task.id])
        self._tell()

    def _tell(self) -> None:
        self.version += 1
        with self._changed:
            self._changed.notify_all()

    def _forget(self) -> None:
        over = [task.id for task in self._tasks.values() if task.is_over][:-MOST]
        for one in over:
            del self._tasks[one]
        if over:
            self._journal.drop(over)


def _defect(error: BaseException | None) -> PersonaeError:
    name = type(error).__name__ if error is not None else "nothing was said"
    return PersonaeError(f"the job ended by a defect: {name}", "See the server's log, and report.")
