"""What every request shares: the settings, one open library, and the work in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

from personae.app.library import Library
from personae.app.settings import Settings
from personae.web.auth.access import Access
from personae.web.auth.store import UserStore

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses that only this machine reaches."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the library is served.

    Attributes:
        host: address to listen on; anything but loopback needs users.
        port: TCP port.
        max_upload_bytes: larger uploads are refused while they come in.
        behind_proxy: trust the forwarded headers of a reverse proxy on this machine.
    """

    host: str = "127.0.0.1"
    port: int = 8017
    max_upload_bytes: int = 20_000_000_000
    behind_proxy: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK


@dataclass(slots=True)
class Site:
    """One served library.

    Attributes:
        access: who may ask.

    Reading from several threads at once is safe; what loads networks or an index is not, and takes
    the lock.
    """

    settings: Settings
    web: WebSettings
    library: Library
    access: Access = field(init=False)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.access = Access(UserStore(self.library.folder), is_local=self.web.is_local)

    @property
    def uploads(self) -> Path:
        """Where uploaded files lie, below the library's folder."""
        return self.library.folder / "uploads"

    @contextmanager
    def alone(self) -> Iterator[Library]:
        """The library with nobody else searching or rendering."""
        with self._lock:
            yield self.library
