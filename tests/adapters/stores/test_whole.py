"""What is done together is kept as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import personae
from personae.core.errors import UnknownPerson


def test_an_error_takes_all_of_it_back(tmp_path: Path) -> None:
    with personae.Library(personae.Settings(library=tmp_path)) as library:
        store = library.store
        before = store.sightings.generation()
        with pytest.raises(ZeroDivisionError), store.together():
            store.presence.camera("door", (640, 480), 0)
            with pytest.raises(UnknownPerson):
                store.people.assign([1], 99, "match")
            # What was written meanwhile is what is read meanwhile
            assert [medium.path for medium in store.media.shown()] == ["camera:door"]
            raise ZeroDivisionError
        assert store.media.shown() == [] and store.sightings.generation() == before


def test_a_failed_part_leaves_the_rest(tmp_path: Path) -> None:
    with personae.Library(personae.Settings(library=tmp_path)) as library:
        store = library.store
        with store.together():
            with pytest.raises(ZeroDivisionError), store.together():
                store.presence.camera("yard", (640, 480), 0)
                raise ZeroDivisionError
            store.presence.camera("door", (640, 480), 0)
        assert [medium.path for medium in store.media.shown()] == ["camera:door"]
