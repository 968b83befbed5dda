"""Opens films as local files only, never as addresses, patterns or playlists."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import av
from av.stream import Disposition

from personae.core.errors import (
    SourceEmpty,
    SourceMissing,
    SourceNoPicture,
    SourceUnreadable,
    SourceUnsupported,
)

DEMUXERS = (
    "mov,matroska,avi,mpegts,mpeg,flv,asf,gif,h264,hevc,m4v,mpegvideo,mjpeg,ogg,ivf,obu,mxf,nut,"
    "rm,dv,wtv,yuv4mpegpipe"
)
"""Kinds of film that may be opened."""
LARGEST_FRAME = 1 << 26
"""Pixels that a frame may have: twice 8K."""


def opened(path: Path) -> av.container.InputContainer:
    """The container of a regular local file.

    Raises:
        SourceError: it is missing, empty, no file, or cannot be opened.
    """
    _check(path)
    try:
        return av.open(
            "file:" + os.path.abspath(path),
            "r",
            options={"max_pixels": str(LARGEST_FRAME)},
            container_options={"protocol_whitelist": "file", "format_whitelist": DEMUXERS},
            metadata_errors="replace",
        )
    except PermissionError as error:
        raise SourceMissing(f"{path} may not be read") from error
    except (av.error.FFmpegError, ValueError, OSError, MemoryError) as error:
        raise SourceUnreadable(f"{path}: {error}") from error


def picture_stream(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    """The film's picture: the largest video stream that is not a cover.

    Raises:
        SourceNoPicture: there is none.
        SourceUnsupported: no decoder knows it.
    """
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        raise SourceNoPicture(f"{path} has no video stream")
    stream = max(streams, key=_pixels)
    if getattr(stream, "codec_context", None) is None:
        raise SourceUnsupported(f"{path}: no decoder knows its video stream")
    stream.codec_context.options = {"max_pixels": str(LARGEST_FRAME)}
    return stream


def sound_stream(container: av.container.InputContainer) -> av.AudioStream | None:
    """The default sound track, or else the first; None without one that can be decoded."""
    streams = [s for s in container.streams.audio if getattr(s, "codec_context", None)]
    chosen = [s for s in streams if s.disposition & Disposition.default]
    return next(iter(chosen or streams), None)


def _check(path: Path) -> None:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise SourceMissing(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not stat.S_ISREG(found.st_mode):
        raise SourceUnsupported(f"{path} is not a regular file")
    if found.st_size == 0:
        raise SourceEmpty(f"{path} is empty")


def _pixels(stream: av.VideoStream) -> int:
    context = getattr(stream, "codec_context", None)
    return 0 if context is None else int(context.width * context.height)
