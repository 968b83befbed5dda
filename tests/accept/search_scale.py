"""Search among up to a million faces: nothing is missed, and it is as quick as memory is."""

from __future__ import annotations

from tests.accept.benchmarked import measured
from tests.accept.proof import Room, Row, at_least, at_most, beside


def proof(room: Room) -> list[Row]:
    """The benchmark's rows of a million faces, and the least recall of all sizes."""
    told = measured("search_scale.py", room.folder)
    rows = told["rows"]
    large = [row for row in rows if row["size"] == max(r["size"] for r in rows)]
    return [
        at_least(
            "recall@10 of what is kept, worst of all sizes",
            min(r["recall_of_kept"] for r in rows),
            0.999,
        ),
        beside("recall@10 against unrounded vectors, worst", min(r["recall_at_10"] for r in rows)),
        at_most(
            f"median search among {large[0]['size']:,} faces, ms",
            max(r["p50_ms"] for r in large),
            50,
        ),
        at_most("times the time to read the index once", max(r["times_floor"] for r in large), 2.0),
    ]
