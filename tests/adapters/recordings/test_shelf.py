"""Clips on the disk: found, deleted by age and by size, never outside their folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from personae.adapters.recordings.shelf import (
    camera_folder,
    clips,
    delete,
    place_for,
    prune,
    put,
    sweep,
)

DAY = 86_400_000
NOW = 1_700_000_000_000


def lay(library: Path, camera: str, at: int, size: int = 1000) -> Path:
    place = place_for(camera_folder(library, camera), at)
    place.part.write_bytes(b"x" * size)
    people = [{"person": 3, "name": "Ana", "type": "known"}, {"person": None, "type": "unknown"}]
    put(place, {"camera": camera, "start": at, "end": at + 5000, "people": people})
    return place.clip


def test_what_is_put_is_found_with_whom_it_shows(tmp_path: Path) -> None:
    first, second = lay(tmp_path, "door", NOW), lay(tmp_path, "door", NOW)
    assert first != second
    found = clips(tmp_path)
    assert [clip.path for clip in found] == [first, second]
    assert found[0].persons == {3} and found[0].camera == "door"
    assert (found[0].start, found[0].end) == (NOW, NOW + 5000)
    first.with_suffix(".json").write_text("{")
    assert {clip.persons for clip in clips(tmp_path)} == {None, frozenset({3})}


def test_old_clips_go(tmp_path: Path) -> None:
    for days in (0, 1, 6, 8, 9):
        lay(tmp_path, "door" if days % 2 else "yard", NOW - days * DAY)
    assert prune(tmp_path, NOW - 7 * DAY, 10**9) == (2, 2000)
    assert len(clips(tmp_path)) == 3 and len(list(tmp_path.rglob("*.json"))) == 3
    assert len(list(tmp_path.glob("recordings/*/*"))) == 3, "empty days are left"


def test_the_oldest_go_when_all_are_too_large(tmp_path: Path) -> None:
    laid = [lay(tmp_path, "door", NOW + n * 10_000, 1000) for n in range(5)]
    assert prune(tmp_path, 0, 3500) == (2, 2000)
    assert [clip.path for clip in clips(tmp_path)] == laid[2:]
    assert prune(tmp_path, 0, 0) == (3, 3000)
    assert not (tmp_path / "recordings" / "door").exists()


def test_half_clips_and_lonely_facts_are_swept(tmp_path: Path) -> None:
    whole = lay(tmp_path, "door", NOW)
    place = place_for(camera_folder(tmp_path, "door"), NOW + 1)
    place.part.write_bytes(b"half")
    lonely = whole.with_name("000000-000.json")
    lonely.write_text(json.dumps({"camera": "door"}))
    assert sweep(tmp_path) == 2
    assert sorted(p.name for p in whole.parent.iterdir()) == [
        whole.with_suffix(".json").name,
        whole.name,
    ]


def test_deleting_says_how_much_is_free(tmp_path: Path) -> None:
    lay(tmp_path, "door", NOW, 123)
    assert delete(clips(tmp_path)) == 123
    assert clips(tmp_path) == [] and prune(tmp_path, NOW * 2, 0) == (0, 0)


@pytest.mark.parametrize("name", ["..", ".", "a/b", "", " ", "/etc", "../x"])
def test_no_name_leads_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        camera_folder(tmp_path, name)
