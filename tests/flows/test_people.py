"""What a person may say about people, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from personae.adapters.stores.library import SqliteStore
from personae.core.errors import AmbiguousPerson, UnknownPerson, UsageError
from personae.flows.people import LONGEST, Verbs
from tests.adapters.stores.library import cast, film, index, opened, verbs


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = opened(tmp_path / "library")
    index(made, film(made, tmp_path, "a.mp4"), cast([1, 1, 2, 2]))
    rows = [s.id for s in made.sightings.all()]
    for faces in (rows[:2], rows[2:]):
        person = made.people.create(None, "auto", "Unknown")
        made.people.assign(faces, person, "cluster")
    yield made
    made.close()


@pytest.fixture
def say(store: SqliteStore) -> Verbs:
    return verbs(store)


def test_people_are_found_by_number_and_name(say: Verbs) -> None:
    say.name("1", "Ann  Ünï")
    for who in ("1", "#1", " person 1 ", "ann ünï", "ANN ÜNÏ", "Ann  Ünï", "Ann U\u0308ni\u0308"):
        assert say.find(who).id == 1, who
    for who in ("", "3", "#", "-1", "1.0", "Ann", "9" * 10_000, "\u0661", "%", "' or 1=1 --"):
        with pytest.raises(UnknownPerson):
            say.find(who)


def test_a_name_of_several_is_nobodys(say: Verbs, store: SqliteStore) -> None:
    for _ in range(2):
        store.people.create("Ann", "named", "Unknown")
    with pytest.raises(AmbiguousPerson, match="3, 4"):
        say.find("ann")


@pytest.mark.parametrize(
    "name",
    ["Ünï çødé", "相馬 光", "👩\u200d🚀", "Robert'); DROP TABLE person;--", "<b>x</b>", "=1+1",
     "x" * LONGEST, "%s {0} \\n", "\u0646\u06cc\u0645\u200c\u0641\u0627"],
)  # fmt: skip
def test_any_name_is_kept_as_it_is(say: Verbs, name: str) -> None:
    assert say.name("1", name).name == name
    assert say.find(name).id == 1
    assert say.name("1", "other").name == "other"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("  Ann \t\n Lee ", "Ann Lee"), ("A\x00n\x1bn", "Ann"), ("\u202eAnn", "Ann"),
     ("\ufeffAnn", "Ann"), ("u\u0308", "ü")],
)  # fmt: skip
def test_what_cannot_be_seen_is_left_out(say: Verbs, name: str, kept: str) -> None:
    assert say.name("1", name).name == kept


@pytest.mark.parametrize(
    "name", ["", "  \n", "\x00", "\u200b\u200d", "\u202e", "x" * (LONGEST + 1), "caf\udce9"]
)
def test_names_that_are_none_are_refused(say: Verbs, store: SqliteStore, name: str) -> None:
    with pytest.raises(UsageError):
        say.name("1", name)
    with pytest.raises(UsageError):
        say.split("1", [1], name)
    assert store.acts.all() == [] and len(store.people.all()) == 2


def test_two_people_have_two_names(say: Verbs) -> None:
    say.name("1", "Ann")
    for name in ("Ann", "ann", " ANN "):
        with pytest.raises(UsageError, match="already"):
            say.name("2", name)
        with pytest.raises(UsageError, match="already"):
            say.split("2", [3], name)
    assert say.name("1", "ANN").name == "ANN", "one's own name may be written another way"


def test_merge_keeps_names_genders_and_tags(say: Verbs, store: SqliteStore) -> None:
    say.name("2", "Bob")
    say.tag("2", "Male", ["band"])
    say.tag("1", None, ["guest"])
    one = say.merge("1", ["2", "bob", "#2"])
    assert (one.id, one.name, one.kind, one.gender) == (1, "Bob", "named", "Male")
    assert one.tags == ("band", "guest") and one.sightings == 4
    say.undo()
    assert {p.id: (p.name, p.gender, p.tags, p.sightings) for p in store.people.all()} == {
        1: (None, "Unknown", ("guest",), 2),
        2: ("Bob", "Male", ("band",), 2),
    }


def test_merge_keeps_the_targets_own(say: Verbs) -> None:
    say.name("1", "Ann")
    say.name("2", "Bob")
    assert say.merge("Ann", ["Bob"]).name == "Ann"
    with pytest.raises(UnknownPerson):
        say.find("Bob")


def test_what_makes_no_sense_is_refused(say: Verbs, store: SqliteStore) -> None:
    faceless = store.people.create(None, "auto", "Unknown")
    refused = [
        lambda: say.merge("1", ["1"]),
        lambda: say.merge("1", []),
        lambda: say.split("1", []),
        lambda: say.split("1", [3]),
        lambda: say.split("1", [1, 2]),
        lambda: say.split("1", [1, 999]),
        lambda: say.not_same("1", "1"),
        lambda: say.not_same("1", str(faceless)),
        lambda: say.tag("1", None),
    ]
    for act in refused:
        with pytest.raises(UsageError):
            act()
    assert store.acts.all() == []


def test_split_makes_a_new_person_who_is_not_the_old_one(say: Verbs, store: SqliteStore) -> None:
    made = say.split("1", [1], "Cid")
    assert (made.name, made.kind, made.sightings) == ("Cid", "named", 1)
    assert [(c.same, c.a, c.b) for c in store.people.constraints()] == [(False, 1, 2)]


def test_hidden_people_come_back_as_who_they_were(say: Verbs) -> None:
    say.name("1", "Ann")
    assert say.hide("1").kind == "hidden" and say.hide("2").kind == "hidden"
    assert say.hide("1", hidden=False).kind == "named"
    assert say.hide("2", hidden=False).kind == "auto"
    assert say.tag("1", "").gender == "Unknown"
