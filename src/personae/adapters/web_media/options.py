"""What can be chosen about films from the web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How films are fetched from the web.

    Attributes:
        max_gigabytes: a film larger than this is not fetched.
        max_hours: a film longer than this, where its page says so, is not fetched.
        max_height: of several sizes the largest of at most this many lines is fetched.
        subtitles: languages of the subtitles that are kept, as `en,de`; `all`, or empty for none.
        playlist_items: which films of a playlist, as `1:10,15`; empty is all.
        retries: how often a connection that breaks off is taken up again.
        timeout_s: a server that says nothing for so long is given up.
    """

    max_gigabytes: float = 8.0
    max_hours: float = 6.0
    max_height: int = 1080
    subtitles: str = "all"
    playlist_items: str = ""
    retries: int = 5
    timeout_s: float = 20.0

    @property
    def max_bytes(self) -> int:
        """The largest film, in bytes."""
        return int(self.max_gigabytes * 1e9)

    def with_changes(self, changes: Mapping[str, object]) -> WebSettings:
        """The same settings but for these."""
        return WebSettings(**{**asdict(self), **changes})
