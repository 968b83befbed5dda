"""Real Chromium on the pages: what it asks of the network and complains of is watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.chromium import chromium

PATIENCE_MS = 20_000
"""A busy machine takes its time."""


@dataclass
class Watched:
    """What happened beside what was looked at.

    Attributes:
        outside: addresses that were asked for and are not the server's.
        complaints: errors of scripts and of the console.
        broken: answers of 400 and more, and what failed altogether.
    """

    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@contextmanager
def browsing(
    url: str, *, width: int = 1280, height: int = 860, dark: bool = False, calm: bool = True
) -> Iterator[tuple[Page, Watched]]:
    """A window on the server at ``url``; fails at the end if a page asked anybody else.

    Args:
        url: of the server, without a slash at the end.
        width: of the window; below 600 it is a phone.
        height: of the window.
        dark: the system prefers dark.
        calm: fail also for complaints of scripts and broken answers.
    """
    place = urlsplit(url).netloc
    seen = Watched()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        window = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            is_mobile=width < 600,
            has_touch=width < 600,
        )
        window.set_default_timeout(PATIENCE_MS)
        page = window.new_page()

        def asked(address: str) -> None:
            if urlsplit(address).scheme not in ("data", "blob") and _place(address) != place:
                seen.outside.append(address)

        def heard(status: int, address: str) -> None:
            if status >= 400:
                seen.broken.append(f"{status} {address}")

        page.on("request", lambda request: asked(request.url))
        page.on("websocket", lambda socket: asked(socket.url))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: seen.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("response", lambda answer: heard(answer.status, answer.url))
        try:
            yield page, seen
        finally:
            browser.close()
    assert not seen.outside, "a page asked somebody else than its server"
    if calm:
        assert not seen.complaints
        assert not seen.broken


def _place(address: str) -> str:
    return urlsplit(address).netloc
