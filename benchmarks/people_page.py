"""How soon the wall of 5,000 people is on screen, and what the server holds in memory for it.

    python benchmarks/people_page.py [--json] [--people 5000]

A server in a process of its own, Chromium on the same machine. The first screen is there when all
faces in the window are decoded; asked for five times, each in a new window, and the median counts.
The whole wall is there when everybody can be scrolled to. Memory is the server's largest resident
set after all of it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from speed.made_people import made_library

import personae

PROMISED_S, PROMISED_MB = 2.0, 600.0
TURNS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SERVE = """
import sys, uvicorn, personae
from pathlib import Path
from personae.web.server import create_app
from personae.web.site import Site, WebSettings
settings = personae.Settings(library=Path(sys.argv[1]), workers=1)
site = Site(settings, WebSettings(port=int(sys.argv[2])), personae.Library(settings))
uvicorn.run(create_app(site), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""
# Cards are asked where they are, not their pictures: to ask what lies in a card that is not
# rendered would render it, and the measurement would cost more than what it measures
FIRST_SCREEN = """() => {
  const cards = document.querySelectorAll('.pp-card');
  let low = 0, high = cards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cards[middle].getBoundingClientRect().bottom > 0) high = middle;
    else low = middle + 1;
  }
  let seen = 0;
  for (; low < cards.length && cards[low].getBoundingClientRect().top < innerHeight; low++) {
    const picture = cards[low].querySelector('img');
    if (!picture.complete || !picture.naturalWidth) return false;
    seen += 1;
  }
  return seen > 0;
}"""


def free_port() -> int:
    """A port nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def awaited(url: str) -> None:
    """Waits until the server answers."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/api/v1/people?limit=1", timeout=30):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def resident_mb(process: int) -> float:
    """Largest resident set so far, in MB."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def opened(url: str, browser: str, people: int) -> list[dict[str, float]]:
    """Seconds until the first screen and until everybody, and of one scroll, for each turn."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for _ in range(TURNS):
            window = chromium.new_context(viewport={"width": 1280, "height": 860})
            page = window.new_page()
            start = time.perf_counter()
            page.goto(f"{url}/people", wait_until="commit")
            page.wait_for_function(FIRST_SCREEN, polling="raf", timeout=60_000)
            first = time.perf_counter() - start
            everybody = f"() => document.querySelectorAll('.pp-card').length === {people}"
            page.wait_for_function(everybody, timeout=60_000)
            whole = time.perf_counter() - start
            start = time.perf_counter()
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
            page.wait_for_function(FIRST_SCREEN, polling="raf", timeout=60_000)
            found.append({"first": first, "whole": whole, "jump": time.perf_counter() - start})
            window.close()
        chromium.close()
    return found


def measured(people: int, browser: str) -> dict[str, object]:
    """The figures."""
    with tempfile.TemporaryDirectory() as folder:
        with personae.open(Path(folder) / "library") as library:
            made_library(library, people)
        port = free_port()
        command = [sys.executable, "-c", SERVE, str(Path(folder) / "library"), str(port)]
        server = subprocess.Popen(command)
        try:
            awaited(f"http://127.0.0.1:{port}")
            turns = opened(f"http://127.0.0.1:{port}", browser, people)
            memory = resident_mb(server.pid)
        finally:
            server.terminate()
            server.wait(30)
    return {
        "people": people,
        "first_screen_s": round(statistics.median(one["first"] for one in turns), 3),
        "first_screens_s": [round(one["first"], 3) for one in turns],
        "everybody_s": round(statistics.median(one["whole"] for one in turns), 3),
        "jump_s": round(statistics.median(one["jump"] for one in turns), 3),
        "server_mb": round(memory, 1),
    }


def main() -> int:
    """Prints the figures beside what is promised; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--people", type=int, default=5000)
    asked = parser.parse_args()
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.stderr.write("no Chromium is installed here\n")
        return 2
    figures = measured(asked.people, browser)
    if asked.json:
        sys.stdout.write(json.dumps(figures) + "\n")
    else:
        sys.stdout.write(
            f"{figures['people']} people: first screen after {figures['first_screen_s']} s "
            f"(median of {TURNS}: {figures['first_screens_s']}; promised {PROMISED_S}), everybody "
            f"after {figures['everybody_s']} s, a jump to the middle {figures['jump_s']} s; "
            f"server {figures['server_mb']} MB (promised {PROMISED_MB})\n"
        )
    first, memory = float(str(figures["first_screen_s"])), float(str(figures["server_mb"]))
    return int(first > PROMISED_S or memory > PROMISED_MB)


if __name__ == "__main__":
    sys.exit(main())
