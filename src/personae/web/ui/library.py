"""The library: drop videos and photos, see what is indexed and what failed, and why."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nicegui import run, ui

from personae.adapters.render.words import plain
from personae.core.records import Job, Media, Person
from personae.web.site import Site
from personae.web.tasks import Task
from personae.web.ui.layout import markup, page, serve_assets
from personae.web.ui.words import clock, count_of
from personae.web.visitors import may

FACES = 6
"""People whose faces are shown beside a file; the others are counted."""

_DROP = """
<section class="pe-panel lb-drop" id="lb-drop" aria-label="Add videos and photos">
  <i class="material-icons" aria-hidden="true">cloud_upload</i>
  <div class="pe-grow"><h2>Drop videos and photos here</h2>
    <p class="pe-muted">Many and large ones are fine: they are analysed one after the other,
    on this machine only.</p></div>
  <div class="pe-row">
    <label class="pe-btn primary"><i class="material-icons" aria-hidden="true">add</i>Choose files
      <input id="lb-files" class="lb-hidden" type="file" multiple></label>
    <label class="pe-btn"><i class="material-icons" aria-hidden="true">folder</i>Choose a folder
      <input id="lb-folder" class="lb-hidden" type="file" webkitdirectory></label>
    <button class="pe-btn" type="button" id="lb-address"><i class="material-icons"
      aria-hidden="true">link</i>From the web</button>
    <label class="pe-small pe-muted">Collection <input id="lb-collection" class="pe-field"
      maxlength="200" placeholder="none" autocomplete="off"></label>
  </div>
</section>
"""
_ACTIVE = """
<section class="pe-panel" id="lb-active" hidden aria-label="Being added" aria-live="off">
  <div class="pe-row"><h2 class="pe-grow">Being added <span id="lb-sum" class="pe-muted pe-small"
  ></span></h2><button class="pe-btn quiet" type="button" id="lb-tidy">Clear finished</button>
  <button class="pe-btn danger" type="button" id="lb-stop">Cancel all</button></div>
  <ul id="lb-list" class="lb-list"></ul>
