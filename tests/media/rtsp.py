"""Starts and stops the RTSP server of the tests."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.ports import free_port

SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).with_name("rtsp_server.py")
NEEDED = "import gi; gi.require_version('GstRtspServer', '1.0')"


def rtsp_is_here() -> bool:
    """Whether an RTSP server can be started."""
    if not SYSTEM_PYTHON.exists():
        return False
    asked = subprocess.run([str(SYSTEM_PYTHON), "-c", NEEDED], capture_output=True, check=False)
    return asked.returncode == 0


def needs_rtsp() -> None:
    """Skips where no RTSP server can be started."""
    if not rtsp_is_here():
        pytest.skip("needs Debian's gir1.2-gst-rtsp-server-1.0, python3-gi and gstreamer plugins")


class RtspServer:
    """One server process.

    Args:
        films: mount point to MP4 file.
        port: to listen on; a free one if 0.
    """

    def __init__(self, films: Mapping[str, Path], port: int = 0) -> None:
        self.port = port or free_port()
        mounts = [f"{mount}={path}" for mount, path in films.items()]
        self._process = subprocess.Popen(
            [str(SYSTEM_PYTHON), str(SCRIPT), str(self.port), *mounts],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def address(self, mount: str) -> str:
        """Where a film is served."""
        return f"rtsp://viewer:geheim@127.0.0.1:{self.port}/{mount}"

    def freeze(self) -> None:
        """Says nothing any more, but keeps its connections."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Goes on where it was frozen."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends at once."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
