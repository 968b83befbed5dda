"""Jobs of the library's queue, by the files they are about: found, cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from personae.adapters.queues.sqlite import SqliteQueue
from personae.adapters.stores.library import SqliteStore
from personae.core.errors import UsageError
from personae.core.records import Job

OPEN = ("waiting", "running")
"""States of jobs that are not over."""


def jobs_about(jobs: Sequence[Job], words: Iterable[str]) -> list[Job]:
    """The newest job about each of these files.

    Args:
        jobs: newest last.
        words: a path, or a file's name where only one job is about a file of this name.

    Raises:
        UsageError: there is no job about a file, or its name alone does not say which.
    """
    found: dict[str, Job] = {}
    for word in words:
        chosen = _about(jobs, word)
        found[chosen.payload["path"]] = chosen
    return list(found.values())


def cancel(store: SqliteStore, jobs: Iterable[Job]) -> list[Job]:
    """Cancels jobs that wait or run; those that did. A worker lets a running one go in a second."""
    queue = SqliteQueue(store.engine)
    return [job for job in jobs if job.state in OPEN and queue.cancel(job.key)]


def _about(jobs: Sequence[Job], word: str) -> Job:
    path = str(Path(word).expanduser().absolute())
    named = {job.payload.get("path", ""): job for job in jobs}
    if path in named:
        return named[path]
    if word in named:
        return named[word]
    same = [job for about, job in named.items() if Path(about).name == word]
    if len(same) > 1:
        places = ", ".join(job.payload["path"] for job in same)
        raise UsageError(f"several jobs are about a file called {word!r}: {places}", "Give a path.")
    if not same:
        raise UsageError(f"no job is about {word!r}", "`personae jobs` lists them.")
    return same[0]
