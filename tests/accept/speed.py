"""Indexing speed: against decoding alone, against a plain loop, in seconds of film and photos."""

from __future__ import annotations

import importlib
import sys

from tests.accept.benchmarked import measured
from tests.accept.proof import Room, Row, at_least, at_most, beside
from tests.shared import REPOSITORY


def proof(room: Room) -> list[Row]:
    """The benchmark's figures, held to the bounds that it states itself."""
    told = measured("index_speed.py", room.folder, "--quick")
    sys.path.insert(0, str(REPOSITORY / "benchmarks"))
    bounds = importlib.import_module("index_speed").BOUNDS
    rows: list[Row] = []
    for name, figure in told.items():
        sign, bound = bounds.get(name, ("", 0.0))
        if isinstance(figure, str) or not sign:
            rows.append(beside(name, figure))
        else:
            rows.append((at_most if sign == "<=" else at_least)(name, figure, bound))
    return rows
