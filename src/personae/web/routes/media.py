"""Media: upload, add by address or path, list, show, delete."""

from __future__ import annotations

import errno
import shutil
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from personae.app.removal import remove_medium
from personae.app.web_media import split_addresses
from personae.core.errors import PersonaeError, SourceError
from personae.web.auth.roles import caller_of
from personae.web.endpoints import CHANGE, RULE, SEE, Body, Number, router
from personae.web.paging import Asked, Page, asked, page_of
from personae.web.refusals import Malformed, NotAllowed, NothingHere, ServerBusy
from personae.web.routes.files import medium_of
from personae.web.site import Site
from personae.web.uploads import Form, Received, receive, settle, sweep
from personae.web.wire import JobOut, MediaOut, Told

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "array",
                            "minItems": 1,
                            "items": {"type": "string", "format": "binary"},
                            "description": "Films and photos, each as a part of this name.",
                        },
                        "collection": {"type": "string", "maxLength": 200},
                    },
                }
            }
        },
    }
}
Collection = Annotated[str, Field(min_length=1, max_length=200)]


class Refused(Told):
    """A file that was not taken, and why."""

    name: str


class Taken(BaseModel):
    """What came of an upload: one job a file, and the files that were not taken."""

    jobs: list[JobOut]
    refused: list[Refused] = []


class ByAddress(Body):
    """A film, page or playlist on the web."""

    address: Annotated[str, Field(min_length=1, max_length=4000, pattern="^https?://")]
    collection: Collection | None = None


class ByPath(Body):
    """A file or folder on the server's machine, below the folders it was started with."""

    path: Annotated[str, Field(min_length=1, max_length=4000)]
    collection: Collection | None = None


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("media")
    _reading(api, site)
    _uploading(api, site)
    _adding(api, site)
    return api


def _reading(api: APIRouter, site: Site) -> None:
    def told(number: int) -> MediaOut:
        origins = site.memory.get("origins", site.library.origins)
        return MediaOut.of(medium_of(site, number), site.uploads, origins.get(number))

    @api.get("/media", dependencies=SEE)
    def list_media(
        page: Annotated[Asked, Depends(asked)],
        kind: Literal["film", "photo", "camera"] | None = None,
        collection: Annotated[str | None, Query(max_length=200)] = None,
        q: Annotated[str, Query(max_length=200, description="A part of the file's name.")] = "",
    ) -> Page[MediaOut]:
        """All that is indexed, the newest first."""
        part = q.casefold().strip()
        known = site.memory.get("media", lambda: {m.id: m for m in site.library.media()})
        found = [
            m
            for m in known.values()
            if (kind is None or m.kind == kind)
            and (collection is None or m.collection == collection)
            and part in Path(m.path).name.casefold()
        ]
        here, following, total = page_of(found, lambda m: (-m.id,), page)
        return Page(items=[told(m.id) for m in here], next=following, total=total)

    @api.get("/media/{media:number}", dependencies=SEE)
    def show_medium(media: Number) -> MediaOut:
        """One film or photo."""
        return told(media)

    @api.delete("/media/{media:number}", dependencies=CHANGE, status_code=204)
    def delete_medium(media: Number) -> None:
        """Forgets a medium and all that was found in it; an uploaded file is deleted as well."""
        medium = medium_of(site, media)
        remove_medium(site.library.store, site.library.folder, medium, site.uploads)


def _uploading(api: APIRouter, site: Site) -> None:
    sweep(site.uploads)

    @api.post("/media", dependencies=CHANGE, status_code=202, openapi_extra=FORM)
    async def upload(request: Request) -> Taken:
        """Takes films and photos, and indexes them in the background, one job a file.

        What a file is counts, not what its name says. Files that are neither film nor photo are
        refused; where none is taken, with the error of the first.
        """
        by = caller_of(request).name
        try:
            form = await receive(request, site.uploads, site.web.max_upload_bytes, "file")
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise ServerBusy("the disk is full", "Make room where the library is.") from error
            raise
        return await to_thread.run_sync(partial(_take, site, form, by))


def _take(site: Site, form: Form, by: str) -> Taken:
    collection = form.words.get("collection", "").strip() or None
    taken = Taken(jobs=[])
    errors: list[PersonaeError] = []
    for one in form.files:
        try:
            path = _looked_at(site, one)
        except SourceError as error:
            errors.append(error)
            taken.refused.append(Refused(name=one.name, **error.as_json()))
            continue
        payload: dict[str, object] = {"path": str(path)}
        payload |= {"collection": collection} if collection else {}
        taken.jobs.append(JobOut.of(site.work.submit("index", one.name, payload, by)))
    if errors and not taken.jobs:
        raise errors[0]
    return taken


def _looked_at(site: Site, one: Received) -> Path:
    path = settle(one, site.uploads)
    try:
        site.looker.look(path)
    except SourceError:
        shutil.rmtree(path.parent)
        raise
    return path


def _adding(api: APIRouter, site: Site) -> None:
    @api.post("/media/by-address", dependencies=CHANGE, status_code=202)
    def add_by_address(body: ByAddress, request: Request) -> Taken:
        """Fetches a film from the web and indexes it; private networks are never asked."""
        addresses, _ = split_addresses([body.address])
        if not addresses:
            raise Malformed("this is no address of the web", "It begins with https://")
        payload: dict[str, object] = {"address": body.address}
        payload |= {"collection": body.collection} if body.collection else {}
        task = site.work.submit("index", body.address[:200], payload, caller_of(request).name)
        return Taken(jobs=[JobOut.of(task)])

    @api.post("/media/by-path", dependencies=RULE, status_code=202)
    def add_by_path(body: ByPath, request: Request) -> Taken:
        """Indexes a file of the server's machine where it lies, below the folders that are open."""
        path = _allowed(site, body.path)
        payload: dict[str, object] = {"path": str(path)}
        payload |= {"collection": body.collection} if body.collection else {}
        task = site.work.submit("index", path.name, payload, caller_of(request).name)
        return Taken(jobs=[JobOut.of(task)])


def _allowed(site: Site, text: str) -> Path:
    """The real path of a file below one of the open folders; links lead nowhere else.

    Raises:
        NotAllowed: it lies elsewhere, or no folder is open.
        NothingHere: there is no such file.
    """
    hint = "An administrator starts the server with --media FOLDER to open a folder."
    try:
        path = Path(text).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise Malformed("this is no path") from error
    folders = [folder.expanduser().resolve() for folder in site.web.media_folders]
    # Asked before it is looked for, so that nobody learns what lies elsewhere
    if not any(path.is_relative_to(folder) for folder in folders):
        raise NotAllowed("this path lies below no folder that is open", hint)
    if not path.is_file():
        raise NothingHere(f"there is no file {path.name}")
    return path
