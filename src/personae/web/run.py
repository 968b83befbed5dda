"""Starts the server of a library; what ``personae serve`` calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn

from personae.app.library import Library
from personae.app.settings import Settings
from personae.web.auth.store import UserStore
from personae.web.refusals import UsersMissing
from personae.web.server import create_app
from personae.web.site import Site, WebSettings


def demand_users(folder: Path, web: WebSettings) -> None:
    """Refuses to be reached from elsewhere while there is nobody to ask for a password.

    Raises:
        UsersMissing: other machines, or a proxy, could reach a library without users.
    """
    if UserStore(folder).any():
        return
    if not web.is_local:
        raise UsersMissing(
            f"{web.host} can be reached from other machines, and this library has no users"
        )
    if web.behind_proxy:
        raise UsersMissing("a proxy lets others in, and this library has no users")


def serve(settings: Settings, web: WebSettings, ready: Callable[[str], None]) -> None:
    """Serves a library until it is stopped (Ctrl-C or SIGTERM).

    Args:
        settings: of the library, which is made if it is not there.
        web: how it is served.
        ready: is told the address once it can be asked.

    Raises:
        UsersMissing: it would be reached from elsewhere without a password.
    """
    library = Library(settings)
    try:
        demand_users(library.folder, web)
        site = Site(settings, web, library)
        app = create_app(site)
    except BaseException:
        library.close()
        raise
    config = uvicorn.Config(
        app,
        host=web.host,
        port=web.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Whoever says it is a proxy is believed on this machine only, and only when asked for
        proxy_headers=web.behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=10,
    )
    _Announcing(config, site, lambda: ready(_address(web))).run()


class _Announcing(uvicorn.Server):
    """Says when it listens, and has answers without end end when it does."""

    def __init__(self, config: uvicorn.Config, site: Site, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._site = site
        self._ready = ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._site.ending.set()
        super().handle_exit(sig, frame)


def _address(web: WebSettings) -> str:
    host = f"[{web.host}]" if ":" in web.host else web.host
    return f"http://{host}:{web.port}"
