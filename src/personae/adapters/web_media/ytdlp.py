"""yt-dlp as a library, set up so that it does nothing but ask the pages it is given.

It reads no configuration, loads no plug-ins, starts no other program, uses no cookies but those a
page sets while it is asked, keeps no cache and looks for no newer version of itself.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from personae.adapters.web_media.options import WebSettings
from personae.core.errors import ExtraMissing

if TYPE_CHECKING:
    from personae.adapters.web_media.guard import Guard

log = logging.getLogger(__name__)

LICENCE = "Unlicense"
Downloader: TypeAlias = Any
"""A ``yt_dlp.YoutubeDL``, which has no types."""
Info: TypeAlias = dict[str, Any]
"""What yt-dlp found, by its names."""
Hook: TypeAlias = Callable[[Mapping[str, Any]], None]
NOWHERE = os.path.join(os.devnull, "none")


class _Quiet:
    """Takes what yt-dlp says: it is for the log; what matters is raised."""

    def debug(self, message: str) -> None:
        log.debug("%s", message)

    info = warning = error = debug


def installed() -> str | None:
    """The version of yt-dlp, None where the extra is not installed."""
    try:
        return version("yt-dlp")
    except PackageNotFoundError:
        return None


def load() -> Any:  # noqa: ANN401 - a module without types
    """The library.

    Raises:
        ExtraMissing: the extra is not installed.
    """
    try:
        library = import_module("yt_dlp")
    except ModuleNotFoundError as error:
        if error.name != "yt_dlp":
            raise
        raise ExtraMissing('films from the web need `pip install "personae[web-video]"`') from error
    import_module("yt_dlp.globals").all_plugins_loaded.value = True
    return library


def downloader(settings: WebSettings, guard: Guard, hook: Hook) -> Downloader:
    """A ``YoutubeDL`` of these settings whose every connection the guard sees; close it."""
    library = load()
    made = library.YoutubeDL({**_fixed(), **_chosen(settings), "progress_hooks": [hook]})
    handler = guard.handler(import_module("yt_dlp.networking._urllib"))
    made._request_director = made.build_request_director([handler])
    return made


def _chosen(settings: WebSettings) -> Info:
    fits = "[protocol~='^(https?|m3u8|m3u8_native|http_dash_segments)$']"
    low = f"[height<=?{settings.max_height}]"
    kinds = (f"best[ext=mp4]{low}", f"best{low}", f"bestvideo{low}", "best", "bestvideo")
    languages = [each.strip() for each in settings.subtitles.split(",") if each.strip()]
    return {
        # One file with picture and sound: two would have to be joined by another program
        "format": "/".join(kind + fits for kind in kinds),
        "writesubtitles": bool(languages),
        "subtitleslangs": [*languages, "-live_chat"],
        "playlist_items": settings.playlist_items or None,
        "retries": settings.retries,
        "fragment_retries": settings.retries,
        "socket_timeout": settings.timeout_s,
    }


def _fixed() -> Info:
    return {
        "logger": _Quiet(),
        "quiet": True,
        "no_warnings": True,
        "noprogress": True,
        "color": "never",
        "cachedir": False,
        "continuedl": True,
        "updatetime": False,
        "skip_unavailable_fragments": False,
        # A film opened within its list is that film, not the list
        "noplaylist": True,
        "subtitlesformat": "vtt/srt/best",
        "geo_bypass": False,
        "extractor_retries": 1,
        "retry_sleep_functions": dict.fromkeys(("http", "fragment"), _pause),
        "fixup": "never",
        "hls_prefer_native": True,
        "external_downloader": {"default": "native"},
        "ffmpeg_location": NOWHERE,
        "js_runtimes": {},
    }


def _pause(n: int) -> float:
    return min(0.5 * (n + 1), 5.0)


def partial_files(file: Path) -> list[Path]:
    """What a download that is not complete left beside its place."""
    return [
        path
        for path in file.parent.iterdir()
        if path.name.startswith(f"{file.name}.") and path.name != file.name
    ]
