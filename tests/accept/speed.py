"""Indexing speed: against decoding alone, against a plain loop, in seconds of film and photos."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tests.accept.benchmarked import measured
from tests.accept.proof import Room, Row, at_least, at_most, beside
from tests.shared import REPOSITORY, shared_dir

FLOOR = 0.07
"""CPU-seconds that decoding a second of the programme took where the bounds were set."""


def proof(room: Room) -> list[Row]:
    """The benchmark's figures, held to the bounds that it states itself."""
    shared = shared_dir()
    film = [] if shared is None else _programme(shared)
    told = measured("index_speed.py", room.folder, "--quick", *film)
    sys.path.insert(0, str(REPOSITORY / "benchmarks"))
    bounds = importlib.import_module("index_speed").bounds_for(told)
    rows: list[Row] = []
    for name, figure in told.items():
        sign, bound = bounds.get(name, ("", 0.0))
        if isinstance(figure, str) or not sign:
            rows.append(beside(name, figure))
        else:
            rows.append((at_most if sign == "<=" else at_least)(name, figure, bound))
    return rows


def _programme(shared: Path) -> list[str]:
    peers = shared / "peers"
    film, truth = peers / "programme_720.mp4", peers / "programme.json"
    if not film.is_file():
        return []
    return ["--film", str(film), "--truth", str(truth), "--floor", str(FLOOR)]
