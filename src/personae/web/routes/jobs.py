"""Jobs: list, show, follow by server-sent events, cancel, retry, fetch what was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse, Response, StreamingResponse

from personae.web.endpoints import CHANGE, SEE, router
from personae.web.making import FOLDER
from personae.web.paging import Asked, Page, asked, page_of
from personae.web.refusals import NothingHere
from personae.web.site import Site
from personae.web.streams import EVENT, Endless, event, until
from personae.web.tasks import Task
from personae.web.wire import JobOut

Job = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events named `job`, whose data is a job as JSON.",
        "content": {"text/event-stream": {"schema": EVENT}},
    }
}
KINDS = {".mp4": "video/mp4", ".zip": "application/zip"}
OTHER = "application/octet-stream"
BINARY = {"schema": {"type": "string", "format": "binary"}}
MADE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": dict.fromkeys(
            ("video/mp4", "application/zip", "application/octet-stream"), BINARY
        )
    },
    206: {"description": "A part of the file, as the Range header asked."},
}
State = Literal["waiting", "running", "done", "failed", "cancelled"]


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("jobs")
    _reading(api, site)
    _following(api, site)
    _steering(api, site)
    return api


def _reading(api: APIRouter, site: Site) -> None:
    @api.get("/jobs", dependencies=SEE)
    def list_jobs(
        page: Annotated[Asked, Depends(asked)],
        state: State | None = None,
        kind: Literal["index", "clips", "supercut", "export", "playable"] | None = None,
    ) -> Page[JobOut]:
        """All work that was asked for here, the newest first."""
        found = [
            t
            for t in site.work.all()
            if (state is None or t.state == state) and (kind is None or t.kind == kind)
        ]
        here, following, total = page_of(found, lambda t: (-t.created_at, t.id), page)
        return Page(items=[JobOut.of(t) for t in here], next=following, total=total)

    @api.get("/jobs/events", dependencies=SEE, responses=EVENTS, response_class=StreamingResponse)
    async def follow_all(
        request: Request,
        limit_s: Annotated[float, Query(gt=0, le=86400, description="Ends after so long.")] = 3600,
    ) -> Response:
        """Every job now, and each again whenever it changes."""
        return _stream(site, request, lambda: site.work.all()[-500:], limit_s, ends=False)

    @api.get("/jobs/{job}", dependencies=SEE)
    def show_job(job: Job) -> JobOut:
        """One job."""
        return JobOut.of(site.work.get(job))


def _following(api: APIRouter, site: Site) -> None:
    @api.get(
        "/jobs/{job}/events", dependencies=SEE, responses=EVENTS, response_class=StreamingResponse
    )
    async def follow(job: Job, request: Request) -> Response:
        """The job now and whenever it changes, until it is over."""
        site.work.get(job)
        return _stream(site, request, lambda: [site.work.get(job)], 86400, ends=True)

    @api.get("/jobs/{job}/file", dependencies=SEE, responses=MADE, response_class=FileResponse)
    def made(job: Job) -> Response:
        """The file that the job made."""
        result = site.work.get(job).result or {}
        name = str(result.get("file", ""))
        path = site.library.folder / FOLDER / job / name
        if not name or not path.is_file():
            raise NothingHere("this job has made no file (yet)")
        kind = KINDS.get(path.suffix, OTHER)
        return FileResponse(path, media_type=kind, filename=name)


def _steering(api: APIRouter, site: Site) -> None:
    @api.post("/jobs/{job}/cancel", dependencies=CHANGE)
    def cancel(job: Job) -> JobOut:
        """Stops work that waits or runs; what is done stays done."""
        return JobOut.of(site.work.cancel(job))

    @api.post("/jobs/{job}/retry", dependencies=CHANGE)
    def retry(job: Job) -> JobOut:
        """Does work once more that failed or was cancelled."""
        return JobOut.of(site.work.retry(job))


def _stream(
    site: Site, request: Request, read: Callable[[], list[Task]], limit_s: float, *, ends: bool
) -> Response:
    told: dict[str, tuple[object, ...]] = {}
    version = -1

    def news() -> Iterator[str]:
        nonlocal version
        if site.work.version != version:
            version = site.work.version
            yield from map(_event, _news(read(), told))

    def over() -> bool:
        return site.ending.is_set() or (ends and all(task.is_over for task in read()))

    return Endless(until(request, news, limit_s, over), "text/event-stream")


def _news(tasks: list[Task], told: dict[str, tuple[object, ...]]) -> list[Task]:
    """Those that are not as they were told last; notes that they are told now."""
    now = {task.id: (task.state, task.progress, task.updated_at) for task in tasks}
    changed = [task for task in tasks if told.get(task.id) != now[task.id]]
    told.update(now)
    return changed


def _event(task: Task) -> str:
    return event("job", f"{task.id}:{task.updated_at}", JobOut.of(task).model_dump())
