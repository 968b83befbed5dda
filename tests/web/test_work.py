"""Work in the background: cancel, retry, what a server that ends leaves for the next one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import httpx
import pytest

from personae.adapters.demo import CAST, FilmSettings, demo_plan, make_film
from personae.core.errors import NothingIndexed
from personae.web.refusals import Conflict, NothingHere
from personae.web.tasks import Kind, Task
from personae.web.work import Cancelled, Told, Work
from tests.web.serving import serving
from tests.web.test_rest import over


class Lane:
    """Does what the payload says."""

    kinds: tuple[Kind, ...] = ("export",)

    def __init__(self) -> None:
        self.begun, self.go = Event(), Event()
        self.order: list[str] = []

    def choose(self, waiting: Sequence[Task]) -> Sequence[Task]:
        return waiting[:1]

    def do(self, tasks: Sequence[Task], told: Told) -> None:
        [task] = tasks
        self.order.append(task.title)
        if task.payload.get("fails"):
            raise NothingIndexed("there is nothing in /somewhere")
        if task.payload.get("breaks"):
            raise ZeroDivisionError
        if task.payload.get("waits"):
            self.begun.set()
            while not self.go.wait(0.02):
                told.progress(task.id, 0.5)
        told.done(task.id, {"file": "x"})


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def ended(work: Work, task: Task) -> Task:
    until(lambda: work.get(task.id).is_over)
    return work.get(task.id)


@pytest.fixture
def lane() -> Lane:
    return Lane()


def test_tasks_are_done_one_after_the_other(tmp_path: Path, lane: Lane) -> None:
    work = Work(tmp_path, [lane])
    tasks = [work.submit("export", name, {"name": name}) for name in "abc"]
    assert [ended(work, one).state for one in tasks] == ["done"] * 3
    assert lane.order == ["a", "b", "c"]
    work.close()


def test_what_is_asked_for_already_is_not_asked_for_twice(tmp_path: Path, lane: Lane) -> None:
    work = Work(tmp_path, [lane])
    one = work.submit("export", "x", {"waits": True})
    assert work.submit("export", "x", {"waits": True}).id == one.id
    lane.go.set()
    ended(work, one)
    assert work.submit("export", "x", {"waits": True}).id != one.id
    work.close()


def test_a_failure_says_why_and_may_be_tried_again(tmp_path: Path, lane: Lane) -> None:
    work = Work(tmp_path, [lane])
    task = ended(work, work.submit("export", "x", {"fails": True}))
    assert task.state == "failed" and task.error is not None
    assert task.error["code"] == "P107"
    work.retry(task.id)
    assert ended(work, task).state == "failed"
    assert lane.order == ["x", "x"]
    work.close()


@pytest.mark.logs_errors
def test_a_defect_ends_the_task_and_not_the_lane(tmp_path: Path, lane: Lane) -> None:
    work = Work(tmp_path, [lane])
    broken = ended(work, work.submit("export", "x", {"breaks": True}))
    assert broken.state == "failed" and broken.error is not None
    assert "ZeroDivisionError" in broken.error["message"]
    assert ended(work, work.submit("export", "y", {})).state == "done"
    work.close()


def test_cancelled_work_stops(tmp_path: Path, lane: Lane) -> None:
    work = Work(tmp_path, [lane])
    running = work.submit("export", "x", {"waits": True})
    waiting = work.submit("export", "y", {})
    assert lane.begun.wait(10)
    assert work.cancel(waiting.id).state == "cancelled"
    assert work.cancel(running.id).state == "cancelled"
    last = work.submit("export", "z", {})
    assert ended(work, last).state == "done"
    assert lane.order == ["x", "z"]
    assert work.get(running.id).state == "cancelled"
    with pytest.raises(Conflict):
        work.cancel(last.id)
    with pytest.raises(NothingHere):
        work.cancel("nothing")
    with pytest.raises(Cancelled):
        work.progress(running.id, 0.6)
    work.close()


def test_what_is_undone_goes_on_with_the_next_server(tmp_path: Path, lane: Lane) -> None:
    work = Work(tmp_path, [lane])
    running = work.submit("export", "x", {"waits": True})
    waiting = work.submit("export", "y", {})
    assert lane.begun.wait(10)
    work.close()
    later = Lane()
    later.go.set()
    again = Work(tmp_path, [later])
    assert [ended(again, one).state for one in (running, waiting)] == ["done", "done"]
    assert later.order == ["x", "y"]
    again.close()


def test_an_index_is_cancelled_and_resumed_and_outlives_its_server(tmp_path: Path) -> None:
    film = tmp_path / "long.mp4"
    plan = [replace(one, duration_frames=one.duration_frames * 3) for one in demo_plan()]
    make_film(film, plan, FilmSettings(width=640, height=360))
    with (
        serving(tmp_path / "library") as one,
        httpx.Client(base_url=f"{one.url}/api/v1", timeout=60) as client,
    ):
        [job] = client.post("/media", files={"file": ("long.mp4", film.read_bytes())}).json()[
            "jobs"
        ]
        address = f"/jobs/{job['id']}"
        until_progress(client, address)
        assert client.post(f"{address}/cancel").json()["state"] == "cancelled"
        assert over(client, job["id"])["state"] == "cancelled"
        assert client.get("/media").json()["total"] == 0
        assert client.post(f"{address}/retry").json()["state"] == "waiting"
        until_progress(client, address)
    with (
        serving(tmp_path / "library") as one,
        httpx.Client(base_url=f"{one.url}/api/v1", timeout=60) as client,
    ):
        told = over(client, job["id"])
        assert (told["state"], told["progress"]) == ("done", 1.0), told
        assert client.get("/people").json()["total"] >= len(CAST)


def until_progress(client: httpx.Client, address: str) -> None:
    end = time.monotonic() + 60
    while True:
        told = client.get(address).json()
        assert told["state"] in ("waiting", "running"), told
        if told["progress"] > 0.05:
            return
        assert time.monotonic() < end, told
        time.sleep(0.05)
