"""What every job queue promises; a new adapter is one more line in QUEUES."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from personae.adapters.queues.sqlite import ATTEMPTS, SqliteQueue
from personae.adapters.stores.sqlite import open_engine
from personae.core.records import Job

LEASE = 60.0
OVER = -1.0
"""A lease that is over as soon as it is given."""


def sqlite(folder: Path) -> SqliteQueue:
    return SqliteQueue(open_engine(folder, create=True))


QUEUES: dict[str, Callable[[Path], SqliteQueue]] = {"sqlite": sqlite}


@pytest.fixture(params=sorted(QUEUES))
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> SqliteQueue:
    return QUEUES[request.param](tmp_path)


def only(queue: SqliteQueue, key: str = "a") -> Job:
    (job,) = queue.all([key])
    return job


def test_jobs_come_in_order_each_to_one_worker(queue: SqliteQueue) -> None:
    assert queue.claim("w", LEASE) is None
    for key in ("b", "a", "ü\U0001f600'\";--"):
        assert queue.put(key, "index", {"path": key})
    claimed = [queue.claim(worker, LEASE) for worker in ("one", "two", "one")]
    assert [job and job.payload for job in claimed] == [
        {"path": "b"}, {"path": "a"}, {"path": "ü\U0001f600'\";--"},
    ]  # fmt: skip
    assert [job and (job.worker, job.state, job.attempts) for job in claimed] == [
        ("one", "running", 1), ("two", "running", 1), ("one", "running", 1),
    ]  # fmt: skip
    assert queue.claim("two", LEASE) is None


def test_a_job_waits_or_runs_once(queue: SqliteQueue) -> None:
    assert queue.put("a", "index", {})
    assert not queue.put("a", "index", {})
    queue.claim("w", LEASE)
    assert not queue.put("a", "index", {})
    queue.done("a", "w", {"faces": 3})
    job = only(queue)
    assert (job.state, job.progress, job.result) == ("done", 1.0, {"faces": 3})


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_what_is_over_may_be_asked_for_again_and_comes_last(queue: SqliteQueue, end: str) -> None:
    queue.put("a", "index", {"n": "1"})
    queue.claim("w", LEASE)
    if end == "done":
        queue.done("a", "w", {"faces": 3})
    elif end == "failed":
        queue.failed("a", "w", {"code": "P200"}, retry=False)
    else:
        queue.cancel("a")
    assert only(queue).state == end
    queue.put("b", "index", {})
    assert queue.put("a", "index", {"n": "2"})
    assert [job.key for job in queue.all()] == ["b", "a"]
    job = only(queue)
    assert (job.state, job.attempts, job.worker) == ("waiting", 0, None)
    assert (job.result, job.error, job.payload, job.progress) == (None, None, {"n": "2"}, 0.0)


def test_a_lease_that_ran_out_gives_the_job_to_another(queue: SqliteQueue) -> None:
    queue.put("a", "index", {})
    queue.claim("lost", OVER)
    job = queue.claim("next", LEASE)
    assert job is not None and (job.worker, job.attempts) == ("next", 2)
    assert not queue.renew("a", "lost", LEASE, 0.5, 10)
    queue.done("a", "lost", {"stale": True})
    queue.failed("a", "lost", {"code": "P200"}, retry=False)
    assert only(queue).state == "running", "who lost a job has no say in it"
    queue.done("a", "next", {})
    assert only(queue).state == "done"


def test_a_renewed_lease_holds(queue: SqliteQueue) -> None:
    queue.put("a", "index", {})
    queue.claim("w", 0.05)
    assert queue.renew("a", "w", LEASE, 0.25, 100)
    time.sleep(0.1)
    assert queue.claim("other", LEASE) is None
    job = only(queue)
    assert (job.progress, job.frames) == (0.25, 100)
    assert job.updated_at > 0


def test_a_failed_job_is_tried_so_often_and_no_more(queue: SqliteQueue) -> None:
    queue.put("a", "index", {})
    for attempt in range(1, ATTEMPTS + 1):
        job = queue.claim("w", LEASE)
        assert job is not None and job.attempts == attempt
        queue.failed("a", "w", {"code": "P207"}, retry=True)
    assert only(queue).state == "failed" and only(queue).error == {"code": "P207"}
    assert queue.claim("w", LEASE) is None
    queue.put("b", "index", {})
    queue.claim("w", LEASE)
    queue.failed("b", "w", {"code": "P203"}, retry=False)
    assert only(queue, "b").state == "failed"


def test_a_job_that_kills_its_workers_is_buried(queue: SqliteQueue) -> None:
    """Neither runs for ever on paper nor waits for ever unclaimed."""
    queue.put("a", "index", {})
    for _ in range(ATTEMPTS):
        assert queue.claim("w", OVER) is not None
    queue.put("b", "index", {})
    job = queue.claim("w", LEASE)
    assert job is not None and job.key == "b"
    dead = only(queue)
    assert dead.state == "failed" and dead.error is not None and dead.error["code"] == "P209"


def test_what_a_gone_worker_held_waits_again(queue: SqliteQueue) -> None:
    queue.put("a", "index", {})
    queue.put("b", "index", {})
    for attempt in range(1, ATTEMPTS + 1):
        job = queue.claim("gone", LEASE)
        assert job is not None and (job.key, job.attempts) == ("a", attempt)
        queue.release("gone")
    assert only(queue).state == "failed", "released as often as it may be tried"
    assert only(queue, "b").state == "waiting"
    queue.claim("here", LEASE)
    queue.release("gone")
    assert only(queue, "b").worker == "here"


def test_cancel_stops_what_waits_and_what_runs(queue: SqliteQueue) -> None:
    queue.put("a", "index", {})
    assert queue.cancel("a") and only(queue).state == "cancelled"
    assert queue.claim("w", LEASE) is None
    assert not queue.cancel("a") and not queue.cancel("nothing")
    queue.put("b", "index", {})
    queue.claim("w", LEASE)
    assert queue.cancel("b")
    assert not queue.renew("b", "w", LEASE, 0.5, 1)
    queue.done("b", "w", {})
    assert only(queue, "b").state == "cancelled"


def test_many_keys_are_read_in_parts(queue: SqliteQueue) -> None:
    for n in range(3):
        queue.put(str(n), "index", {})
    assert {job.key for job in queue.all([str(n) for n in range(40_000)])} == {"0", "1", "2"}
    assert queue.all([]) == []


def _work(folder: str, worker: str) -> list[str]:
    queue = sqlite(Path(folder))
    mine = []
    while (job := queue.claim(worker, LEASE)) is not None:
        mine.append(job.key)
        queue.renew(job.key, worker, LEASE, 0.5, 1)
        queue.done(job.key, worker, {})
    return mine


def test_processes_share_the_work_without_doing_it_twice(tmp_path: Path) -> None:
    queue = sqlite(tmp_path)
    for n in range(60):
        queue.put(str(n), "index", {})
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(_work, [str(tmp_path)] * 3, ["x", "y", "z"]))
    assert sorted(key for part in parts for key in part) == sorted(str(n) for n in range(60))
    assert {job.state for job in queue.all()} == {"done"}
