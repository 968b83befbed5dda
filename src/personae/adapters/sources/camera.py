"""A camera without end: a thread that decodes, keeps the newest frame, and comes back by itself."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, Protocol, cast

import av
from av.buffer import Buffer

from personae.adapters.sources.addresses import is_address, shown
from personae.adapters.sources.pictures import FilmPicture, Layout
from personae.adapters.sources.upright import Turn
from personae.core.frame import Frame, FrameTime

log = logging.getLogger(__name__)

BASE = Fraction(1, 1000)
"""Times of cameras are milliseconds of arrival: their own clocks jump and restart."""
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between attempts; the last is repeated, so a camera is back within ten of its return."""
BAD_IN_A_ROW = 50
"""Packets that may fail before the connection is begun anew."""
RATE_WINDOW = 50
"""Frames over which the rate of arrival is measured."""
LARGEST_FRAME = 1 << 26
SILENT = 0.95
"""Part of the longest wait for a packet after which a camera is taken for silent."""
ASK_S = 30.0
"""How often a picture is asked how it is turned, though it kept its size."""

FAILURES = (av.error.FFmpegError, OSError, ValueError, IndexError, MemoryError)
"""What a connection may end with."""
StateName = Literal["connecting", "live", "dark", "ended"]


@dataclass(frozen=True, slots=True)
class CameraOptions:
    """How a camera is read.

    Attributes:
        transport: tcp or udp, for RTSP.
        open_s: how long connecting may take.
        read_s: how long the next packet may take before the camera counts as dark.
        loop: a file begins again at its end.
    """

    transport: Literal["tcp", "udp"] = "tcp"
    open_s: float = 8.0
    read_s: float = 4.0
    loop: bool = False


@dataclass(frozen=True, slots=True)
class CameraState:
    """How a camera is.

    Attributes:
        state: connecting, live, dark (it was lost or never there) or ended (a file, played once).
        since: when this state began, milliseconds since 1970.
        reason: why it is dark; no credentials in it.
        width: of the upright picture, 0 before the first frame.
        height: likewise.
        fps: frames that arrive in a second.
        received: frames decoded so far.
        dropped: frames that a newer one replaced before anybody looked.
        connections: how often it was connected.
    """

    state: StateName
    since: int
    reason: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    received: int = 0
    dropped: int = 0
    connections: int = 0


class PacketTap(Protocol):
    """Is given a camera's packets as they come, in the camera's thread; must return at once."""

    def packet(
        self, stream: av.VideoStream, packet: av.Packet[av.VideoStream], wall_ms: int
    ) -> None:
        """One packet, which came at this moment, milliseconds since 1970; it has been decoded.

        The stream, open now, is closed when the connection ends: nothing may hold on to it.
        """
        ...

    def broken(self) -> None:
        """The connection is over; what comes next is another stream."""
        ...


