"""A camera over HTTP: an MPEG transport stream without length or end, sent at the pace of its film.

Its pieces may be of other sizes, and their timestamps may jump, as those of real cameras do.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import av

PACE_S = 0.04
PACKET = 188
"""Bytes of a packet of a transport stream."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a transport stream.

    Attributes:
        data: its packets.
        seconds: how long it lasts.
    """

    data: bytes
    seconds: float


def piece(film: Path, target: Path, begins_s: float, seconds: float = math.inf) -> Piece:
    """A film (H.264 in MP4), or its beginning, as a transport stream.

    Args:
        film: to cut it from.
        target: a file to write it to.
        begins_s: its first timestamp.
        seconds: how much of the film.
    """
    with av.open(str(film)) as source, av.open(str(target), "w", format="mpegts") as out:
        stream = source.streams.video[0]
        copied = out.add_stream_from_template(stream)
        assert stream.time_base is not None and stream.duration is not None
        ahead = round(begins_s / stream.time_base)
        for packet in source.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue
            if packet.pts * stream.time_base >= seconds:
                break
            packet.pts, packet.dts = packet.pts + ahead, packet.dts + ahead
            packet.stream = copied
            out.mux(packet)
        whole = float(stream.duration * stream.time_base)
    return Piece(target.read_bytes(), min(seconds, whole))


class _Handler(BaseHTTPRequestHandler):
    pieces: Sequence[Piece]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "video/mp2t")
        self.end_headers()
        try:
            for one in self.pieces:
                self._send(one)
        except OSError:
            return

    def _send(self, one: Piece) -> None:
        began, slices = time.monotonic(), max(round(one.seconds / PACE_S), 1)
        packets = len(one.data) // PACKET
        for number in range(slices):
            start, end = (PACKET * (packets * (number + k) // slices) for k in (0, 1))
            self.wfile.write(one.data[start:end])
            time.sleep(max(0.0, began + (number + 1) * PACE_S - time.monotonic()))

    def log_message(self, *said: object) -> None:
        return


@contextmanager
def live_over_http(pieces: Sequence[Piece]) -> Iterator[str]:
    """The address of a camera that runs as long as the block; a caller begins with the first."""
    handler = type("Handler", (_Handler,), {"pieces": pieces})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/camera.ts"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
