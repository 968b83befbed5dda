"""Many readers at once while a film is indexed: errors, and how long people and search take.

python benchmarks/web_load.py [--json] [--readers N] [--seconds S]
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event, Lock, Thread

import httpx

import personae
from personae.adapters.demo import demo_plan, make_film, photos, probes

API = "/api/v1"
THINK_S = 0.5
"""A reader looks at what came before asking again."""


@dataclass(slots=True)
class Load:
    """What the readers met.

    Attributes:
        seconds: how long they read.
        readers: how many.
        times: seconds of every answer, by what was asked.
        errors: answers that were none, by what went wrong.
        indexed: state of the upload's job at the end.
        index_seconds: from the upload to its end.
        during: answers that came while the film was being indexed.
    """

    seconds: float
    readers: int
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    indexed: str = "none"
    index_seconds: float = 0.0
    during: int = 0

    def percentile(self, what: str, share: float) -> float:
        """So many of the answers took no longer, in seconds."""
        ordered = sorted(self.times[what])
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]

    def told(self) -> str:
        """The result in words."""
        lines = [
            f"{self.readers} readers, {self.seconds:.0f} s, {sum(self.errors.values())} errors; "
            f"indexing {self.indexed} after {self.index_seconds:.1f} s, {self.during} answers "
            "meanwhile"
        ]
        for what in sorted(self.times):
            p50, p95 = (self.percentile(what, share) * 1000 for share in (0.5, 0.95))
            count = len(self.times[what])
            lines.append(f"{what:12} {count:6} answers  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms")
        return "\n".join([*lines, *(f"{text}: {n}" for text, n in self.errors.items())])


def load(url: str, photo: Path, film: Path, readers: int, seconds: float) -> Load:
    """Reads a served library from many threads while a film is uploaded and indexed.

    Args:
        url: of the server.
        photo: to search with.
        film: to upload, one that the library does not have.
        readers: threads.
        seconds: how long they read at least; they go on until the film is indexed.
    """
    made = Load(seconds, readers)
    stop, lock = Event(), Lock()
    picture = photo.read_bytes()
    indexing = Event()
    threads = [
        Thread(target=_read, args=(url, picture, number, (made, lock, stop, indexing)))
        for number in range(readers)
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    try:
        with httpx.Client(base_url=url + API, timeout=600) as client:
            _index(client, film, made, indexing)
        time.sleep(max(0.0, until - time.monotonic()))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return made


def _index(client: httpx.Client, film: Path, made: Load, indexing: Event) -> None:
    began = time.monotonic()
    indexing.set()
    answered = client.post("/media", files={"file": (film.name, film.read_bytes())})
    [job] = answered.raise_for_status().json()["jobs"]
    with client.stream("GET", f"/jobs/{job['id']}/events") as events:
        told = [line for line in events.iter_lines() if line.startswith("data: ")]
    indexing.clear()
    made.indexed = json.loads(told[-1][6:])["state"]
    made.index_seconds = time.monotonic() - began


def _read(url: str, photo: bytes, number: int, shared: tuple[Load, Lock, Event, Event]) -> None:
    made, lock, stop, indexing = shared
    step = number
    # Readers do not come all at the same moment
    stop.wait(THINK_S * (number % 10) / 10)
    with httpx.Client(base_url=url + API, timeout=60) as client:
        while not stop.is_set():
            step += 1
            what = ("people", "search", "people", "intervals", "report")[step % 5]
            began = time.monotonic()
            try:
                answered = _ask(client, what, photo)
                wrong = "" if answered.status_code == 200 else f"{what} {answered.status_code}"
            except httpx.HTTPError as error:
                wrong = f"{what} {type(error).__name__}"
            with lock:
                made.times[what].append(time.monotonic() - began)
                made.during += indexing.is_set()
                if wrong:
                    made.errors[wrong] += 1
            stop.wait(THINK_S)


def _ask(client: httpx.Client, what: str, photo: bytes) -> httpx.Response:
    if what == "search":
        return client.post("/search", files={"image": ("x.jpg", photo)})
    return client.get({"report": "/reports/screen-time"}.get(what, f"/{what}"))


def main(words: Sequence[str]) -> int:
    """Makes the demo, serves it, reads it; the exit status is 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(words)
    # The server is started as the tests start it
    sys.path.append(str(Path(__file__).resolve().parent.parent))
    from tests.web.serving import serving

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_film(folder / "demo.mp4", demo_plan())
        # Another film of the same people: without its first scene, and brighter
        other = [replace(one, brightness=one.brightness * 1.1) for one in demo_plan()[1:]]
        make_film(folder / "new.mp4", other)
        photos(folder / "photos")
        with personae.open(folder / "library") as library:
            library.index([folder / "demo.mp4", folder / "photos"])
        photo = next(iter(probes().values()))
        with serving(folder / "library") as one:
            made = load(one.url, photo, folder / "new.mp4", asked.readers, asked.seconds)
    told = json.dumps(asdict(made)) if asked.json else made.told()
    sys.stdout.write(told + "\n")
    return int(bool(made.errors) or made.indexed != "done")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
