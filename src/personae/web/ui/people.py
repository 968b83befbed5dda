"""The wall of people, reviewed by keyboard, and the pairs who may be one person."""

from __future__ import annotations

import html

from nicegui import run, ui

from personae.app.suggesting import Suggestion
from personae.core.records import Person
from personae.web.site import Site
from personae.web.ui.layout import empty, markup, page, serve_assets
from personae.web.ui.words import evidence, seen

_TOOLS = """
<div class="pp-tools" role="toolbar" aria-label="Find and sort">
  <input id="pp-filter" class="pe-field" type="search" placeholder="Filter by name or tag"
    aria-label="Filter by name or tag" autocomplete="off">
  <select id="pp-kind" class="pe-select" aria-label="Who is shown">
    <option value="shown">Everybody</option><option value="unnamed">Without a name</option>
    <option value="named">With a name</option><option value="untagged">Gender not set</option>
    <option value="hidden">Hidden</option>
  </select>
  <select id="pp-order" class="pe-select" aria-label="Order">
    <option value="seconds">Longest on screen</option><option value="sightings">Most faces</option>
    <option value="name">By name</option><option value="newest">Newest first</option>
  </select>
  <span id="pp-count" class="pe-muted pe-small pe-grow" role="status"></span>
  <a class="pe-btn" href="/people/suggested"><i class="material-icons" aria-hidden="true"
    >compare</i>Same person?</a>
  <button id="pp-undo" class="pe-btn" type="button" title="Undo the last change (Z)"><i
    class="material-icons" aria-hidden="true">undo</i>Undo</button>
  <button id="pp-help" class="pe-btn pp-keyboard" type="button" title="Keys (?)"
    aria-label="Keys"><i class="material-icons" aria-hidden="true">keyboard</i></button>
</div>
"""
_WALL = """
<div id="pp-wall" class="pp-wall" role="group" aria-label="People" aria-busy="true"></div>
<div id="pp-nobody" class="pe-empty" hidden><i class="material-icons" aria-hidden="true">groups</i>
  <h2>Nobody here</h2><p></p><a class="pe-btn" href="/">Go to the library</a></div>
<div id="pp-bar" class="pp-bar" hidden><span id="pp-chosen" class="pe-small"></span>
  <button class="pe-btn primary" type="button" data-do="join" title="J">Merge</button>
  <button class="pe-btn" type="button" data-do="part" title="X">Not the same</button>
  <button class="pe-btn quiet" type="button" data-do="clear" title="Esc">Clear</button></div>
"""


def build(site: Site) -> None:
    """Registers the wall and the suggested pairs."""
    serve_assets()

    @ui.page("/people")
    def people() -> None:
        about = "Everybody who was seen. Press ? for the keys."
        with page("People", "People", about=about, scripts=["wall.js"], styles=["people.css"]):
            markup(_TOOLS)
            markup(_WALL)

    @ui.page("/people/suggested", response_timeout=60)
    async def suggested() -> None:
        found = await run.io_bound(site.library.suggestions)
        about = "People who look alike, but not enough to be merged without you."
        with page("One person or two?", "People", about=about, **_PAIRS):
            if not found:
                empty(
                    "done_all",
                    "Nothing to decide",
                    "No two people look alike enough to ask you. New ones may turn up whenever "
                    "videos or photos are added.",
                    ("Back to people", "/people"),
                )
                return
            markup(_PAIR_TOOLS)
            markup("".join(_pair(one) for one in found), "pp-pairs")


_PAIRS = {"scripts": ["pairs.js"], "styles": ["people.css"]}
_PAIR_TOOLS = """
<div class="pp-tools"><a class="pe-btn" href="/people"><i class="material-icons" aria-hidden="true"
  >arrow_back</i>People</a><span class="pe-grow pe-muted pe-small pp-keyboard"><kbd>←</kbd>
  <kbd>→</kbd> move, <kbd>J</kbd> same person, <kbd>X</kbd> two people, <kbd>K</kbd> skip,
  <kbd>Z</kbd> undo</span>
  <button id="pp-undo" class="pe-btn" type="button"><i class="material-icons" aria-hidden="true"
  >undo</i>Undo</button></div>
"""


def _pair(one: Suggestion) -> str:
    return (
        f'<article class="pe-panel pp-pair" tabindex="0" data-a="{one.a.id}" data-b="{one.b.id}" '
        f'aria-label="{html.escape(one.a.label)} and {html.escape(one.b.label)}">'
        f'<div class="pp-sides">{_side(one.a)}{_side(one.b)}</div>'
        f'<p class="pp-evidence">{html.escape(evidence(one))}</p><div class="pe-row">'
        '<button class="pe-btn primary" type="button" data-do="join">Same person</button>'
        '<button class="pe-btn" type="button" data-do="part">Two people</button>'
        '<button class="pe-btn quiet" type="button" data-do="skip">Not sure</button>'
        "</div></article>"
    )


def _side(person: Person) -> str:
    return (
        f'<a class="pp-side" href="/people/{person.id}"><img loading="lazy" width="200" '
        f'height="200" src="/api/v1/people/{person.id}/crop?n={person.sightings}" alt="">'
        f"<strong>{html.escape(person.label)}</strong>"
        f'<span class="pe-small pe-muted">{html.escape(seen(person))}</span></a>'
    )
