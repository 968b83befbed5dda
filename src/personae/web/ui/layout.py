"""The frame around every page: navigation, colours, light and dark, empty states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

PAGES = (
    ("Library", "/", "video_library"),
    ("People", "/people", "groups"),
    ("Search", "/search", "search"),
    ("Measure", "/measure", "bar_chart"),
    ("Cameras", "/cameras", "videocam"),
    ("Jobs", "/jobs", "pending_actions"),
    ("Settings", "/settings", "settings"),
)
"""Label, address and icon of each place of the navigation."""


@contextmanager
def page(title: str, active: str) -> Iterator[None]:
    """Everything a page puts inside lies below the navigation.

    Args:
        title: of the browser's tab and of the page.
        active: label of the navigation that is lit.
    """
    ui.page_title(f"{title} · Personae")
    with ui.header().classes("items-center"):
        for label, address, icon in PAGES:
            button = ui.button(label, icon=icon, on_click=lambda to=address: ui.navigate.to(to))
            button.props("flat color=white" + (" outline" if label == active else ""))
    with ui.column().classes("w-full max-w-7xl mx-auto p-4 gap-4"):
        yield


def empty(icon: str, title: str, hint: str) -> None:
    """A place with nothing in it yet, and what to do next."""
    with ui.column().classes("w-full items-center py-16 gap-2"):
        ui.icon(icon).classes("text-6xl opacity-40")
        ui.label(title).classes("text-lg")
        ui.label(hint).classes("opacity-70")
