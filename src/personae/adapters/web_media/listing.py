"""What lies at an address: one film, or the films of a playlist, of lists within it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from personae.adapters.web_media.ytdlp import Downloader, Info

DEEPEST = 6
"""Lists within lists, and references to references."""
LISTS, REFERENCES = ("playlist", "multi_video"), ("url", "url_transparent")
OWN = ("_type", "url", "ie_key")
"""What a reference says of itself, not of the film it refers to."""
INHERITED = ("webpage_url", "extractor", "extractor_key")
"""What a film that stands in its page's list has from the page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One film, not yet looked at closely.

    Attributes:
        address: that leads to it.
        alone: whether the address leads to it and to nothing else.
        found: what is known of it.
        error: why nothing is known of it.
    """

    address: str
    alone: bool
    found: Info | None = None
    error: Exception | None = None


class Listing:
    """Walks what an address leads to; what cannot be asked is an entry with its error.

    Args:
        library: yt-dlp.
        loader: asks the pages.
        known: says of an address that its film is here; it is not asked again.
    """

    def __init__(self, library: Any, loader: Downloader, known: Callable[[str], bool]) -> None:  # noqa: ANN401 - a module without types
        self._library = library
        self._loader = loader
        self._known = known

    def entries(self, address: str) -> Iterator[Entry]:
        """Every film at the address, each as soon as it is found."""
        yield from self._reference({"_type": "url", "url": address}, address, 0)

    def _at(self, found: Info, address: str, depth: int) -> Iterator[Entry]:
        kind = found.get("_type") or "video"
        if kind in LISTS:
            yield from self._list(found, address, depth)
        elif kind in REFERENCES:
            yield from self._reference(found, address, depth)
        else:
            yield Entry(address, alone=True, found=found)

    def _list(self, found: Info, address: str, depth: int) -> Iterator[Entry]:
        try:
            wanted = self._library.utils.PlaylistEntries(self._loader, found)
            for _, each in wanted.get_requested_items():
                if each:
                    yield from self._listed(each, found, address, depth)
        except Exception as failure:  # noqa: BLE001 - a site's extractor may raise anything
            yield Entry(address, alone=False, error=failure)

    def _listed(self, each: Info, of: Info, address: str, depth: int) -> Iterator[Entry]:
        if each.get("_type") in REFERENCES:
            yield from self._reference(each, str(each["url"]), depth + 1)
        elif each.get("_type") in LISTS:
            yield from self._list(each, address, depth + 1)
        else:
            page = {name: of[name] for name in INHERITED if of.get(name)}
            yield Entry(address, alone=False, found={**page, **each})

    def _reference(self, refers: Info, address: str, depth: int) -> Iterator[Entry]:
        if self._known(address):
            yield Entry(address, alone=True)
            return
        try:
            there = self._asked(refers, depth)
        except Exception as failure:  # noqa: BLE001 - a site's extractor may raise anything
            yield Entry(address, alone=True, error=failure)
            return
        yield from self._at(there, address, depth + 1)

    def _asked(self, refers: Info, depth: int) -> Info:
        if depth > DEEPEST:
            raise self._library.utils.ExtractorError("it leads on and on", expected=True)
        there: Info | None = self._loader.extract_info(
            str(refers["url"]), ie_key=refers.get("ie_key"), download=False, process=False
        )
        if there is None:
            raise self._library.utils.ExtractorError("it says nothing", expected=True)
        if refers["_type"] == "url_transparent" and there.get("_type") not in LISTS:
            said = {k: v for k, v in refers.items() if v is not None and k not in OWN}
            return {**there, **said}
        return there
