"""How quick and how exact the vector search is at 10,000, 100,000 and 1,000,000 faces.

    python benchmarks/search_scale.py [--json] [--sizes 10000,100000,1000000]

The floor is the time this machine needs, in the same run and with one thread, to read as many
bytes as the index has; reads and searches take turns, so that a busy machine slows both.

recall_at_10 is against a float32 scan of the vectors before they were rounded to half precision,
recall_of_kept against one of the rounded ones, which are all that the store keeps. Random vectors
are the worst case: their ten best lie closest together, and at a million fewer than one question
in a hundred has its tenth and eleventh change places by the rounding.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import faiss
import numpy as np

from personae.adapters.indexes.faiss import FaissIndex
from personae.core.arrays import Ids, Vectors
from personae.core.embedding import Space, unit

SPACE = Space("benchmark", "0" * 16, 128)
CHUNK = 50_000
QUESTIONS = 200
TURNS = 31
PER_PERSON = 8
K = 10
NONE: Ids = np.zeros(0, np.int64)


def chunks(kind: str, count: int) -> Iterator[tuple[int, Vectors]]:
    """(start, (n, 128) unit rows), the same every time: random, or people of eight vectors each.

    Two vectors of one person have a cosine of about 0.6, as SFace gives photos of a person.
    """
    for start in range(0, count, CHUNK):
        rng = np.random.default_rng([count, start])
        length = min(CHUNK, count - start)
        values = unit(rng.standard_normal((length, SPACE.size), np.float32))
        if kind == "people":
            centres = unit(rng.standard_normal((-(-length // PER_PERSON), SPACE.size), np.float32))
            values = unit(np.repeat(centres, PER_PERSON, axis=0)[:length] + 0.8 * values)
        yield start, values


def truth(kind: str, count: int, questions: Vectors, kept: bool) -> Ids:
    """(Q, K) what a float32 scan finds: of the vectors as made, or as the store keeps them."""
    scores = np.empty((len(questions), 0), np.float32)
    ids = np.empty((len(questions), 0), np.int64)
    for start, rows in chunks(kind, count):
        known = rows.astype(np.float16).astype(np.float32) if kept else rows
        here = questions @ known.T
        best = np.argpartition(-here, K, axis=1)[:, :K]
        scores = np.hstack([scores, np.take_along_axis(here, best, 1)])
        ids = np.hstack([ids, best + start])
    order = np.argsort(-scores, axis=1, kind="stable")[:, :K]
    return np.take_along_axis(ids, order, 1)


def opened(blob: bytes) -> FaissIndex:
    """An index from the bytes the store keeps, in chunks as it would be read."""
    index = FaissIndex(SPACE)
    rows = np.frombuffer(blob, np.float16).reshape(-1, SPACE.size)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK].astype(np.float32)
        index.apply(np.arange(start, start + len(part)), part, NONE, start + len(part))
    return index


def milliseconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def readers(blob: bytes) -> list[Callable[[], object]]:
    """Ways to read all bytes once, in order; the quickest is the floor."""
    words = np.frombuffer(blob, np.uint64)
    numbers = np.frombuffer(blob, np.float32)
    return [words.max, lambda: np.bitwise_or.reduce(words), numbers.max]


def measured(kind: str, count: int) -> dict[str, float | int | str]:
    """One row of the table; times in milliseconds but for opening."""
    blob = b"".join(rows.astype(np.float16).tobytes() for _, rows in chunks(kind, count))
    rng = np.random.default_rng(1)
    near = np.frombuffer(blob, np.float16).reshape(count, -1)[rng.integers(0, count, QUESTIONS)]
    noise = unit(rng.standard_normal((QUESTIONS, SPACE.size), np.float32))
    questions = unit(near.astype(np.float32) + (0.8 if kind == "people" else 1.2) * noise)
    start = time.perf_counter()
    index = opened(blob)
    opening = time.perf_counter() - start
    found = index.search(SPACE, questions, K, None)
    recall, recall_kept = (
        float(np.mean([len(set(a) & set(b)) / K for a, b in zip(found.ids, best, strict=True)]))
        for best in (truth(kind, count, questions, kept) for kept in (False, True))
    )
    reading = readers(blob)
    some = np.sort(rng.choice(count, count // 100, replace=False)).astype(np.int64)
    times: dict[str, list[float]] = {"one": [], "filtered": [], "replace": [], "remove": []}
    reads: list[list[float]] = [[] for _ in reading]
    for turn in range(TURNS):
        one = questions[turn : turn + 1]
        at = np.array([turn * 97], np.int64)
        search = partial(index.search, SPACE, one, K)
        times["one"].append(milliseconds(partial(search, None)))
        for kept, read in zip(reads, reading, strict=True):
            kept.append(milliseconds(read))
        times["filtered"].append(milliseconds(partial(search, some)))
        replace = partial(index.apply, at, one, NONE, count + 1)
        times["replace"].append(milliseconds(replace))
        remove = partial(index.apply, NONE, questions[:0], at + 1, count + 2)
        times["remove"].append(milliseconds(remove))
    p50 = {name: float(np.median(values)) for name, values in times.items()}
    floor = min(float(np.median(values)) for values in reads)
    return {
        "vectors": kind,
        "size": count,
        "recall_at_10": recall,
        "recall_of_kept": recall_kept,
        "p50_ms": p50["one"],
        "best_ms": min(times["one"]),
        "floor_ms": floor,
        "best_floor_ms": min(min(values) for values in reads),
        "times_floor": p50["one"] / floor,
        "batch_ms_each": milliseconds(lambda: index.search(SPACE, questions[:32], K, None)) / 32,
        "allowed_1_percent_ms": p50["filtered"],
        "replace_ms": p50["replace"],
        "remove_ms": p50["remove"],
        "open_s": opening,
        "gb_per_s": len(blob) / floor / 1e6,
        "peak_rss_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def table(rows: list[dict[str, float | int | str]]) -> str:
    """Columns aligned, one row a measurement."""
    lines = [list(rows[0])] + [
        [f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values()] for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def main() -> None:
    """Measures every size and says what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    rows = [measured(kind, size) for size in sizes for kind in ("random", "people")]
    machine = {
        "faiss": faiss.__version__,
        "compiled": faiss.get_compile_options().strip(),
        "simd": getattr(getattr(faiss, "SIMDConfig", None), "get_level_name", lambda: "?")(),
        "threads": 1,
    }
    said = json.dumps({"machine": machine, "rows": rows}, indent=1) if options.json else table(rows)
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main()
