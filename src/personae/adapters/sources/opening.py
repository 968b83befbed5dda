"""Opens film files as local files only, with the demuxers we mean, and picks their picture."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import av
from av.stream import Disposition

from personae.adapters.sources.boxes import ends_inside_a_box, is_boxed, is_encrypted
from personae.adapters.sources.local_file import checked, first_bytes
from personae.core.errors import (
    SourceError,
    SourceMissing,
    SourceNoPicture,
    SourceTooLarge,
    SourceTruncated,
    SourceUnreadable,
    SourceUnsupported,
)

DEMUXERS = (
    "mov,matroska,avi,mpegts,mpeg,flv,asf,gif,h264,hevc,m4v,mpegvideo,mjpeg,ogg,ivf,obu,mxf,nut,"
    "rm,dv,wtv,yuv4mpegpipe,wav,mp3,flac,aac,ac3,aiff,amr"
)
"""What may be opened: films, and sound so that it can be told apart. No playlists, no patterns."""
LARGEST_FRAME = 1 << 26
"""Pixels that a frame may have: twice 8K."""
MAGICS = (
    b"\x1aE\xdf\xa3",
    b"RIFF",
    b"GIF8",
    b"FLV\x01",
    b"OggS",
    b"DKIF",
    b"0&\xb2u",
    b"\0\0\1\xba",
)
"""First bytes of films that are not made of boxes; some kinds have none that are sure."""


@dataclass(frozen=True, slots=True)
class VideoOptions:
    """How a film is decoded.

    Attributes:
        threads: decoder threads; 1 decodes in the caller's thread.
        skip_nonref: leave out frames that no other frame needs.
        quick: leave frames that are predicted from both sides unsmoothed: a tenth less work for
            H.264, every frame and time stays, edges of blocks show a little.
    """

    threads: int = 1
    skip_nonref: bool = False
    quick: bool = False


def opened(path: Path) -> av.container.InputContainer:
    """The container. Playlists, patterns and addresses inside the file or its name stay shut.

    Raises:
        SourceError: it cannot be opened.
    """
    checked(path)
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
        raise _refusal(path, error) from error


def is_film(head: bytes) -> bool:
    """Whether the first bytes of a file are surely those of a film."""
    return is_boxed(head) or head.startswith(MAGICS)


def picture_stream(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    """The film's picture: the largest video stream that is not a cover.

    Raises:
        SourceNoPicture: there is none.
        SourceUnsupported: it is encrypted, or no decoder knows it.
        SourceTooLarge: its frames have too many pixels.
    """
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        raise SourceNoPicture(f"{path} has no video stream")
    stream = max(streams, key=_pixels)
    if getattr(stream, "codec_context", None) is None:
        raise SourceUnsupported(f"{path}: no decoder knows its video stream")
    if is_encrypted(path):
        raise SourceUnsupported(f"{path} is encrypted", "Export it without copy protection.")
    if _pixels(stream) > LARGEST_FRAME:
        raise SourceTooLarge(
            f"{path}: frames of {stream.width} x {stream.height} pixels",
            f"Scale the film down to at most {LARGEST_FRAME} pixels a frame.",
        )
    return stream


def prepare(stream: av.VideoStream, options: VideoOptions) -> None:
    """Sets the decoder up before its first packet."""
    context = stream.codec_context
    options_of = {"max_pixels": str(LARGEST_FRAME)}
    if options.quick:
        options_of["skip_loop_filter"] = "bidir"
    context.options = options_of
    context.thread_count = options.threads
    context.thread_type = "NONE" if options.threads == 1 else "AUTO"
    if options.skip_nonref:
        context.skip_frame = "NONREF"


def _pixels(stream: av.VideoStream) -> int:
    context = getattr(stream, "codec_context", None)
    return 0 if context is None else int(context.width * context.height)


def _refusal(path: Path, error: Exception) -> SourceError:
    head = first_bytes(path, 16)
    if is_boxed(head) and ends_inside_a_box(path):
        return SourceTruncated(f"{path} is cut off: its table of contents is missing")
    if is_film(head) and isinstance(error, av.error.EOFError):
        return SourceTruncated(f"{path} is cut off in its header")
    if is_film(head):
        return SourceUnreadable(f"{path}: {error}")
    return SourceUnsupported(f"{path} is of no kind that can be read")