class Camera:
    """One camera, read by a thread of its own from `start` to `close`.

    Args:
        address: an RTSP or HTTP address, a video device, or a file that is played in real time.
        options: how to read it.
        clock: milliseconds since 1970.
        tap: is given what comes, as it comes; what it raises is no matter of the camera's.
    """

    def __init__(
        self,
        address: str,
        options: CameraOptions | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        tap: PacketTap | None = None,
    ) -> None:
        self._address = address
        self._options = options or CameraOptions()
        self._clock = clock
        self._tap = tap
        self._tap_failed = False
        self._lock = threading.Lock()
        self._newest: Frame | None = None
        self._taken = True
        self._state = CameraState("connecting", clock())
        self._arrivals: deque[float] = deque(maxlen=RATE_WINDOW)
        self._layout: Layout | None = None
        self._stored = (0, 0)
        self._asked = 0.0
        self._last_pts = -1
        self._arrived = 0.0
        self._connected = False
        self._paced = not is_address(address) and not address.startswith("/dev/")
        self._stop = threading.Event()
        self._came = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    def start(self) -> None:
        """Begins to read."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread; a read that hangs ends by its own limit."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(self._options.read_s + self._options.open_s)

    def take(self) -> Frame | None:
        """The newest frame, if nobody took it yet."""
        with self._lock:
            frame, self._newest = self._newest, None
            self._came.clear()
            return frame

    def wait(self, seconds: float) -> bool:
        """Waits until a frame is there to take."""
        return self._came.wait(seconds)

    def state(self) -> CameraState:
        """How it is now; without pictures for longer than a packet may take, it is dark."""
        with self._lock:
            self._notice_silence()
            return replace(self._state, fps=self._rate())

    def _notice_silence(self) -> bool:
        """Whether no picture came for too long, though the connection stands."""
        limit = self._options.read_s
        silent = self._connected and time.monotonic() - self._arrived > SILENT * limit
        if silent and not self._paced and self._state.state == "live":
            reason = f"no picture for {limit:g} seconds"
            self._state = replace(self._state, state="dark", since=self._clock(), reason=reason)
            self._newest = None
        return silent and not self._paced

    def _rate(self) -> float:
        arrivals = [at for at in self._arrivals if time.monotonic() - at < 5.0]
        if len(arrivals) < 2:
            return 0.0
        return round((len(arrivals) - 1) / max(arrivals[-1] - arrivals[0], 1e-3), 2)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            before = self._state.received
            ended = self._attempt()
            if self._stop.is_set():
                return
            if ended and not is_address(self._address) and not self._options.loop:
                self._become("ended", "")
                return
            if ended and self._options.loop:
                continue
            failures = 0 if self._state.received > before else failures + 1
            self._stop.wait(PAUSES[min(failures, len(PAUSES) - 1)])

    def _attempt(self) -> bool:
        """One connection; True where it ended of itself."""
        self._connected = False
        try:
            with self._opened() as container:
                try:
                    self._watch(container)
                except FAILURES as error:
                    self._lost(error)
                    return False
                finally:
                    self._tapped(lambda tap: tap.broken())
                if is_address(self._address):
                    self._become("dark", "the stream ended")
                    return False
        except FAILURES as error:
            self._lost(error)
            return False
        return True

    def _lost(self, error: BaseException) -> None:
        """Told at once: to close a connection can take as long again, when nobody answers."""
        reason = shown(str(error)) or type(error).__name__
        self._become("dark", reason)
        log.info("camera %s: %s", shown(self._address), reason)

    def _opened(self) -> av.container.InputContainer:
        options = {"max_pixels": str(LARGEST_FRAME)}
        address, form = self._address, None
        if address.lower().startswith("rtsp"):
            options |= {"rtsp_transport": self._options.transport, "max_delay": "500000"}
        elif address.startswith("/dev/"):
            form = "v4l2"
        elif not is_address(address):
            address = "file:" + os.path.abspath(address)
        limits = (self._options.open_s, self._options.read_s)
        return av.open(address, "r", format=form, options=options, timeout=limits)

    def _watch(self, container: av.container.InputContainer) -> None:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        began: tuple[float, float] | None = None
        bad = 0
        for packet in container.demux(stream):
            if self._stop.is_set():
                return
            try:
                frames = packet.decode()
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                bad += 1
                if bad > BAD_IN_A_ROW:
                    raise
                continue
            finally:
                # After decoding: the stream's size is that of this packet by then
                self._hand_on(stream, packet)
            for frame in frames:
                bad = 0
                if self._paced and frame.time is not None:
                    began = began or (time.monotonic(), frame.time)
                    self._stop.wait(max(0.0, began[0] + frame.time - began[1] - time.monotonic()))
                self._offer(frame, stream)

    def _hand_on(self, stream: av.VideoStream, packet: av.Packet[av.VideoStream]) -> None:
        if self._tap is not None and packet.size:
            now = self._clock()
            self._tapped(lambda tap: tap.packet(stream, packet, now))

    def _tapped(self, call: Callable[[PacketTap], None]) -> None:
        if self._tap is None:
            return
        try:
            call(self._tap)
        except Exception as error:  # noqa: BLE001 - who listens must not end the camera
            if not self._tap_failed:
                log.warning("camera %s: what listens to it failed: %r", shown(self._address), error)
            self._tap_failed = True

    def _offer(self, decoded: av.VideoFrame, stream: av.VideoStream) -> None:
        layout = self._fitting(decoded, stream)
        now = self._clock()
        # Two frames of one packet must not share a moment
        pts = max(now, self._last_pts + 1)
        self._last_pts = pts
        with self._lock:
            silent, self._arrived = self._notice_silence(), time.monotonic()
            if silent:
                # FFmpeg gives out the picture it held back when a read ends by its limit, and
                # then waits once more: whether the camera is back, the next picture says
                return
            old = self._state
            if old.state != "live":
                old = replace(old, state="live", since=now, reason="")
            connections = old.connections + (not self._connected)
            self._connected = True
            self._state = replace(
                old,
                width=layout.width,
                height=layout.height,
                received=old.received + 1,
                dropped=old.dropped + (self._newest is not None),
                connections=connections,
            )
            picture = FilmPicture(decoded, layout)
            self._newest = Frame(picture, self._state.received - 1, FrameTime(pts, BASE, now))
            self._arrivals.append(self._arrived)
            self._came.set()

    def _fitting(self, frame: av.VideoFrame, stream: av.VideoStream) -> Layout:
        """The layout of the stream as it is now; cameras change their size while they run."""
        stored, now = (frame.width, frame.height), time.monotonic()
        rested = now - self._asked < ASK_S or not frame.key_frame
        if self._layout is not None and stored == self._stored and rested:
            return self._layout
        self._stored, self._asked = stored, now
        # Asked of few frames only: what tells their matrix holds them until circles are collected
        matrix = frame.side_data.get("DISPLAYMATRIX")
        turn = Turn() if matrix is None else Turn.from_matrix(bytes(cast(Buffer, matrix)))
        aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
        made = Layout.of(frame, turn, aspect)
        if self._layout is None or (made.width, made.height) != (
            self._layout.width,
            self._layout.height,
        ):
            self._layout = made
        return self._layout

    def _become(self, state: StateName, reason: str) -> None:
        with self._lock:
            since = self._state.since if self._state.state == state else self._clock()
            self._state = replace(self._state, state=state, since=since, reason=reason)
            self._newest = None
