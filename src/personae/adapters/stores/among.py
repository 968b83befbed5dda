"""Rows of some people only, however many they are, by statements of bounded size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select

AT_ONCE = 500
"""Most values in one statement; SQLite takes some 32,000."""


def among(
    connection: Connection,
    query: Select[Any],
    column: ColumnElement[int],
    wanted: Collection[int] | None,
) -> Sequence[Row[Any]]:
    """What a query gives where a column has one of these values; None for all of it."""
    if wanted is None:
        return connection.execute(query).all()
    rows: list[Row[Any]] = []
    numbers = sorted(wanted)
    for start in range(0, len(numbers), AT_ONCE):
        part = query.where(column.in_(numbers[start : start + AT_ONCE]))
        rows += connection.execute(part).all()
    return rows
