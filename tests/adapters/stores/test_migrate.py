"""Older libraries come to the tables of this version, with a copy made first."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import OperationalError

from personae.adapters.stores.migrate import STEPS, copies, upgrade
from personae.adapters.stores.schema import SCHEMA
from personae.adapters.stores.sqlite import open_engine
from tests.adapters.stores.library import cast, film, index, opened

STEP = '''
"""A step of the future."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{known}"
def upgrade():
    with op.batch_alter_table("media", recreate="always") as table:
        table.add_column(sa.Column("language", sa.Text))
    {more}
'''


def shape(folder: Path) -> dict[str, object]:
    """Tables, columns, keys and indexes of a library."""
    engine = create_engine(f"sqlite:///{folder / 'library.db'}")
    found = inspect(engine)
    tables: dict[str, object] = {}
    for table in sorted(set(found.get_table_names())):
        tables[table] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"], c["primary_key"])
                for c in found.get_columns(table)
            ],
            "indexes": sorted(
                (str(i["name"]), i["column_names"], i["unique"]) for i in found.get_indexes(table)
            ),
            "unique": sorted(u["column_names"] for u in found.get_unique_constraints(table)),
            "references": sorted(
                (f["constrained_columns"], f["referred_table"], sorted(f["options"].items()))
                for f in found.get_foreign_keys(table)
            ),
        }
    with engine.connect() as connection:
        numbered = connection.exec_driver_sql(
            "select name from sqlite_master where sql like '%AUTOINCREMENT%' order by name"
        )
        tables["never again"] = list(numbered.scalars())
    engine.dispose()
    return tables


def nothing(folder: Path) -> Path:
    folder.mkdir()
    sqlite3.connect(folder / "library.db").close()
    return folder


def future(tmp_path: Path, more: str = "pass") -> Path:
    steps = tmp_path / "steps"
    shutil.copytree(STEPS, steps)
    (steps / "versions" / "language_9999.py").write_text(STEP.format(more=more, known=SCHEMA))
    return steps


def test_steps_from_nothing_make_the_tables_of_this_version(tmp_path: Path) -> None:
    opened(tmp_path / "new").close()
    engine = create_engine(f"sqlite:///{nothing(tmp_path / 'old') / 'library.db'}")
    assert upgrade(engine) == ["0001", "0002", "0003"]
    engine.dispose()
    wanted = shape(tmp_path / "new")
    assert shape(tmp_path / "old") == wanted and "sighting" in wanted and wanted["never again"]
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["library.db"], "no copy"


def test_the_newest_step_is_the_schema_of_this_version() -> None:
    assert ScriptDirectory(str(STEPS)).get_heads() == [SCHEMA]


def test_a_library_of_this_version_is_left_alone(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, create=True)
    assert upgrade(engine) == [] and copies(engine) == []
    engine.dispose()


def test_an_older_library_is_copied_and_brought_up(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    store = opened(folder)
    index(store, film(store, tmp_path, "a.mp4"), cast([1, 2]))
    steps = future(tmp_path)
    before = shape(folder)
    assert upgrade(store.engine, "9999", steps) == ["9999"]
    assert upgrade(store.engine, "9999", steps) == []
    assert len(store.sightings.all()) == 2, "what refers to a table that was copied is kept"
    with store.engine.connect() as connection:
        columns = [c["name"] for c in inspect(connection).get_columns("media")]
        assert "language" in columns
        schema = connection.exec_driver_sql("select value from meta where key = 'schema'")
        assert schema.scalar() == "9999"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    (copy,) = copies(store.engine)
    store.close()
    assert copy.name == "library.db.before-9999"
    (tmp_path / "back").mkdir()
    shutil.copy(copy, tmp_path / "back" / "library.db")
    assert shape(tmp_path / "back") == before
    back = opened(tmp_path / "back")
    assert len(back.sightings.all()) == 2
    back.close()


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    store = opened(folder)
    index(store, film(store, tmp_path, "a.mp4"), cast([1, 2]))
    before = shape(folder)
    steps = future(tmp_path, 'op.execute("insert into nowhere values (1)")')
    with pytest.raises(OperationalError, match="nowhere"):
        upgrade(store.engine, "9999", steps)
    assert shape(folder) == before
    assert len(store.sightings.all()) == 2
    store.close()
