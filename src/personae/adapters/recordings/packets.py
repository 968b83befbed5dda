"""Packets of a camera as they came, apart from the connection that they came through."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass
from fractions import Fraction

import av
from av.stream import Stream

log = logging.getLogger(__name__)

START_CODE = re.compile(b"\0\0\0?\1")
COPIED = frozenset({"h264", "hevc", "av1"})
"""Codecs that an MP4 holds and players know; all others are encoded anew."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One packet.

    Attributes:
        data: as it came.
        pts: presentation time in units of the stream.
        dts: decoding time likewise; None where the camera does not say.
        duration: likewise, 0 where not known.
        key: decoding can begin with it.
        at: when it came, milliseconds since 1970.
    """

    data: bytes
    pts: int
    dts: int | None
    duration: int
    key: bool
    at: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a decoder or a muxer has to know of a stream before its first packet.

    Attributes:
        codec: by FFmpeg's name of the standard.
        base: seconds a unit of time.
        size: width and height as stored.
        mp4: an MP4 without pictures that holds all parameters; empty where pictures are encoded
            anew.
        extra: the decoder's extradata.
        pixels: pixel format, None where the decoder finds out.
    """

    codec: str
    base: Fraction
    size: tuple[int, int]
    mp4: bytes
    extra: bytes
    pixels: str | None

    @property
    def has_start_codes(self) -> bool:
        """Whether packets are as in a stream (ITU-T H.264, annex B), not as in a file."""
        return self.codec in ("h264", "hevc") and START_CODE.match(self.extra) is not None

    @staticmethod
    def of(stream: av.VideoStream) -> Header:
        """The header of a stream that is open now; nothing of it refers to the stream."""
        context = stream.codec_context
        codec = context.codec.canonical_name
        return Header(
            codec,
            Fraction(stream.time_base or Fraction(1, 90_000)),
            (context.width, context.height),
            _empty_mp4(stream) if codec in COPIED and context.extradata else b"",
            bytes(context.extradata or b""),
            context.pix_fmt,
        )


def kept(packet: av.Packet[av.VideoStream], at: int) -> Kept | None:
    """The packet with its bytes; None where it has no picture or no time."""
    pts = packet.dts if packet.pts is None else packet.pts
    if pts is None or not packet.size:
        return None
    return Kept(bytes(packet), pts, packet.dts, packet.duration or 0, packet.is_keyframe, at)


def bare(packet: Kept) -> av.Packet[Stream]:
    """The packet for a decoder or a muxer; its times are for the caller to set.

    A packet made of bytes would be read in place, and decoders read beyond an end that is not
    padded with zeros.
    """
    made = av.Packet(len(packet.data))
    made.update(packet.data)
    return made


def _empty_mp4(stream: av.VideoStream) -> bytes:
    file = io.BytesIO()
    options = {"movflags": "empty_moov", "video_track_timescale": str(_scale(stream))}
    try:
        with av.open(file, "w", format="mp4", options=options) as out:
            # The codec of the template itself: there may be a decoder where there is no encoder
            out.add_stream_from_template(stream, opaque=True)
            out.start_encoding()
    except (av.error.FFmpegError, ValueError) as error:
        log.info("%s is encoded anew: %s", stream.codec_context.name, error)
        return b""
    return file.getvalue()


def _scale(stream: av.VideoStream) -> int:
    return Fraction(stream.time_base or Fraction(1, 90_000)).denominator
