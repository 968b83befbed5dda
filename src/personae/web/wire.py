"""How records look as JSON: the models of the REST API. Times in seconds from the first frame."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from personae.core.origin import Origin
from personae.core.records import Act, Interval, Media, Person, Sighting
from personae.web.tasks import Task

API = "/api/v1"


class MediaOut(BaseModel):
    """A film or photo that is indexed."""

    id: int
    name: str = Field(description="Of its file.")
    kind: Literal["film", "photo", "camera"]
    width: int
    height: int
    duration: float = Field(description="Seconds; 0 for photos.")
    fps: float | None
    collection: str | None
    captured_at: int | None = Field(description="UTC in milliseconds since 1970.")
    uploaded: bool = Field(description="Whether the file came by upload.")
    available: bool = Field(description="Whether its file is still there.")
    source: str | None = Field(description="The page it was fetched from.")
    thumbnail: str
    file: str

    @classmethod
    def of(cls, one: Media, uploads: Path, origin: Origin | None = None) -> MediaOut:
        """A record as JSON."""
        path, here = Path(one.path), f"{API}/media/{one.id}"
        return cls(
            id=one.id,
            name=path.name,
            kind=one.kind,
            width=one.width,
            height=one.height,
            duration=one.duration,
            fps=one.fps,
            collection=one.collection,
            captured_at=one.captured_at,
            uploaded=path.is_relative_to(uploads),
            available=path.is_file(),
            source=None if origin is None else origin.url,
            thumbnail=f"{here}/thumbnail",
            file=f"{here}/file",
        )


class PersonOut(BaseModel):
    """Somebody, named or not."""

    id: int
    name: str | None = Field(description="Null until a person is named.")
    label: str = Field(description="What to call them on screen.")
    kind: Literal["named", "auto", "hidden"]
    gender: str = Field(description="As a person set it, never guessed.")
    tags: list[str]
    sightings: int
    media: int
    seconds: float = Field(description="On screen in films.")
    crop: str = Field(description="Address of the best view.")

    @classmethod
    def of(cls, one: Person) -> PersonOut:
        """A record as JSON."""
        return cls(
            id=one.id,
            name=one.name,
            label=one.label,
            kind=one.kind,
            gender=one.gender,
            tags=list(one.tags),
            sightings=one.sightings,
            media=one.media,
            seconds=round(one.seconds, 4),
            crop=f"{API}/people/{one.id}/crop",
        )


class SightingOut(BaseModel):
    """One face or body, followed from its first frame to its last."""

    id: int
    media: int
    kind: Literal["face", "body"]
    start: float
    end: float
    quality: float
    person: int | None
    by: Literal["cluster", "match", "hand"] | None
    score: float | None
    body: int | None = Field(description="The body this face sits on.")
    crop: str | None

    @classmethod
    def of(cls, one: Sighting) -> SightingOut:
        """A record as JSON."""
        crop = f"{API}/sightings/{one.id}/crop" if one.kind == "face" else None
        return cls(
            id=one.id,
            media=one.media,
            kind=one.kind,
            start=round(one.start, 4),
            end=round(one.end, 4),
            quality=round(one.quality, 4),
            person=one.person,
            by=one.by,
            score=None if one.score is None else round(one.score, 4),
            body=one.body,
            crop=crop,
        )


class PathOut(BaseModel):
    """A sighting with where it was: box k is that of time k, pixels of the whole picture."""

    sighting: SightingOut
    times: list[float]
    boxes: list[tuple[float, float, float, float]] = Field(description="x1, y1, x2, y2.")


class IntervalOut(BaseModel):
    """A person on screen from ``start`` to ``end`` (exclusive)."""

    person: int
    media: int
    name: str = Field(description="Of the medium's file.")
    start: float
    end: float
    known_by: Literal["face", "body", "hand"]
    confidence: float
    sightings: list[int]

    @classmethod
    def of(cls, one: Interval) -> IntervalOut:
        """A record as JSON."""
        return cls(
            person=one.person,
            media=one.media,
            name=Path(one.path).name,
            start=round(one.start, 4),
            end=round(one.end, 4),
            known_by=one.known_by,
            confidence=one.confidence,
            sightings=list(one.sightings),
        )


class ActOut(BaseModel):
    """One change to people."""

    id: int
    at: int = Field(description="UTC in milliseconds since 1970.")
    verb: str
    summary: str
    undone: bool

    @classmethod
    def of(cls, one: Act) -> ActOut:
        """A record as JSON."""
        return cls(id=one.id, at=one.at, verb=one.verb, summary=one.summary, undone=one.undone)


class Told(BaseModel):
    """What went wrong, with what to do."""

    code: str
    message: str
    hint: str


class JobOut(BaseModel):
    """One piece of work in the background."""

    id: str
    kind: Literal["index", "clips", "supercut", "export", "playable"]
    title: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float = Field(ge=0, le=1)
    created_at: int = Field(description="UTC in milliseconds since 1970.")
    updated_at: int
    by: str = Field(description="Who asked for it; empty where there are no users.")
    error: Told | None
    warnings: list[Told] = Field(description="What did not stop it.")
    media: list[int] = Field(description="Numbers of the media that came of it.")
    file: str | None = Field(description="Address of the file that was made.")
    events: str = Field(description="Where its progress is told by server-sent events.")

    @classmethod
    def of(cls, one: Task) -> JobOut:
        """A record as JSON."""
        result = one.result or {}
        here = f"{API}/jobs/{one.id}"
        return cls.model_validate(
            {
                "id": one.id,
                "kind": one.kind,
                "title": one.title,
                "state": one.state,
                "progress": min(max(one.progress, 0.0), 1.0),
                "created_at": one.created_at,
                "updated_at": one.updated_at,
                "by": one.by,
                "error": one.error,
                "warnings": result.get("warnings", []),
                "media": result.get("media", []) if one.kind in ("index", "playable") else [],
                "file": f"{here}/file" if "file" in result else None,
                "events": f"{here}/events",
            }
        )
