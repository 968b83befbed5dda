"""What every request shares: the settings, one open library, and the work in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, RLock

from personae.adapters.stores.sqlite import FILE
from personae.app.alert_book import AlertBook
from personae.app.alert_log import AlertLog
from personae.app.library import Library
from personae.app.live_reading import LiveFiles
from personae.app.looking import Looker
from personae.app.settings import Settings
from personae.web.auth.access import Access
from personae.web.auth.store import UserStore
from personae.web.indexing import IndexLane
from personae.web.making import MakingLane
from personae.web.memory import Memory
from personae.web.work import Work

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
        media_folders: only what lies below these may be added by its path.
    """

    host: str = "127.0.0.1"
    port: int = 8017
    max_upload_bytes: int = 20_000_000_000
    behind_proxy: bool = False
    media_folders: tuple[Path, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK


@dataclass(slots=True)
class Site:
    """One served library.

    Attributes:
        access: who may ask.
        memory: answers that are kept until the library changes.
        looker: opens files of strangers in a process of its own.
        live: what a watch of this library writes.
        alerts: the rules by which it tells somebody.
        told: what it told.
        ending: is set when the server shall end; answers without end end then.

    Reading from several threads at once is safe; what loads networks or an index is not, and takes
    the lock.
    """

    settings: Settings
    web: WebSettings
    library: Library
    access: Access = field(init=False)
    memory: Memory = field(init=False)
    looker: Looker = field(init=False)
    live: LiveFiles = field(init=False)
    alerts: AlertBook = field(init=False)
    told: AlertLog = field(init=False)
    ending: Event = field(default_factory=Event)
    _lock: RLock = field(default_factory=RLock)
    _work: Work | None = None

    def __post_init__(self) -> None:
        self.memory = Memory(self.library.folder / FILE)
        self.looker = Looker(self.settings.stall_s, self.settings.max_pixels)
        self.live = LiveFiles(self.library.folder)
        self.alerts = AlertBook(self.library.folder)
        self.told = AlertLog(self.library.folder)
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

    @property
    def work(self) -> Work:
        """The work in the background; what an earlier server left undone begins with it."""
        with self._lock:
            if self._work is None:
                lanes = (
                    IndexLane(self.library, self.uploads),
                    MakingLane(self.library, self.alone),
                )
                self._work = Work(self.library.folder, lanes)
            return self._work

    def close(self) -> None:
        """Ends the work, which goes on the next time, and lets go of the library."""
        work, self._work = self._work, None
        if work is not None:
            work.close()
        self.looker.close()
        self.memory.close()
        self.library.close()
