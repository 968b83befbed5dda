"""One pass over a film file: open it as a local file only, decode, and keep account of damage."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from av.stream import Disposition

from personae.adapters.sources.clock import clock_for
from personae.core.errors import (
    SourceEmpty,
    SourceMissing,
    SourceNoPicture,
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
"""Pixels a frame may have; twice 8K."""
MOST_CONSECUTIVE = 200
"""Packets in a row that may fail before a file is given up."""
TOLERATED = 5
"""Damaged packets that a film may have and still count as read to its end."""
TOLERATED_SHARE = 0.01
"""The same as a share of all packets, for long films."""
EARLY_SHARE, EARLY_S = 0.05, 1.0
"""How much of the stated duration may be missing at the end: both at most."""


@dataclass(frozen=True, slots=True)
class VideoOptions:
    """How a film is decoded.

    Attributes:
        threads: decoder threads; 1 decodes in the caller's thread.
        skip_nonref: leave out frames that no other frame needs.
    """

    threads: int = 1
    skip_nonref: bool = False


class Decoding:
    """A film being read once from the beginning.

    Raises:
        SourceError: it cannot be opened or holds no frame.
    """

    def __init__(self, path: Path, options: VideoOptions) -> None:
        self.path = path
        self.damaged = 0
        self._packets = 0
        self._end = 0
        self._lost_in_a_row = 0
        self._container = _opened(path)
        try:
            self.stream = _picture_stream(self._container, path)
            _prepare(self.stream, options)
            self._frames = self._decoded()
            self.first = self._first()
        except BaseException:
            self._container.close()
            raise
        self.clock = clock_for(self._container, self.stream, self.first)

    def timed(self) -> Iterator[tuple[av.VideoFrame, int]]:
        """Frames in order with their times in units of the clock's base."""
        time = self.clock.tick(self.first)
        if time is not None:
            yield self.first, time
        for frame in self._frames:
            time = self.clock.tick(frame)
            if time is not None:
                yield frame, time

    def stated_duration(self) -> float | None:
        """Seconds that the file says it lasts, None where it does not."""
        stream = self.stream
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        if self._container.duration:
            return self._container.duration / av.time_base
        return None

    def verdict(self) -> None:
        """Raises unless the film was read to its end with little damage."""
        if self.damaged > max(TOLERATED, TOLERATED_SHARE * self._packets):
            raise SourceUnreadable(
                f"{self.path}: {self.damaged} of {self._packets} packets are damaged"
            )
        stated, end = self.stated_duration(), self._seen_seconds()
        if stated and end is not None:
            missing = stated - end
            if missing > EARLY_S and missing > EARLY_SHARE * stated:
                raise SourceTruncated(
                    f"{self.path} ends after {end:.1f} of the {stated:.1f} seconds it states"
                )

    def close(self) -> None:
        """Lets go of the file."""
        self._frames.close()
        self._container.close()

    def _seen_seconds(self) -> float | None:
        if self.clock.counted or not self._end:
            return None
        return float((self._end - (self.clock.origin or 0)) * self.clock.base)

    def _first(self) -> av.VideoFrame:
        frame = next(self._frames, None)
        if frame is not None:
            return frame
        if self.damaged:
            raise SourceUnreadable(f"{self.path}: not one frame could be decoded")
        raise SourceNoPicture(f"{self.path} has a video stream without frames")

    def _decoded(self) -> Generator[av.VideoFrame, None, None]:
        for packet in self._demuxed():
            yield from self._frames_of(packet)

    def _demuxed(self) -> Iterator[av.Packet[av.VideoStream]]:
        for _ in range(MOST_CONSECUTIVE):
            try:
                for packet in self._container.demux(self.stream):
                    if packet.pts is not None:
                        self._end = max(self._end, packet.pts + (packet.duration or 0))
                    yield packet
                return
            except av.error.EOFError:
                return
            except av.error.FFmpegError as error:
                self._count(error)
        raise SourceUnreadable(f"{self.path}: reading fails again and again")

    def _frames_of(self, packet: av.Packet[av.VideoStream]) -> list[av.VideoFrame]:
        self._packets += packet.size > 0
        try:
            frames = list(packet.decode())
        except av.error.EOFError:
            return []
        except av.error.FFmpegError as error:
            self._count(error)
            return []
        self._lost_in_a_row = 0
        self.damaged += packet.is_corrupt
        return frames

    def _count(self, error: av.error.FFmpegError) -> None:
        self.damaged += 1
        self._lost_in_a_row += 1
        if self._lost_in_a_row > MOST_CONSECUTIVE:
            raise SourceUnreadable(
                f"{self.path}: {MOST_CONSECUTIVE} packets in a row are damaged"
            ) from error


def _opened(path: Path) -> av.container.InputContainer:
    """The container, opened through the file protocol alone."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise SourceMissing(f"{path}: {error.strerror}") from error
    if not path.is_file():
        raise SourceUnsupported(f"{path} is not a regular file")
    if size == 0:
        raise SourceEmpty(f"{path} is empty")
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": DEMUXERS,
        "max_pixels": str(LARGEST_FRAME),
    }
    try:
        return av.open("file:" + os.path.abspath(path), "r", container_options=options)
    except PermissionError as error:
        raise SourceMissing(f"{path} may not be read") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise SourceUnreadable(f"{path}: {error}") from error


def _picture_stream(container: av.container.InputContainer, path: Path) -> av.VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        raise SourceNoPicture(f"{path} has no video stream")
    return max(streams, key=lambda stream: stream.width * stream.height)


def _prepare(stream: av.VideoStream, options: VideoOptions) -> None:
    stream.thread_type = "NONE" if options.threads == 1 else "AUTO"
    stream.codec_context.thread_count = options.threads
    if options.skip_nonref:
        stream.codec_context.skip_frame = "NONREF"
