"""What was fetched: a small JSON file beside each download, written when it is complete."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from personae.core.origin import Origin, Subtitle

ENDING = ".origin.json"


@dataclass(frozen=True, slots=True)
class Download:
    """A film that was fetched completely.

    Attributes:
        file: where it lies.
        key: what tells this film from every other.
        addresses: what leads to this film and to no other.
        origin: what its page said.
    """

    file: Path
    key: str
    addresses: tuple[str, ...]
    origin: Origin


class Ledger:
    """The downloads in a folder.

    Args:
        folder: of the downloads; it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._by_key: dict[str, Download] = {}
        self._by_address: dict[str, Download] = {}
        for path in sorted(folder.glob(f"*{ENDING}")):
            known = _read(path)
            if known is not None:
                self._know(known)

    def at(self, address: str) -> Download | None:
        """The film at this very address, if it was fetched and still lies there."""
        return self._by_address.get(address)

    def of(self, key: str) -> Download | None:
        """The film with this key, if it was fetched and still lies there."""
        return self._by_key.get(key)

    def keep(self, made: Download) -> None:
        """Notes a download that is complete."""
        said = asdict(made.origin)
        about = {
            "file": made.file.name,
            "bytes": made.file.stat().st_size,
            "key": made.key,
            "addresses": list(made.addresses),
            **said,
        }
        path = made.file.with_name(made.file.stem + ENDING)
        partial = path.with_name(path.name + ".new")
        partial.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(partial, path)
        self._know(made)

    def _know(self, made: Download) -> None:
        self._by_key[made.key] = made
        for address in made.addresses:
            self._by_address[address] = made


def _read(path: Path) -> Download | None:
    """None where the note is no note of ours, or its film is gone or another."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        file = path.with_name(str(said["file"]))
        if file.stat().st_size != said["bytes"]:
            return None
        origin = Origin(
            url=said["url"],
            title=said["title"],
            uploader=said["uploader"],
            published_at=said["published_at"],
            fetched_at=said["fetched_at"],
            subtitles=_subtitles(said["subtitles"]),
        )
        return Download(file, said["key"], tuple(said["addresses"]), origin)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _subtitles(rows: Iterable[dict[str, str]]) -> tuple[Subtitle, ...]:
    return tuple(Subtitle(row["language"], row["file"]) for row in rows)
