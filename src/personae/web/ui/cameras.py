"""Cameras: what a running `personae watch` wrote of them, or how to start one."""

from __future__ import annotations

import html
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from nicegui import ui

from personae.web.site import Site
from personae.web.ui.layout import empty, markup, page
from personae.web.ui.stage import STYLES

STATUS = "status.json"
STALE_S = 30.0
"""A status older than this is that of a watch that has ended."""
Told = dict[str, object]


def build(site: Site) -> None:
    """Registers the page of cameras."""

    @ui.page("/cameras")
    def cameras() -> None:
        with page("Cameras", "Cameras", about="Who is there right now.", styles=STYLES):
            file = site.library.folder / STATUS
            if read_status(file) is None:
                empty(
                    "videocam_off",
                    "No camera is being watched",
                    "Cameras are watched by `personae watch`, with the address of a camera "
                    "(rtsp:// or http://). While it runs, this page shows who is before them.",
                )
                return
            _live(file)


def _live(file: Path) -> None:
    @ui.refreshable
    def shown() -> None:
        found = read_status(file)
        if found is not None:
            markup(status_markup(found, time.time()), "pj-list")

    shown()
    ui.timer(1.0, shown.refresh)


def read_status(file: Path) -> Told | None:
    """What the watch wrote last; None where it wrote nothing that can be read."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def status_markup(found: Told, now: float) -> str:
    """The status as HTML: one panel a camera.

    Args:
        found: what the watch wrote.
        now: seconds since 1970.
    """
    written = _number(found.get("timestamp")) / 1000
    when = datetime.fromtimestamp(written, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    running = bool(found.get("running")) and now - written < STALE_S
    told = "watching now" if running else f"ended; as it was at {when}"
    streams = found.get("streams")
    panels = [_stream(one, running) for one in streams] if isinstance(streams, list) else []
    return f'<p class="pe-muted">{html.escape(told)}</p>' + "".join(panels)


def _stream(one: Told, running: bool) -> str:
    state = str(one.get("state", "")) if running else "ended"
    tone = {"live": "good", "ended": ""}.get(state, "warn")
    here = ", ".join(html.escape(name) for name in _names(one.get("persons"))) or "nobody"
    facts = " · ".join(
        (
            f"{_number(one.get('width')):.0f} × {_number(one.get('height')):.0f}",
            f"{_number(one.get('analysed_fps')):.1f} pictures a second looked at",
            f"{_number(one.get('latency_ms')):.0f} ms behind",
        )
    )
    why = f'<p class="pj-why">{html.escape(str(one["reason"]))}</p>' if one.get("reason") else ""
    return (
        f'<section class="pe-panel pj-job"><div class="pe-row"><i class="material-icons pe-muted" '
        f'aria-hidden="true">videocam</i><b class="pe-grow">{html.escape(str(one.get("name")))}</b>'
        f'<span class="pe-chip {tone}">{html.escape(state)}</span></div>'
        f'<div>Now: {here}</div><div class="pe-muted pe-small">{facts}</div>{why}</section>'
    )


def _names(persons: object) -> list[str]:
    found = persons if isinstance(persons, list) else []
    return [str(who.get("name") or "somebody unknown") for who in found if isinstance(who, dict)]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
