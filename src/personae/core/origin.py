"""Where a file from the web came from: page, title, uploader, date, subtitles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subtitle:
    """Subtitles in one language; ``file`` lies beside the film they belong to."""

    language: str
    file: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What the page that a film was fetched from said about it.

    Attributes:
        url: of the page, or of the file where there was no page.
        published_at: UTC in milliseconds since 1970, None where the page said nothing.
        fetched_at: UTC in milliseconds since 1970.
    """

    url: str
    title: str
    uploader: str | None
    published_at: int | None
    fetched_at: int
    subtitles: tuple[Subtitle, ...] = ()
