"""Where a medium came from is kept with it, comes with older libraries, and goes with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, inspect

from personae.adapters.stores.migrate import copies, upgrade
from personae.adapters.stores.schema import SCHEMA
from personae.core.origin import Origin, Subtitle
from tests.adapters.stores.library import cast, film, index, opened

PAGE = Origin(
    "https://films.example/one",
    "One film; \u00fc \U0001f600 '--",
    "somebody",
    1_700_000_000_000,
    1_800_000_000_000,
    (Subtitle("en", "one.en.vtt"), Subtitle("de", "one.de.vtt")),
)


def test_an_origin_is_given_back_as_it_was_kept(tmp_path: Path) -> None:
    store = opened(tmp_path / "library")
    medium = film(store, tmp_path, "a.mp4")
    index(store, medium, cast([1]))
    path = Path(medium.path)
    assert not store.origins.note(tmp_path / "absent.mp4", PAGE) and store.origins.all() == {}
    assert store.origins.note(path, PAGE)
    assert store.origins.all() == {medium.id: PAGE}
    renamed = replace(PAGE, title="Another title", fetched_at=PAGE.fetched_at + 1)
    assert store.origins.note(path, renamed)
    assert store.origins.all() == {medium.id: renamed}, "said again, not twice"
    store.close()


def test_the_day_it_was_published_stands_in_for_an_unknown_day_of_capture(tmp_path: Path) -> None:
    store = opened(tmp_path / "library")
    medium = film(store, tmp_path, "a.mp4")
    assert medium.captured_at is None
    store.origins.note(Path(medium.path), PAGE)
    dated = store.media.get(medium.id)
    assert dated is not None and dated.captured_at == PAGE.published_at
    store.origins.note(Path(medium.path), replace(PAGE, published_at=1))
    kept = store.media.get(medium.id)
    assert kept is not None and kept.captured_at == PAGE.published_at, "what is known is kept"
    store.close()


def test_erasing_a_medium_erases_where_it_came_from(tmp_path: Path) -> None:
    store = opened(tmp_path / "library")
    one, two = film(store, tmp_path, "a.mp4"), film(store, tmp_path, "b.mp4")
    store.origins.note(Path(one.path), PAGE)
    store.origins.note(Path(two.path), replace(PAGE, url="https://films.example/two"))
    store.media.remove(one.id)
    assert list(store.origins.all()) == [two.id]
    store.close()


def test_a_library_of_the_first_tables_gets_this_one_and_keeps_its_rows(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    engine = create_engine(f"sqlite:///{folder / 'library.db'}")
    assert upgrade(engine, "0001") == ["0001"]
    assert "origin" not in inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO media (sha256, path, kind, bytes, width, height, base_num, base_den, "
            "length, added_at) VALUES ('aa', '/a.mp4', 'film', 1, 2, 3, 1, 1000, 5000, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO place (media, path, bytes, mtime_ns) VALUES (1, '/a.mp4', 1, 1)"
        )
    engine.dispose()
    store = opened(folder)
    assert [path.name for path in copies(store.engine)] == [f"library.db.before-{SCHEMA}"]
    assert store.origins.note(Path("/a.mp4"), PAGE)
    kept = store.media.get(1)
    assert kept is not None and kept.sha256 == "aa" and store.origins.all() == {1: PAGE}
    store.close()
