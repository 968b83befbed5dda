"""Alerts: the rules by which somebody is told; make, change, switch off; what was told."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from personae.app.alert_book import Entry, From
from personae.app.alert_rules import no_rules, table_of
from personae.app.alert_words import alert_words, rule_words
from personae.app.alerting import TAKEN
from personae.app.line_reading import Place, Told, time_of
from personae.core.errors import AlertsUnclear
from personae.web.endpoints import CHANGE, SEE, Body, router
from personae.web.paging import Asked, asked, opened, sealed
from personae.web.refusals import Conflict, Malformed, NothingHere
from personae.web.site import Site

MOST = 100
Name = Annotated[str, Path(min_length=1, max_length=200, description="Of the rule.")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class RuleIn(Body):
    """A rule; the keys are those of a `[[rule]]` in `alerts.toml`."""

    on: Text = Field(
        description="known, unknown, person:NAME, tag:LIST, spoof, dark or crowd>N.",
    )
    actions: list[Text] = Field(min_length=1, max_length=MOST, description="Who is told.")
    cameras: list[Text] = Field([], max_length=MOST, description="Only at these; none means all.")
    hours: str = Field("00:00-24:00", max_length=20, description="Only then, such as 22:00-06:00.")
    days: list[Day] = Field(
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        min_length=1,
        max_length=7,
        description="On which days the hours begin.",
    )
    cool_down: float = Field(300, ge=0, le=31 * 86_400, description="Seconds of rest afterwards.")
    min_confidence: float = Field(0, ge=0, le=1, description="Least probability of the name.")
    live: bool = Field(False, description="Only somebody seen to be alive.")
    snapshot: bool = Field(False, description="A picture goes with it.")
    off: bool = Field(False, description="It is not asked.")


class RuleOut(BaseModel):
    """A rule as it counts."""

    name: str
    words: str = Field(description="As a sentence.")
    on: str
    actions: list[str]
    cameras: list[str]
    hours: str
    days: list[Day]
    cool_down: float
    min_confidence: float
    live: bool
    snapshot: bool
    off: bool
    origin: From = Field(
        description="file: by hand in alerts.toml; page: made here; changed: by hand, changed here."
    )
    problem: str = Field(description="Why it cannot be asked; empty when it can.")

    @classmethod
    def of(cls, one: Entry) -> RuleOut:
        """A rule as JSON."""
        told = {"words": rule_words(one.rule), "off": one.off}
        about = {"origin": one.origin, "problem": one.problem}
        return cls.model_validate({**table_of(one.rule), **told, **about})


class ActionOut(BaseModel):
    """Who can be told. Addresses and secrets stay in alerts.toml."""

    name: str
    kind: str


class ListOut(BaseModel):
    """People who are meant together."""

    name: str
    people: list[str]


class AlertsOut(BaseModel):
    """All rules, and what rules can name."""

    rules: list[RuleOut]
    actions: list[ActionOut]
    lists: list[ListOut]
    cameras: list[str] = Field(description="Of the watch that ran last.")
    timezone: str = Field(description="Whose clock the hours are of.")
    running: bool = Field(description="Whether a watch runs; it takes changes within seconds.")
    problem: str = Field(description="Why the rules are not understood or not taken; or empty.")


class AlertOut(BaseModel):
    """An alert that was told."""

    id: str
    at: int = Field(description="UTC in milliseconds since 1970.")
    rule: str
    words: str = Field(description="As a sentence.")
    camera: str | None
    person: int | None
    name: str | None
    actions: list[str] = Field(description="Who was told.")
    browser: bool = Field(description="Whether open pages are asked to show it.")

    @classmethod
    def of(cls, told: Told) -> AlertOut:
        """A line of what was told as JSON."""
        text = {key: str(told[key]) if told.get(key) else None for key in ("camera", "name")}
        person, actions = told.get("person"), told.get("actions")
        names = [str(name) for name in actions] if isinstance(actions, list) else []
        return cls(
            id=str(told.get("id", "")),
            at=time_of(told),
            rule=str(told.get("rule", "")),
            words=alert_words(told),
            person=person if isinstance(person, int) else None,
            actions=names,
            browser="browser" in names,
            **text,
        )


class ToldPage(BaseModel):
    """Some of what was told, newest first."""

    items: list[AlertOut]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


def routes(site: Site) -> APIRouter:
    """The endpoints."""
    api = router("alerts")
    _reading(api, site)
    _changing(api, site)
    return api


def _reading(api: APIRouter, site: Site) -> None:
    @api.get("/alerts", dependencies=SEE)
    def rules() -> AlertsOut:
        """The rules by which somebody is told, and what they can name; no secrets."""
        running, cameras = site.live.status().running, list(site.live.cameras())
        try:
            written, entries = site.alerts.written(), site.alerts.entries()
            problem = _taken(site) if running else ""
        except AlertsUnclear as error:
            written, entries, problem = no_rules(), [], error.message
        return AlertsOut(
            rules=[RuleOut.of(one) for one in entries],
            actions=[
                ActionOut(name=name, kind=str(table.get("kind")))
                for name, table in written.actions.items()
            ],
            lists=[ListOut(name=n, people=list(people)) for n, people in written.lists.items()],
            timezone=str(getattr(written.zone, "key", None) or "this machine"),
            cameras=cameras,
            running=running,
            problem=_without(site, problem),
        )

    @api.get("/live/alerts", dependencies=SEE)
    def told(page: Annotated[Asked, Depends(asked)]) -> ToldPage:
        """What was told, newest first, for as long as it is kept."""
        before = None if page.cursor is None else place_of(page.cursor)
        found = site.told.told(page.limit + 1, before)
        here = found[: page.limit]
        more = cursor_of(here[-1][0]) if len(found) > len(here) else None
        return ToldPage(items=[AlertOut.of(line) for _, line in here], next=more)


def _changing(api: APIRouter, site: Site) -> None:
    @api.put("/alerts/{rule:path}", dependencies=CHANGE)
    def put(rule: Name, body: RuleIn) -> RuleOut:
        """Makes a rule, or changes one; `alerts.toml` stays as it was written."""
        table = body.model_dump(exclude={"off"})
        try:
            return RuleOut.of(site.alerts.put(rule, table, off=body.off))
        except AlertsUnclear as error:
            raise AlertsUnclear(_without(site, error.message), error.hint) from None

    @api.delete("/alerts/{rule:path}", dependencies=CHANGE, status_code=204)
    def delete(rule: Name) -> Response:
        """Takes away a rule that was made here, or the changes to one of `alerts.toml`."""
        if not site.alerts.delete(rule):
            if any(one.name == rule for one in site.alerts.written().rules):
                raise Conflict(
                    "this rule stands in alerts.toml", "Delete it there, or switch it off here."
                )
            raise NothingHere(f"there is no rule {rule!r}")
        return Response(status_code=204)


def cursor_of(place: Place) -> str:
    """A place in a file of lines as a cursor."""
    # As text: browsers' numbers are too short for those of files
    return sealed((place.at, str(place.file), place.offset))


def place_of(cursor: str) -> Place:
    """The place of a cursor.

    Raises:
        Malformed: it is none.
    """
    match opened(cursor):
        case (int() as at, str() as file, int() as offset) if file.isdecimal() and offset >= 0:
            return Place(at, int(file), offset)
    raise Malformed("this cursor belongs to another list", "Begin with the first page.")


def _taken(site: Site) -> str:
    """Why the running watch could not take the rules."""
    try:
        found = json.loads((site.library.folder / TAKEN).read_text("utf-8"))
        return str(found["problem"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _without(site: Site, message: str) -> str:
    """A message that does not say where the library lies."""
    return message.replace(f"{site.library.folder}/", "")
