"""Opens a page in headless Chromium and tells what it asked the network for and complained of."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.chromium import chromium

# The browser's own calls home carry other numbers; this one is what a page loads.
_OF_A_PAGE = re.compile(r'"traffic_annotation":101845102,"url":"((?!file:|data:)[^"]*)"')


@dataclass(frozen=True)
class Opened:
    """What happened."""

    requests: list[str]
    complaints: list[str]
    screenshot: Path
    text: str


def opened(page: Path, folder: Path) -> Opened:
    """The page in a window of 1100 by 2400; skips the test where no browser is installed."""
    log, picture = folder / "net.json", folder / f"{page.stem}.png"
    common = [
        *(chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-extensions", "--disable-background-networking", "--hide-scrollbars"),
        *("--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'profile'}"),
        *("--enable-logging=stderr", "--window-size=1100,2400"),
    ]
    seen = _run([*common, f"--log-net-log={log}", f"--screenshot={picture}", page.as_uri()])
    dumped = _run([*common, "--dump-dom", page.as_uri()])
    return Opened(
        requests=_OF_A_PAGE.findall(log.read_text("utf-8", "replace")),
        complaints=[line for line in seen.stderr.splitlines() if "CONSOLE" in line],
        screenshot=picture,
        text=dumped.stdout,
    )


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done
