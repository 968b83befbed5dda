"""Whether a browser plays a film as it is."""

from __future__ import annotations

from pathlib import Path

from personae.adapters.clips.opening import opened, picture_stream

PICTURES = ("h264", "vp8", "vp9", "av1")
DEPTH = ("yuv420p", "yuvj420p")
"""H.264 in other sampling or with more bits plays in few browsers."""
SOUNDS = {
    "video/mp4": ("aac", "mp3", "opus", "flac"),
    "video/webm": ("opus", "vorbis"),
}
WEBM = b"webm"
HEAD = 64
"""Bytes at the start of a Matroska file that hold the name of its kind."""


def browser_type(path: Path) -> str | None:
    """The media type under which every current browser plays the film, None if it does not.

    Raises:
        SourceError: the film is missing or cannot be read.
    """
    with opened(path) as container:
        kind = _container(path, container.format.name)
        if kind is None:
            return None
        stream = picture_stream(container, path)
        context = stream.codec_context
        if context.name not in PICTURES and context.codec.canonical_name not in PICTURES:
            return None
        if context.codec.canonical_name == "h264" and context.pix_fmt not in DEPTH:
            return None
        # Of several sound tracks a browser plays the first
        sounds = [s.codec_context.codec.canonical_name for s in container.streams.audio[:1]]
        return kind if all(name in SOUNDS[kind] for name in sounds) else None


def _container(path: Path, name: str) -> str | None:
    if "mp4" in name.split(","):
        return "video/mp4"
    if "webm" in name.split(","):
        with path.open("rb") as file:
            return "video/webm" if WEBM in file.read(HEAD) else None
    return None
