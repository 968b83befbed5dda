"""Addresses of the web among what shall be indexed: fetched into the library first.

Nothing here runs, and nothing of it is loaded, unless an address is given.
"""

from __future__ import annotations

import fcntl
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from personae.adapters.web_media.address import printable
from personae.adapters.web_media.address import split_addresses as split_addresses
from personae.adapters.web_media.options import WebSettings
from personae.adapters.web_media.ytdlp import LICENCE, installed
from personae.core.errors import LibraryBusy, PersonaeError, UnknownOption
from personae.core.records import Job, JobState

if TYPE_CHECKING:
    from personae.adapters.stores.origin import OriginRows
    from personae.adapters.web_media.fetch import Fetched
    from personae.adapters.web_media.ledger import Download

log = logging.getLogger(__name__)

FOLDER = "downloads"
"""Below the library's: films from the web, their subtitles and a note on each."""
SAID = "TERMS.txt"
TERMS = """\
Films from the web are fetched by yt-dlp (Unlicense), which is no part of Personae.
Being able to fetch a film is no permission to: sites have terms of use, films have owners, and the
people in them have rights. Whether you may copy and analyse a film is for you to find out.
This is said once for each library."""
PIP = 'pip install "personae[web-video]"'
ITEMS = re.compile(r"(-?\d+|-?\d*[:-]-?\d*(:-?[1-9]\d*)?)(,(-?\d+|-?\d*[:-]-?\d*(:-?[1-9]\d*)?))*")


@dataclass(slots=True)
class Brought:
    """What came of the addresses.

    Attributes:
        downloads: films that lie in the library now, old and new.
        failed: addresses and why.
        cancelled: by Ctrl-C; what is here of a film is continued the next time.
    """

    downloads: list[Download] = field(default_factory=list)
    failed: list[tuple[str, PersonaeError]] = field(default_factory=list)
    cancelled: bool = False

    @property
    def files(self) -> list[Path]:
        """Where the films lie."""
        return [each.file for each in self.downloads]


def terms(library: Path) -> str:
    """What must be said before the first film is fetched into a library; empty when it was.

    It lies in the library afterwards, so that whoever finds the films finds the words too.
    """
    file = library.expanduser() / FOLDER / SAID
    if installed() is None or file.exists():
        return ""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TERMS + "\n", encoding="utf-8")
    return TERMS


def support() -> str:
    """Whether films from the web can be fetched, for those who look at an installation."""
    found = installed()
    return f"yt-dlp {found} ({LICENCE})" if found else f"not installed; `{PIP}` adds yt-dlp"


def bring(
    library: Path,
    addresses: Sequence[str],
    settings: WebSettings,
    watch: Callable[[Sequence[Job], int], None],
) -> Brought:
    """Fetches what lies at the addresses; one that fails stops no other.

    Args:
        library: its folder.
        addresses: of films, pages and playlists.
        settings: how much, how long, which.
        watch: is told several times a second how things go, by jobs of the kind ``fetch``.

    Raises:
        UnknownOption: ``playlist_items`` is not of its form.
    """
    brought = Brought()
    if not addresses:
        return brought
    if settings.playlist_items and not ITEMS.fullmatch(settings.playlist_items):
        raise UnknownOption(
            f"{settings.playlist_items!r} names no films of a playlist",
            "Write numbers and ranges, as in 1:10,15.",
        )
    if said := terms(library):
        log.warning("%s", said)
    # Half a second to import, and needed for addresses alone
    from personae.adapters.web_media.fetch import Fetcher

    folder = library.expanduser().absolute() / FOLDER
    tracked = _Tracked(addresses, watch)
    try:
        with _alone(folder):
            fetcher = Fetcher(folder, settings, tracked.progress)
            for address in addresses:
                tracked.begin(address)
                for found in fetcher.fetch(address):
                    tracked.end(found)
                    _sort(found, brought)
    except LibraryBusy as error:
        brought.failed += [(printable(address), error) for address in addresses]
    except KeyboardInterrupt:
        brought.cancelled = True
    return brought


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time fetches into a library: two would write into one half of a film."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LibraryBusy(f"another process fetches films into {folder}") from error
        yield


def note_origins(origins: OriginRows, brought: Brought) -> None:
    """Keeps what the pages said beside the media that were made of the downloads."""
    for each in brought.downloads:
        origins.note(each.file, each.origin)


def _sort(found: Fetched, brought: Brought) -> None:
    if found.error is not None:
        brought.failed.append((found.address, found.error))
    if found.download is not None and found.download.file not in brought.files:
        brought.downloads.append(found.download)


class _Tracked:
    """Tells of downloads as of any other job."""

    def __init__(
        self, addresses: Sequence[str], watch: Callable[[Sequence[Job], int], None]
    ) -> None:
        self._watch = watch
        self._ended: list[Job] = []
        self._waiting = [_job(address, "waiting") for address in addresses]

    def begin(self, address: str) -> None:
        del self._waiting[0]
        self.progress(address, 0, None)

    def progress(self, address: str, done: int, total: int | None) -> None:
        share = min(done / total, 1.0) if total else 0.0
        running = replace(_job(address, "running"), progress=share, result={"bytes": done})
        self._tell([running])

    def end(self, found: Fetched) -> None:
        self._ended.append(_job(found.address, "failed" if found.error else "done"))
        self._tell([])

    def _tell(self, running: list[Job]) -> None:
        jobs = [*self._ended, *running, *self._waiting]
        self._watch(jobs, len(jobs))


def _job(address: str, state: JobState) -> Job:
    return Job(
        key=f"fetch:{address}",
        kind="fetch",
        state=state,
        worker=None,
        attempts=1,
        progress=0.0,
        payload={"path": printable(address)},
    )
