"""Writes a camera's packets into an MP4: as they are, or encoded anew where MP4 has no place."""

from __future__ import annotations

import io
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Protocol, cast

import av

from personae.adapters.recordings.packets import Header, Kept, bare

ENCODED = {"preset": "superfast", "crf": "23", "bf": "0"}


class ClipFile(Protocol):
    """One MP4 being written, first packet first, beginning with a key frame."""

    def add(self, packet: Kept) -> None:
        """The next packet."""
        ...

    def finish(self) -> None:
        """Writes the table of contents."""
        ...

    def abandon(self) -> None:
        """Lets go of a file that will be thrown away."""
        ...


def clip_file(path: Path, header: Header) -> ClipFile:
    """A clip at ``path``, whatever its ending.

    Raises:
        OSError: the file cannot be written.
    """
    return CopiedClip(path, header) if header.mp4 else EncodedClip(path, header)


class CopiedClip:
    """Packets as they came.

    Args:
        path: of the file.
        header: of the stream.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self._base = header.base
        self._zero: int | None = None
        self._last: int | None = None
        self._out = _opened(path, header)
        with av.open(io.BytesIO(header.mp4), format="mp4") as empty:
            template = empty.streams.video[0]
            self._stream = self._out.add_stream_from_template(template, opaque=True)
        if header.has_start_codes:
            # By this the muxer knows that packets need lengths in place of their start codes
            self._stream.codec_context.extradata = header.extra
        if header.codec == "hevc":
            self._stream.codec_context.codec_tag = "hvc1"  # the only one that Apple's players take

    def add(self, packet: Kept) -> None:
        """The next packet."""
        if self._zero is None:
            self._zero = packet.pts
        if packet.pts < self._zero:
            return  # shown before the key frame: it refers to what is not there
        made = bare(packet)
        dts = None if packet.dts is None else packet.dts - self._zero
        # Some cameras do not say a time, or repeat it; MP4 cannot
        if self._last is not None:
            dts = self._last + 1 if dts is None else max(dts, self._last + 1)
        dts = 0 if dts is None else dts
        self._last = dts
        made.dts, made.pts = dts, max(packet.pts - self._zero, dts)
        made.duration, made.is_keyframe = packet.duration, packet.key
        made.time_base = self._base
        made.stream = self._stream
        self._out.mux(made)

    def finish(self) -> None:
        """Writes the table of contents."""
        self._out.close()

    def abandon(self) -> None:
        """Lets go of a file that will be thrown away."""
        _let_go(self._out)


class EncodedClip:
    """Pictures decoded and encoded as H.264.

    Args:
        path: of the file.
        header: of the stream.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self._base = header.base
        self._zero: int | None = None
        self._last = -1
        self._decoder = cast(av.VideoCodecContext, av.CodecContext.create(header.codec, "r"))
        self._decoder.thread_count = 1
        self._decoder.extradata = header.extra or None
        self._decoder.width, self._decoder.height = header.size
        if header.pixels is not None:
            self._decoder.pix_fmt = header.pixels
        self._out = _opened(path, header)
        self._stream = self._out.add_stream("libx264", rate=25, options=ENCODED)
        self._stream.width, self._stream.height = (side - side % 2 for side in header.size)
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = header.base
        self._stream.time_base = header.base
        self._stream.codec_context.thread_count = 1

    def add(self, packet: Kept) -> None:
        """The next packet; one that cannot be decoded is left out."""
        made = bare(packet)
        made.pts, made.dts, made.time_base = packet.pts, packet.dts, self._base
        with suppress(av.error.InvalidDataError):
            for frame in self._decoder.decode(made):
                self._encode(frame)

    def finish(self) -> None:
        """Writes what the codecs hold back, and the table of contents."""
        for frame in self._decoder.decode(None):
            self._encode(frame)
        self._out.mux(self._stream.encode(None))
        self._out.close()

    def abandon(self) -> None:
        """Lets go of a file that will be thrown away."""
        _let_go(self._out)

    def _encode(self, frame: av.VideoFrame) -> None:
        if frame.pts is None:
            return
        if self._zero is None:
            self._zero = frame.pts
        at = max(frame.pts - self._zero, self._last + 1)
        self._last = at
        # One thread: by itself swscale starts one for each core and frame
        shaped = frame.reformat(self._stream.width, self._stream.height, "yuv420p", threads=1)
        shaped.pts, shaped.time_base = at, self._base
        # Not the camera's kinds of pictures: the encoder chooses its own
        shaped.pict_type = av.video.frame.PictureType.NONE
        self._out.mux(self._stream.encode(shaped))


def _opened(path: Path, header: Header) -> av.container.OutputContainer:
    options = {"video_track_timescale": str(Fraction(header.base).denominator)}
    return av.open(f"file:{path}", "w", format="mp4", options=options)


def _let_go(out: av.container.OutputContainer) -> None:
    with suppress(av.error.FFmpegError, ValueError, OSError):
        out.close()
