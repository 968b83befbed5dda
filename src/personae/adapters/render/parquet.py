"""Appearances as Parquet: tidy, one row an appearance, times exactly those of the library."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping, Sequence

from personae.core.errors import ExtraMissing

Value = str | int | float | None
COLUMNS: Mapping[str, str] = {
    "person": "string",
    "person_id": "int64",
    "gender": "string",
    "medium": "string",
    "medium_id": "int64",
    "collection": "string",
    "start_s": "float64",
    "end_s": "float64",
    "first_pts": "int64",
    "last_pts": "int64",
    "base": "string",
    "known_by": "string",
    "confidence": "float64",
}
"""Name to Arrow type; ``base`` is the unit of PTS in seconds, as a fraction: ``1/90000``."""


def parquet_bytes(lines: Sequence[Mapping[str, Value]]) -> bytes:
    """The file.

    Args:
        lines: one mapping an appearance with the keys of `COLUMNS`.

    Raises:
        ExtraMissing: pyarrow is not installed.
    """
    try:
        arrow = importlib.import_module("pyarrow")
        writer = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExtraMissing(
            "Parquet needs pyarrow, which is not installed",
            "Install it: pip install 'personae[parquet]', or use --format csv.",
        ) from error
    schema = arrow.schema([(name, arrow.type_for_alias(kind)) for name, kind in COLUMNS.items()])
    table = arrow.Table.from_pylist([dict(line) for line in lines], schema=schema)
    kept = io.BytesIO()
    writer.write_table(table, kept)
    return kept.getvalue()
