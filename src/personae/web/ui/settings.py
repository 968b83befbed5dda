"""What is in force: settings, models with their licences, providers, and whether all is well."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from nicegui import run, ui
from pydantic import BaseModel

from personae.adapters.models.onnx import available
from personae.app.catalogue import Check, diagnose, models
from personae.web.site import Site
from personae.web.ui.layout import markup, page
from personae.web.ui.stage import STYLES
from personae.web.visitors import may

_ATTRIBUTE = re.compile(r"^    (\w+)(?: \([^)]*\))?: (.*(?:\n {8,}.*)*)", re.MULTILINE)
_SECRET = re.compile(r"password|passwd|secret|token|key", re.IGNORECASE)


def build(site: Site) -> None:
    """Registers the page of settings."""

    @ui.page("/settings")
    def settings() -> None:
        about = "What is in force; to read, not to change."
        with page("Settings", "Settings", about=about, styles=STYLES):
            _settings(site)
            _models()
            _health(site)


def _settings(site: Site) -> None:
    lines = [
        f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(value)}</td>"
        f'<td class="pe-muted">{html.escape(about)}</td></tr>'
        for name, value, about in in_force(site.settings)
    ]
    hint = (
        "Set in <code>personae.toml</code>, by an environment variable such as "
        "<code>PERSONAE_OBSERVE__FPS</code>, or on the command line; the server reads them when it "
        "starts."
    )
    _table("Settings", hint, ("Name", "Value", "What it is"), lines)


def _models() -> None:
    lines = [
        f"<tr><td>{_said(one['name'])}{_chip(bool(one['default']))}</td><td>{_said(one['task'])}"
        f"</td><td>{_said(one['licence'])}</td><td>{_said(one['origin'])}</td>"
        f'<td class="n">{_said(one["megabytes"])}</td></tr>'
        for one in models()
    ]
    hint = f"They run on this machine only. Providers here: {_said(', '.join(available()))}."
    _table("Models", hint, ("Name", "Task", "Licence", "Origin", "MB"), lines)


def _health(site: Site) -> None:
    with ui.element("section").classes("pe-panel"):
        markup("<h2>Is all well?</h2>")
        if not may(site, "admin"):
            markup("An administrator can have this machine checked here.", "pe-muted")
            return
        hint = "Loads every model, looks at the disk and at the library; this takes some seconds."
        markup(hint, "pe-muted pe-small")
        place = ui.element("div")

        async def look() -> None:
            button.disable()
            folder = site.library.folder
            found = await run.io_bound(diagnose, folder)
            place.clear()
            with place:
                markup(_checks(found or ()), "pv-scroll")
            button.enable()

        button = ui.button("Check this machine", icon="health_and_safety", on_click=look)
        button.props("outline no-caps")


def _checks(found: Sequence[Check]) -> str:
    lines = "".join(
        f'<tr><td><span class="pe-chip {"good" if one.ok else "bad"}">'
        f"{'well' if one.ok else 'not well'}</span></td><td>{html.escape(one.name)}</td>"
        f"<td>{html.escape(one.message)}</td></tr>"
        for one in found
    )
    return f'<table class="pe-table" id="ps-checks">{lines}</table>'


def in_force(settings: BaseModel, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Every setting with its value as text and what it is; what is secret stays so."""
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from in_force(value, f"{prefix}{name}.")
            continue
        if is_dataclass(value):
            said = _attributes(value)
            for part in fields(value):
                text = _value(part.name, getattr(value, part.name))
                yield f"{prefix}{name}.{part.name}", text, said.get(part.name, "")
            continue
        yield f"{prefix}{name}", _value(name, value), field.description or ""


def _attributes(value: object) -> dict[str, str]:
    """What the section Attributes of its class's docstring says of each."""
    section = (inspect.getdoc(type(value)) or "").partition("Attributes:\n")[2]
    return {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(section)}


def _value(name: str, value: object) -> str:
    if _SECRET.search(name) and value:
        return "set, not shown"
    return "(none)" if value in (None, "", (), []) else str(value)


def _table(title: str, hint: str, heads: Sequence[str], lines: Sequence[str]) -> None:
    head = "".join(f"<th>{one}</th>" for one in heads)
    markup(
        f'<h2>{title}</h2><p class="pe-muted pe-small">{hint}</p><div class="pv-scroll">'
        f'<table class="pe-table"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody>'
        "</table></div>",
        "pe-panel",
        tag="section",
    )


def _said(value: object) -> str:
    return html.escape(str(value))


def _chip(default: bool) -> str:
    return ' <span class="pe-chip accent">in use</span>' if default else ""