</section>
"""


@dataclass(frozen=True, slots=True)
class _Failure:
    """A file that is not in the library, and why."""

    name: str
    code: str
    message: str
    hint: str
    task: str = ""


def build(site: Site) -> None:
    """Registers the library page."""
    serve_assets()

    @ui.page("/", response_timeout=60)
    async def library() -> None:
        about = "All videos and photos in which people are looked for."
        with page("Library", "Library", about=about, scripts=["upload.js"], styles=["library.css"]):
            if may(site, "editor"):
                markup(_DROP)
                markup(_ACTIVE)
            shown = ui.html(await run.io_bound(_reader(site)) or "", sanitize=False)

            async def again() -> None:
                shown.content = await run.io_bound(_reader(site)) or ""

            ui.on("library-changed", again)


def _reader(site: Site) -> Callable[[], str]:
    """What reads and draws the lists in a thread; whether it may is asked here, on the page."""
    read_media, read_intervals = site.library.media, site.library.appearances
    read_people, read_jobs = site.library.people, site.library.jobs
    editor = may(site, "editor")

    def read() -> str:
        media = site.memory.get("ui-media", read_media)
        who: dict[int, set[int]] = defaultdict(set)
        for one in site.memory.get("ui-intervals", read_intervals):
            who[one.media].add(one.person)
        people = {p.id: p for p in site.memory.get("ui-people", read_people)}
        failed = _failures(site.work.all(), read_jobs())
        return _failed(failed, editor) + _indexed(media, who, people, editor)

    return read


def _failures(tasks: Sequence[Task], jobs: Sequence[Job]) -> list[_Failure]:
    """What failed here and on the command line, each file once, the newest first."""
    found: dict[str, _Failure] = {}
    for job in jobs:
        if job.state == "failed" and job.error:
            path = str(job.payload.get("path", job.key))
            found[path] = _Failure(Path(path).name, *_why(job.error))
    for task in tasks:
        path = str(task.payload.get("path") or task.payload.get("address") or task.id)
        if task.kind == "index" and task.state == "failed":
            found[path] = _Failure(task.title, *_why(task.error or {}), task.id)
        elif task.kind == "index":
            found.pop(path, None)
    return list(reversed(found.values()))


def _why(error: Mapping[str, str]) -> tuple[str, str, str]:
    return error.get("code", ""), error.get("message", "it failed"), error.get("hint", "")


def _failed(failures: Sequence[_Failure], editor: bool) -> str:
    if not failures:
        return ""
    rows = "".join(_failure(one, editor) for one in failures)
    title = f"{count_of(len(failures), 'file')} could not be added"
    return (
        f'<details class="pe-panel lb-failed" open><summary><h2>{title}</h2></summary>'
        f'<ul class="lb-list">{rows}</ul></details>'
    )


def _failure(one: _Failure, editor: bool) -> str:
    retry = (
        f'<button class="pe-btn" type="button" data-retry="{html.escape(one.task)}">Try again'
        "</button>"
        if one.task and editor
        else ""
    )
    return (
        f'<li><div class="pe-grow"><strong>{html.escape(one.name)}</strong> '
        f'<span class="pe-chip bad">{html.escape(one.code)}</span>'
        f"<div>{html.escape(one.message)}</div>"
        f'<div class="pe-muted pe-small">{html.escape(one.hint)}</div></div>{retry}</li>'
    )


def _indexed(
    media: Sequence[Media],
    who: Mapping[int, set[int]],
    people: Mapping[int, Person],
    editor: bool,
) -> str:
    if not media:
        return _EMPTY
    films = sum(1 for m in media if m.kind != "photo")
    parts = [count_of(films, "video")] * bool(films)
    parts += [count_of(len(media) - films, "photo")] * bool(len(media) - films)
    cards = "".join(
        _card(m, [people[p] for p in who.get(m.id, ()) if p in people], editor)
        for m in sorted(media, key=lambda m: -m.id)
    )
    return (
        f'<div class="pe-row lb-head"><h2 class="pe-h2 pe-grow">{", ".join(parts)}</h2>'
        '<input id="lb-filter" class="pe-field" type="search" placeholder="Filter by name, '
        'collection or person" aria-label="Filter by name, collection or person"></div>'
        f'<div class="lb-grid">{cards}</div>'
    )


def _card(medium: Media, present: list[Person], editor: bool) -> str:
    present.sort(key=lambda p: (-p.seconds, p.id))
    name = html.escape(plain(Path(medium.path).name))
    words = [plain(Path(medium.path).name), medium.collection or "", *(p.label for p in present)]
    length = clock(medium.duration) if medium.kind != "photo" else "photo"
    chip = (
        f'<span class="pe-chip">{html.escape(medium.collection)}</span>'
        if medium.collection
        else ""
    )
    away = (
        f'<button class="pe-btn quiet lb-away" type="button" data-delete="{medium.id}" '
        f'data-name="{name}" title="Remove from the library" aria-label="Remove {name}"><i '
        'class="material-icons" aria-hidden="true">delete_outline</i></button>'
        if editor
        else ""
    )
    return (
        f'<article class="lb-card" data-words="{html.escape(" ".join(words).lower())}">'
        f'<a href="/video/{medium.id}" class="lb-picture"><img loading="lazy" decoding="async" '
        f'width="320" height="180" alt="" src="/api/v1/media/{medium.id}/thumbnail">'
        f'<span class="lb-length">{length}</span></a>'
        f'<div class="lb-words"><a href="/video/{medium.id}" class="lb-name" title="{name}">{name}'
        f'</a>{away}</div><div class="lb-who">{_faces(present)}{chip}</div></article>'
    )


def _faces(present: Iterable[Person]) -> str:
    there = list(present)
    if not there:
        return '<span class="pe-muted pe-small">nobody found</span>'
    faces = "".join(
        f'<a href="/people/{p.id}" title="{html.escape(p.label)}"><img loading="lazy" width="30" '
        f'height="30" src="/api/v1/people/{p.id}/crop" alt="{html.escape(p.label)}"></a>'
        for p in there[:FACES]
    )
    more = len(there) - FACES
    return faces + (f'<span class="pe-muted pe-small">+{more}</span>' if more > 0 else "")


_EMPTY = """
<div class="pe-empty"><i class="material-icons" aria-hidden="true">video_library</i>
<h2>Nothing is indexed yet</h2>
<p>Drop a video or a few photos above. When they are analysed, the people in them appear under
People, and you can name them.</p></div>
"""
