"""``personae jobs``: what failed is shown, tried again; what waits is cancelled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from personae.adapters.queues.sqlite import SqliteQueue
from personae.app.job_control import cancel, jobs_about
from personae.core.errors import UsageError
from personae.core.records import Job
from tests.adapters.stores.library import opened
from tests.system.command import answer, run
from tests.system.conftest import Site


def test_a_file_that_failed_is_shown_and_indexed_once_it_is_mended(
    made: Site, tmp_path: Path
) -> None:
    photo = sorted(made.stills.iterdir())[0]
    (tmp_path / "films").mkdir()
    whole, broken = tmp_path / "films" / "whole.jpg", tmp_path / "films" / "broken.jpg"
    shutil.copyfile(photo, whole)
    broken.write_bytes(b"")
    run("index", "films", "--library", "library", cwd=tmp_path)
    states = {
        Path(job["payload"]["path"]).name: job["state"]
        for job in answer("jobs", "--library", "library", cwd=tmp_path)["jobs"]
    }
    assert states == {"whole.jpg": "done", "broken.jpg": "failed"}
    failed = answer("jobs", "list", "--state", "failed", "--library", "library", cwd=tmp_path)
    assert [job["payload"]["path"] for job in failed["jobs"]] == [str(broken)]
    (shown,) = answer("jobs", "show", "broken.jpg", "--library", "library", cwd=tmp_path)["jobs"]
    assert shown["error"]["code"] == "P202" and shown["state"] == "failed"
    words = run("jobs", "show", "films/broken.jpg", "--library", "library", cwd=tmp_path).stdout
    assert "P202" in words and "what to do" in words
    broken.write_bytes(sorted(made.stills.iterdir())[1].read_bytes())
    again = answer("jobs", "retry", "--failed", "--library", "library", cwd=tmp_path)
    assert [one["path"] for one in again["indexed"]] == [str(broken)]
    none = answer("jobs", "retry", "--failed", "--library", "library", cwd=tmp_path)
    assert none == {"indexed": [], "skipped": [], "failed": []}
    run("jobs", "retry", "--library", "library", cwd=tmp_path, status=2)
    lost = run("jobs", "--library", "library", "list", cwd=tmp_path, status=2)
    assert "say this after 'list'" in lost.stderr
    run("jobs", "show", "nowhere.jpg", "--library", "library", cwd=tmp_path, status=2)


def test_what_waits_is_cancelled_and_what_is_over_is_not(tmp_path: Path) -> None:
    store = opened(tmp_path)
    queue = SqliteQueue(store.engine)
    for name in ("a", "b", "c"):
        queue.put(name, "index", {"path": f"/films/{name}.mp4"})
    done = queue.claim("worker", 60)
    assert done is not None
    queue.done(done.key, "worker", {})
    running = queue.claim("worker", 60)
    assert running is not None
    assert [job.key for job in cancel(store, queue.all())] == ["b", "c"]
    assert not queue.renew(running.key, "worker", 60, 0.5, 10), "its worker lets go"
    assert [job.state for job in queue.all()] == ["done", "cancelled", "cancelled"]
    store.close()


def test_jobs_are_found_by_path_and_by_name_where_that_is_enough() -> None:
    jobs = [
        Job(key, "index", "failed", None, 1, 0.0, payload={"path": path})
        for key, path in (
            ("1", "/a/x.mp4"),
            ("2", "/b/x.mp4"),
            ("3", "/b/y.mp4"),
            ("4", "/b/y.mp4"),
        )
    ]
    assert [job.key for job in jobs_about(jobs, ["/a/x.mp4", "y.mp4"])] == ["1", "4"]
    with pytest.raises(UsageError, match=r"several .*/a/x.mp4, /b/x.mp4"):
        jobs_about(jobs, ["x.mp4"])
    with pytest.raises(UsageError, match="no job"):
        jobs_about(jobs, ["z.mp4"])
