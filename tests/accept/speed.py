"""Indexing speed: CPU-seconds and wall time for a second of film."""

from __future__ import annotations

from tests.accept.benchmarked import measured
from tests.accept.proof import Room, Row, beside


def proof(room: Room) -> list[Row]:
    """Whatever figures the benchmark gives; its own bounds are its own."""
    told = measured("index_speed.py", room.folder)
    rows = told["rows"] if isinstance(told, dict) and "rows" in told else [told]
    return [
        beside(f"{name} ({row.get('file', row.get('name', ''))})", value)
        for row in rows
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
