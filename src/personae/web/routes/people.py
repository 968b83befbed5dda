"""People: who there is, what a person says of them, and undo."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from personae.core.records import Person
from personae.web.endpoints import CHANGE, LARGEST, SEE, Body, Number, router
from personae.web.paging import Asked, Page, asked, page_of
from personae.web.refusals import NothingHere
from personae.web.site import Site
from personae.web.wire import ActOut, PersonOut

Id = Annotated[int, Field(ge=1, le=LARGEST)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class Named(Body):
    """What to call somebody."""

    name: Word


class Tagged(Body):
    """What a person says of somebody; tags are added to those there are."""

    gender: Annotated[str, Field(max_length=200)] | None = None
    tags: Annotated[list[Word], Field(max_length=100, default_factory=list)]


class Merged(Body):
    """Those who are the same person."""

    others: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class Parted(Body):
    """Sightings that are somebody else's."""

    sightings: Annotated[list[Id], Field(min_length=1, max_length=10_000)]
    name: Word | None = None


class Other(Body):
    """Somebody else."""

    other: Id


class Hidden(Body):
    """Whether to leave somebody out of lists and reports."""

    hidden: bool = True


class Acts(BaseModel):
    """Changes, newest first."""

    acts: list[ActOut]


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("people")
    _reading(api, site)
    _changing(api, site)
    _deciding(api, site)
    return api


def everybody(site: Site) -> dict[int, Person]:
    """All people by number, the longest on screen first; hidden ones too."""
    return site.memory.get("people", lambda: {p.id: p for p in site.library.people(hidden=True)})


def person_of(site: Site, number: int) -> Person:
    """The person with this number.

    Raises:
        NothingHere: there is none.
    """
    known = everybody(site)
    if number not in known:
        raise NothingHere(f"there is no person {number}")
    return known[number]


def _reading(api: APIRouter, site: Site) -> None:
    @api.get("/people", dependencies=SEE)
    def list_people(
        page: Annotated[Asked, Depends(asked)],
        hidden: Annotated[bool, Query(description="Hidden people too.")] = False,
        named: Annotated[
            bool | None, Query(description="Only those with, or without, a name.")
        ] = None,
        q: Annotated[str, Query(max_length=200, description="A part of the name.")] = "",
    ) -> Page[PersonOut]:
        """Everybody, the longest on screen first."""
        part = q.casefold().strip()
        found = [
            p
            for p in everybody(site).values()
            if (hidden or p.kind != "hidden")
            and (named is None or (p.name is not None) == named)
            and part in p.label.casefold()
        ]
        here, following, total = page_of(found, lambda p: (-p.seconds, p.id), page)
        return Page(items=[PersonOut.of(p) for p in here], next=following, total=total)

    @api.get("/people/history", dependencies=SEE)
    def history(limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Acts:
        """Every change to people, newest first."""
        return Acts(acts=[ActOut.of(one) for one in site.library.history()[:limit]])

    @api.get("/people/{person:number}", dependencies=SEE)
    def show_person(person: Number) -> PersonOut:
        """One person."""
        return PersonOut.of(person_of(site, person))


def _changing(api: APIRouter, site: Site) -> None:
    def now(number: int) -> PersonOut:
        return PersonOut.of(person_of(site, number))

    @api.post("/people/{person:number}/name", dependencies=CHANGE)
    def name_person(person: Number, body: Named) -> PersonOut:
        """Gives a person a name; it is kept for ever."""
        person_of(site, person)
        return now(site.library.name(f"#{person}", body.name).id)

    @api.post("/people/{person:number}/tag", dependencies=CHANGE)
    def tag_person(person: Number, body: Tagged) -> PersonOut:
        """Sets a person's gender, as a person says it is, or adds tags."""
        person_of(site, person)
        return now(site.library.tag(f"#{person}", body.gender, body.tags).id)

    @api.post("/people/{person:number}/hide", dependencies=CHANGE)
    def hide_person(person: Number, body: Hidden) -> PersonOut:
        """Leaves a person out of lists and reports, or brings them back."""
        person_of(site, person)
        return now(site.library.hide(f"#{person}", body.hidden).id)

    @api.post("/people/undo", dependencies=CHANGE)
    def undo() -> ActOut:
        """Takes back the last change to people."""
        return ActOut.of(site.library.undo())


def _deciding(api: APIRouter, site: Site) -> None:
    def now(number: int) -> PersonOut:
        return PersonOut.of(person_of(site, number))

    @api.post("/people/{person:number}/merge", dependencies=CHANGE)
    def merge_people(person: Number, body: Merged) -> PersonOut:
        """Says that others are this person; name and gender of this one stay."""
        for one in (person, *body.others):
            person_of(site, one)
        others = [f"#{one}" for one in body.others]
        return now(site.library.merge(f"#{person}", *others).id)

    @api.post("/people/{person:number}/split", dependencies=CHANGE)
    def split_person(person: Number, body: Parted) -> PersonOut:
        """Says that some sightings are somebody else, who is answered."""
        person_of(site, person)
        return now(site.library.split(f"#{person}", body.sightings, body.name).id)

    @api.post("/people/{person:number}/not-same", dependencies=CHANGE)
    def not_same(person: Number, body: Other) -> PersonOut:
        """Says that two people are two people, for ever."""
        for one in (person, body.other):
            person_of(site, one)
        site.library.not_same(f"#{person}", f"#{body.other}")
        return now(person)
