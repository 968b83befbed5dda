"""What indexing costs: against decoding alone, against a plain loop, against other projects.

    python benchmarks/index_speed.py [--json] [--film FILE] [--photos FOLDER] [--quick] [--floor S]

Everything is run as a fresh process and all of it is counted: starting, loading networks, bodies,
tracking, grouping. Other work on the machine makes CPU-seconds dearer, so decoding alone is run
before and after each of our runs, and each run is set against the mean of its two.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import av
from speed import appearances, media
from speed.meter import Cost, cost_of
from speed.peers import PEERS

BOUNDS = {
    "ours_by_decode": ("<=", 3.0),
    "ours_cpu_per_s_there": ("<=", 0.21),
    "realtime": (">=", 6.0),
    "naive_by_ours": (">=", 4.0),
    "photos_per_s": (">=", 25.0),
    "large_photos_per_s": (">=", 3.0),
    "peak_mb": ("<=", 1200.0),
}
BY_THE_CLOCK = ("realtime", "photos_per_s", "large_photos_per_s")
"""Figures whose bounds hold on the machine that ``--floor`` describes, if it is given."""
SPEED = Path(__file__).parent / "speed"
PYTHON = sys.executable
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for.

    Attributes:
        film: to index.
        truth: when who is in it.
        seconds: how long the film lasts.
        times: how often we are measured.
        naive_s: how much of the film the plain loop gets; 0 for all.
        folder: for libraries and made media.
    """

    film: Path
    truth: Path
    seconds: float
    times: int
    naive_s: float
    folder: Path


def decode(film: Path) -> Cost:
    """Decoding alone."""
    return cost_of([PYTHON, str(SPEED / "decode.py"), str(film)])


def ours(what: Path, library: Path, *, memory: bool = False) -> Cost:
    """``personae index`` into a new library."""
    command = [PYTHON, "-m", "personae.cli", "index", str(what), "--library", str(library)]
    return cost_of([*command, "--workers", str(WORKERS), "--json"], memory=memory)


def of_film(task: Task) -> dict[str, float]:
    """We and decoding in turns, then the plain loop."""
    costs, ratios = [], []
    before = decode(task.film)
    decoded = [before.cpu_s]
    for number in range(task.times):
        mine = ours(task.film, task.folder / f"library{number}")
        after = decode(task.film)
        ratios.append(2 * mine.cpu_s / (before.cpu_s + after.cpu_s))
        costs.append(mine)
        decoded.append(after.cpu_s)
        before = after
    cpu = statistics.median(c.cpu_s for c in costs)
    figures = {
        "film_s": task.seconds,
        "decode_cpu_per_s": statistics.mean(decoded) / task.seconds,
        "ours_cpu_per_s": cpu / task.seconds,
        "ours_by_decode": statistics.median(ratios),
        "realtime": task.seconds / statistics.median(c.wall_s for c in costs),
        "peak_mb": ours(task.film, task.folder / "watched", memory=True).peak_mb,
    }
    return figures | of_naive(task, cpu / task.seconds)


def of_naive(task: Task, ours_per_s: float) -> dict[str, float]:
    """The plain loop, and which of the true appearances either found."""
    run = cost_of([PYTHON, str(SPEED / "naive.py"), str(task.film), str(task.naive_s)])
    told = json.loads(run.output.splitlines()[-1])
    per_s = run.cpu_s / told["seconds"]
    figures = {"naive_cpu_per_s": per_s, "naive_by_ours": per_s / ours_per_s}
    spans = [s for s in appearances.true_spans(task.truth) if s[1] <= told["seconds"] + 1]
    if not spans:
        return figures
    seen = appearances.seen_at(told["seen"], told["seconds"])
    mine = appearances.seen_by_us(task.folder / "library0")
    return figures | {
        "appearances": len(spans),
        "found_by_ours": appearances.found(spans, mine),
        "found_by_naive": appearances.found(spans, seen),
    }


def of_photos(task: Task, photos: Path | None) -> dict[str, float]:
    """Pictures a second, small and large."""
    figures = {}
    kinds = {
        "photos": photos or media.small_photos(task.folder),
        "large_photos": media.large_photos(task.folder),
    }
    for name, folder in kinds.items():
        run = ours(folder, task.folder / f"library_{name}")
        done = len(json.loads(run.output[run.output.index("{") :])["indexed"])
        figures[f"{name}"] = float(done)
        figures[f"{name}_per_s"] = done / run.wall_s
        figures[f"{name}_cpu_ms"] = 1000 * run.cpu_s / done
    return figures


def of_peers(task: Task) -> dict[str, float | str]:
    """Other projects, where their environments are named."""
    figures: dict[str, float | str] = {}
    for name in PEERS:
        python = os.environ.get(f"PERSONAE_PEER_{name.upper()}")
        if not python:
            figures[f"{name}_cpu_per_s"] = "not run"
            continue
        run = cost_of([python, str(SPEED / "peers.py"), name, str(task.film)])
        figures[f"{name}_cpu_per_s"] = run.cpu_s / task.seconds
    return figures


def there(figures: dict[str, float | str], floor: float) -> dict[str, float | str]:
    """What depends on how fast the machine is, as on the one where decoding takes ``floor``."""
    slower = float(figures["decode_cpu_per_s"]) / floor
    told: dict[str, float | str] = {"times_slower_than_there": slower}
    told["ours_cpu_per_s_there"] = float(figures["ours_cpu_per_s"]) / slower
    return told | {f"{name}_there": float(figures[name]) * slower for name in BY_THE_CLOCK}


def bounds_for(figures: dict[str, float | str]) -> dict[str, tuple[str, float]]:
    """Which figure is held to which bound in this run."""
    if "times_slower_than_there" not in figures:
        return BOUNDS
    return {f"{k}_there" if k in BY_THE_CLOCK else k: bound for k, bound in BOUNDS.items()}


def holds(bounds: dict[str, tuple[str, float]], name: str, value: float | str) -> str:
    """What is promised of a figure and whether it is kept; empty where nothing is."""
    if name not in bounds or isinstance(value, str):
        return ""
    sign, bound = bounds[name]
    kept = value <= bound if sign == "<=" else value >= bound
    return f"{sign} {bound:g} {'kept' if kept else 'NOT KEPT'}"


def main() -> int:
    """Measures and prints; the exit status is 0 whatever comes out: machines differ."""
    parser = argparse.ArgumentParser(description="What indexing costs.")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--film", type=Path, help="a film; the demo film where none is given")
    parser.add_argument("--truth", type=Path, help="its truth; beside the film by default")
    parser.add_argument("--photos", type=Path, help="a folder of photos; made where none is given")
    parser.add_argument("--quick", action="store_true", help="once, and 10 s of the plain loop")
    parser.add_argument("--floor", type=float, help="CPU-s that decoding 1 s takes elsewhere")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = given.film or media.demo_film(folder)
        with av.open(str(film)) as container:
            seconds = (container.duration or 0) / av.time_base
        truth = given.truth or film.with_suffix(".truth.json")
        times, naive_s = (1, 10.0) if given.quick else (3, 0.0)
        task = Task(film, truth, seconds, times, naive_s, folder)
        figures: dict[str, float | str] = {**of_film(task), **of_photos(task, given.photos)}
        figures |= of_peers(task)
    if given.floor:
        figures |= there(figures, given.floor)
    if given.json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
        return 0
    for key, value in figures.items():
        shown = value if isinstance(value, str) else f"{value:.3g}"
        sys.stdout.write(f"{key:24}{shown:>10}  {holds(bounds_for(figures), key, value)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
