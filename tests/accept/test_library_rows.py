"""The comparison of two libraries: blind to numbers and clocks, and to nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from personae.adapters.stores.sqlite import open_engine
from tests.accept.library_rows import rows_without_ids


def library(folder: Path, first: int, *changes: str) -> Path:
    """A film with two faces of one person, numbered from ``first`` on."""
    open_engine(folder, create=True).dispose()
    path = folder / "library.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        f"""
        INSERT INTO media VALUES ({first}, 'a', '/x/a.mp4', 'film', 9, 3, 2, 1, 25, 50, 25, NULL,
            NULL, {first});
        INSERT INTO run VALUES ({first}, {first}, 's', 'shown', 1, '{{}}', NULL, {first}, {first});
        INSERT INTO sighting VALUES ({first}, {first}, 0, 0, 'face', 3, 9, x'01', 0.5, 0, 0, NULL);
        INSERT INTO sighting VALUES ({first + 1}, {first}, 0, 1, 'face', 11, 19, x'02', 0.5, 0, 0,
            NULL);
        INSERT INTO person VALUES ({first}, NULL, 'auto', 'Unknown', '[]', NULL, NULL, {first});
        INSERT INTO person VALUES ({first + 1}, NULL, 'auto', 'Unknown', '[]', NULL, NULL, 1);
        INSERT INTO belongs VALUES ({first}, {first}, {first}, 0.7, 'cluster');
        INSERT INTO belongs VALUES ({first + 1}, {first + 1}, {first}, 0.7, 'cluster');
        """
    )
    for change in changes:
        connection.execute(change)
    connection.commit()
    connection.close()
    return path


def test_numbers_and_clocks_make_no_difference(tmp_path: Path) -> None:
    one = rows_without_ids(library(tmp_path / "one", 1))
    other = rows_without_ids(library(tmp_path / "other", 70))
    assert one == other
    assert len(one["sighting"]) == len(one["belongs"]) == 2


@pytest.mark.parametrize(
    ("change", "tables"),
    [
        ("UPDATE sighting SET last = 8 WHERE first = 3", {"sighting", "belongs", "person"}),
        ("UPDATE sighting SET path = x'03' WHERE first = 3", {"sighting", "belongs", "person"}),
        ("UPDATE belongs SET person = 71 WHERE sighting = 71", {"belongs", "person"}),
        ("DELETE FROM belongs WHERE sighting = 71", {"belongs", "person"}),
        ("UPDATE person SET name = 'Ann' WHERE id = 71", {"person"}),
        ("UPDATE run SET state = 'hidden'", {"run", "sighting", "belongs", "person"}),
    ],
)
def test_everything_else_does(tmp_path: Path, change: str, tables: set[str]) -> None:
    one = rows_without_ids(library(tmp_path / "one", 1))
    other = rows_without_ids(library(tmp_path / "other", 70, change))
    assert {name for name in one if one[name] != other[name]} == tables
