"""Debian packages that some tests need: installs what is missing where that can be done.

Nobody has to have them: a test without its program is skipped and says so. Run as root on a system
with apt, this fetches what is absent; anywhere else it names the packages and goes on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 300
WHERE = "/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", "")


def _command(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name, path=WHERE) for name in names)


def _rtsp_server() -> bool:
    found = Path("/usr/lib").glob("*/girepository-1.0/GstRtspServer-1.0.typelib")
    return any(found) and Path("/usr/lib/python3/dist-packages/gi").is_dir()


NEEDED: dict[str, tuple[Callable[[], bool], tuple[str, ...]]] = {
    "pages in a real browser": (
        _command("chromium", "chromium-browser", "google-chrome", "chrome"),
        ("chromium",),
    ),
    "face regions as other programs read them": (
        _command("exiftool"),
        ("libimage-exiftool-perl",),
    ),
    "alerts over MQTT": (_command("mosquitto"), ("mosquitto",)),
    "cameras over RTSP": (
        _rtsp_server,
        (
            "gir1.2-gst-rtsp-server-1.0",
            "python3-gi",
            "gstreamer1.0-plugins-base",
            "gstreamer1.0-plugins-good",
            "gstreamer1.0-plugins-bad",
            "gstreamer1.0-plugins-ugly",
        ),
    ),
}


def missing() -> dict[str, tuple[str, ...]]:
    """What cannot be tested here, and the packages that it needs."""
    return {what: packages for what, (there, packages) in NEEDED.items() if not there()}


def install(packages: list[str]) -> None:
    """Asks apt for packages; a failure is not one of ours."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    asked = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    for command in (asked, ["apt-get", "update", "--quiet"], asked):
        try:
            done = subprocess.run(
                command, env=quiet, capture_output=True, timeout=PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return
        if command is asked and done.returncode == 0:
            return


def main() -> int:
    """Installs what can be installed and tells what will be skipped; never fails."""
    absent = missing()
    wanted = [package for packages in absent.values() for package in packages]
    if wanted and shutil.which("apt-get") and os.geteuid() == 0:
        install(wanted)
        absent = missing()
    for what, packages in absent.items():
        sys.stdout.write(f"not tested here: {what} (Debian: {' '.join(packages)})\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
