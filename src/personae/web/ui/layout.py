"""The frame around every page: navigation, colours, light and dark, empty states."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from nicegui import app, context, ui

import personae
from personae.web.auth.roles import Caller

PAGES = (
    ("Library", "/", "video_library"),
    ("People", "/people", "groups"),
    ("Search", "/search", "image_search"),
    ("Measure", "/measure", "bar_chart"),
    ("Cameras", "/cameras", "videocam"),
    ("Jobs", "/jobs", "pending_actions"),
    ("Settings", "/settings", "settings"),
)
"""Label, address and icon of each place of the navigation."""

ASSETS = "/assets"
"""Where the browser finds our own styles and scripts."""

_MARK = (
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" aria-hidden="true"><path d="M3 8V5a2 2 0 0 1 2-2h3M16 3h3a2 2 0 0 1 2 '
    '2v3M21 16v3a2 2 0 0 1-2 2h-3M8 21H5a2 2 0 0 1-2-2v-3"/><circle cx="12" cy="10" r="3"/>'
    '<path d="M7 17c1-2.6 3-3.6 5-3.6s4 1 5 3.6"/></svg>'
)


@cache
def serve_assets() -> str:
    """Makes our own styles and scripts reachable, once a process; their address."""
    # Asked for anew each time (304 as a rule), so that no browser mixes two versions
    app.add_static_files(ASSETS, Path(__file__).parent / "assets", max_cache_age=0)
    return ASSETS


@contextmanager
def page(
    title: str,
    active: str,
    *,
    about: str = "",
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
) -> Iterator[None]:
    """Everything a page puts inside lies beside the navigation.

    Args:
        title: of the browser's tab and of the page.
        active: label of the navigation that is lit.
        about: one line below the title.
        scripts: our modules in ``assets`` that this page runs, such as ``people.js``.
        styles: our style sheets in ``assets`` beside ``frame.css``.
    """
    serve_assets()
    ui.page_title(f"{title} · Personae")
    ui.dark_mode(None)
    for name in ("frame.css", *styles):
        ui.add_head_html(f'<link rel="stylesheet" href="{ASSETS}/{name}">')
    for name in ("frame.js", *scripts):
        ui.add_body_html(f'<script type="module" src="{ASSETS}/{name}"></script>')
    markup(_navigation(active))
    with (
        ui.element("main").classes("pe-main").props('id="main" tabindex="-1"'),
        ui.element("div").classes("pe-inner"),
    ):
        below = f'<p id="pe-about">{html.escape(about)}</p>' if about else ""
        markup(f'<h1 id="pe-title">{html.escape(title)}</h1>{below}', "pe-head")
        yield


def markup(text: str, classes: str = "", tag: str = "div") -> None:
    """HTML of our own making; whatever came from people or files is escaped by the caller."""
    element = ui.html(text, sanitize=False, tag=tag)
    if classes:
        element.classes(classes)


def empty(icon: str, title: str, hint: str, action: tuple[str, str] | None = None) -> None:
    """A place with nothing in it yet, and what to do next.

    Args:
        icon: name of a Material icon.
        title: what is missing.
        hint: what to do.
        action: label and address of a link that leads there.
    """
    link = ""
    if action:
        label, address = (html.escape(part) for part in action)
        link = f'<a class="pe-btn primary" href="{address}">{label}</a>'
    markup(
        f'<i class="material-icons" aria-hidden="true">{icon}</i><h2>{html.escape(title)}</h2>'
        f"<p>{html.escape(hint)}</p>{link}",
        "pe-empty",
    )


def _navigation(active: str) -> str:
    places = "".join(
        f'<a class="pe-place" href="{address}"{_lit(label == active)}>'
        f'<i class="material-icons" aria-hidden="true">{icon}</i><span>{label}</span></a>'
        for label, address, icon in PAGES
    )
    version = html.escape(personae.__version__)
    return (
        '<a class="pe-skip" href="#main">Skip to content</a>'
        '<nav class="pe-rail" aria-label="Places">'
        f'<a class="pe-brand" href="/" title="Personae {version}">{_MARK}<span>Personae</span></a>'
        f'{places}<div class="pe-rail-foot">{_account()}'
        '<button class="pe-btn quiet" id="pe-theme" type="button" title="Light or dark">'
        '<i class="material-icons" aria-hidden="true">contrast</i><span>Theme</span></button>'
        "</div></nav>"
    )


def _account() -> str:
    """Who is signed in, and the way out; nothing where there are no users."""
    caller = context.client.request.scope.get("personae.caller")
    if not isinstance(caller, Caller) or caller.how != "session":
        return '<span id="pe-account" hidden></span>'
    name = html.escape(caller.name)
    return (
        '<span id="pe-account"><button class="pe-btn quiet" id="pe-out" type="button" '
        f'title="Signed in as {name} ({caller.role})">'
        '<i class="material-icons" aria-hidden="true">logout</i>'
        f"<span>Sign out {name}</span></button></span>"
    )


def _lit(active: bool) -> str:
    return ' aria-current="page"' if active else ""
