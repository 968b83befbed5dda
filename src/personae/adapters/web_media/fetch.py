"""Fetches what lies at an address: one film, or every film of a playlist."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from personae.adapters.web_media.address import checked, printable
from personae.adapters.web_media.failures import as_ours
from personae.adapters.web_media.guard import Address, Guard, is_private
from personae.adapters.web_media.ledger import Download, Ledger
from personae.adapters.web_media.listing import Entry, Listing
from personae.adapters.web_media.names import ending_of, language_of, stem_of
from personae.adapters.web_media.options import WebSettings
from personae.adapters.web_media.ytdlp import Downloader, Info, downloader, load, partial_files
from personae.core.errors import PersonaeError, WebError, WebTooLarge
from personae.core.origin import Origin, Subtitle

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int | None], None]
"""Told the address, the bytes that are here, and the bytes of all of it where that is known."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of an address: a download, or an error.

    Attributes:
        address: fit to be printed.
        fresh: False for what was here before.
    """

    address: str
    download: Download | None = None
    error: PersonaeError | None = None
    fresh: bool = False


class Fetcher:
    """Fetches films into a folder; what is there is not fetched again.

    Args:
        folder: of the downloads; made when needed.
        settings: how much, how long, which.
        progress: is told how things go.
        private: says which network addresses are private.
    """

    def __init__(
        self,
        folder: Path,
        settings: WebSettings,
        progress: Progress = lambda address, done, total: None,
        private: Callable[[Address], bool] = is_private,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._progress = progress
        self._private = private
        self._ledger = Ledger(folder)

    def fetch(self, address: str) -> Iterator[Fetched]:
        """Every film at the address, one after the other; a failure is one of them."""
        shown = printable(address)
        known = self._ledger.at(shown)
        if known is not None:
            yield Fetched(shown, known)
            return
        guard = Guard(self._private)
        try:
            checked(address)
            library = load()
            self._folder.mkdir(parents=True, exist_ok=True)
            made = downloader(self._settings, guard, self._watch)
        except PersonaeError as error:
            yield Fetched(shown, error=error)
            return
        with made as loader:
            listing = Listing(library, loader, lambda a: self._ledger.at(printable(a)) is not None)
            for entry in listing.entries(address):
                yield self._tried(loader, entry, guard)

    def _tried(self, loader: Downloader, entry: Entry, guard: Guard) -> Fetched:
        shown = printable(entry.address)
        known = self._ledger.at(shown)
        if entry.error is None and known is not None and entry.alone:
            return Fetched(shown, known)
        try:
            if entry.found is None:
                raise entry.error or WebError(f"{shown} gave nothing")
            return self._one(loader, entry, entry.found)
        except PersonaeError as error:
            return Fetched(shown, error=error)
        except Exception as failure:  # noqa: BLE001 - a site's extractor may raise anything
            return Fetched(shown, error=as_ours(failure, entry.address, guard))
        finally:
            guard.refused = ""
            guard.close()

    def _one(self, loader: Downloader, entry: Entry, listed: Info) -> Fetched:
        shown = printable(entry.address)
        key = _key(listed)
        # The address of a page with several films is that of none of them
        mine = (shown,) if entry.alone else ()
        known = self._ledger.of(key)
        if known is not None:
            known = replace(known, addresses=tuple({*known.addresses, *mine}))
            self._ledger.keep(known)
            return Fetched(shown, known)
        found: Info = loader.process_ie_result(listed, download=False)
        self._admit(found, shown)
        stem = stem_of(_title(found), str(found["id"]), key)
        file = self._folder / f"{stem}.{ending_of(found.get('ext'))}"
        try:
            found["asked"] = shown
            complete, _ = loader.dl(str(file), found)
        except WebTooLarge:
            for path in partial_files(file):
                path.unlink()
            raise
        if not complete or not file.is_file():
            raise WebError(f"{shown} could not be fetched to its end")
        origin = replace(_origin(found, shown), subtitles=self._subtitles(loader, found, file))
        download = Download(file, key, mine, origin)
        self._ledger.keep(download)
        return Fetched(shown, download, fresh=True)

    def _admit(self, found: Info, shown: str) -> None:
        if found.get("is_live"):
            raise WebTooLarge(f"{shown} is a live stream, which has no end", "Wait until it ended.")
        hours = (found.get("duration") or 0) / 3600
        if hours > self._settings.max_hours:
            raise WebTooLarge(f"{shown} lasts {hours:.1f} hours")
        self._weigh(found.get("filesize") or 0, shown)

    def _weigh(self, size: int, shown: str) -> None:
        if size > self._settings.max_bytes:
            raise WebTooLarge(f"{shown} is larger than {self._settings.max_gigabytes:g} GB")

    def _watch(self, state: Mapping[str, Any]) -> None:
        shown = str(state["info_dict"].get("asked") or "subtitles")
        done, total = int(state.get("downloaded_bytes") or 0), state.get("total_bytes")
        self._weigh(max(done, total or 0), shown)
        if shown != "subtitles":
            self._progress(shown, done, total)

    def _subtitles(self, loader: Downloader, found: Info, film: Path) -> tuple[Subtitle, ...]:
        """Those that could be fetched; a film is not lost because of its subtitles."""
        kept = []
        for language, chosen in sorted((found.get("requested_subtitles") or {}).items()):
            told = language_of(language)
            ending = chosen.get("ext") if chosen.get("ext") in ("vtt", "srt", "ass") else "txt"
            file = film.with_name(f"{film.stem}.{told}.{ending}")
            try:
                if chosen.get("data") is not None:
                    file.write_text(chosen["data"], encoding="utf-8")
                else:
                    headers = found.get("http_headers") or {}
                    loader.dl(str(file), {"http_headers": headers, **chosen}, subtitle=True)
            except Exception as failure:  # noqa: BLE001 - a site's extractor may raise anything
                log.warning("subtitles of %s in %s: %s", found["asked"], told, failure)
            if file.is_file():
                kept.append(Subtitle(language, file.name))
        return tuple(kept)


def _key(found: Info) -> str:
    """What the site calls the film, with its page: elsewhere another may be called the same."""
    site = str(found.get("extractor_key") or found.get("ie_key") or "Generic")
    return f"{site}:{found['id']}:{printable(str(found.get('webpage_url') or ''))}"


def _title(found: Info) -> str:
    return str(found.get("title") or found["id"])


def _origin(found: Info, shown: str) -> Origin:
    uploader = found.get("uploader") or found.get("channel") or found.get("creator")
    return Origin(
        url=printable(str(found.get("webpage_url") or shown)),
        title=_title(found),
        uploader=None if uploader is None else str(uploader),
        published_at=_published(found),
        fetched_at=time.time_ns() // 1_000_000,
    )


def _published(found: Info) -> int | None:
    moment = found.get("timestamp") or found.get("release_timestamp")
    if moment is not None:
        return int(float(moment) * 1000)
    try:
        day = datetime.strptime(str(found.get("upload_date")), "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp() * 1000)
