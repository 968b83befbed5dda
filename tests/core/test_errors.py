"""The error tree: drawn as it is, every code once, every error whole after a journey."""

from __future__ import annotations

import pickle
import re

import pytest

from personae.core import errors
from personae.core.errors import PersonaeError, error_codes

ROW = re.compile(r"^(?P<lead>[│├└─ ]*)(?P<name>\w+)\s+(?P<code>P\d{3})(?:\s+exit (?P<exit>\d+))?")


def subclasses(of: type[PersonaeError]) -> list[type[PersonaeError]]:
    """The class and all below it that are defined in the tree's own module."""
    below = [c for c in of.__subclasses__() if c.__module__ == errors.__name__]
    return [of, *(one for child in below for one in subclasses(child))]


TREE = subclasses(PersonaeError)


def drawn() -> list[tuple[str, str, str | None, str | None]]:
    """(name, code, exit, parent) of every line of the drawing."""
    rows, path = [], []
    for line in (errors.__doc__ or "").splitlines():
        found = ROW.match(line)
        if not found:
            continue
        depth = len(found["lead"]) // 4
        path[depth:] = [found["name"]]
        rows.append(
            (found["name"], found["code"], found["exit"], path[depth - 1] if depth else None)
        )
    return rows


def test_the_drawing_is_the_tree() -> None:
    rows = drawn()
    assert len(rows) == len(TREE) > 25
    real = [
        (c.__name__, c.code, None if c is PersonaeError else c.__bases__[0].__name__) for c in TREE
    ]
    assert [(name, code, parent) for name, code, _, parent in rows] == real


def test_the_drawing_says_the_exit_status_of_every_branch() -> None:
    said = {name: int(status) for name, _, status, _ in drawn() if status is not None}
    for error in TREE:
        branch = next(c for c in error.__mro__ if c.__name__ in said)
        assert error.exit_status == said[branch.__name__]
    assert len(set(said.values())) == len(said)


def test_codes_are_given_once_and_lie_in_their_branch() -> None:
    codes = [error.code for error in TREE]
    assert len(set(codes)) == len(codes)
    for error in TREE[1:]:
        parent = error.__bases__[0]
        assert error.code > parent.code
        if parent is not PersonaeError:
            assert error.code[:2] == parent.code[:2]


def test_errors_are_found_by_their_code() -> None:
    found = error_codes()
    assert list(found) == sorted(found)
    assert all(found[error.code] is error for error in TREE)


@pytest.mark.parametrize("error", TREE, ids=lambda error: error.__name__)
def test_every_error_says_what_to_do_and_travels_whole(error: type[PersonaeError]) -> None:
    assert error.__doc__ and error.advice.strip().endswith(".")
    plain, hinted = error("it broke"), error("it broke", hint="mend it")
    assert plain.hint == error.advice and hinted.hint == "mend it"
    for made in (plain, hinted):
        again = pickle.loads(pickle.dumps(made))
        assert type(again) is error
        assert (str(again), again.message, again.hint) == ("it broke", "it broke", made.hint)
        assert (
            again.as_json()
            == made.as_json()
            == {
                "code": error.code,
                "message": "it broke",
                "hint": made.hint,
            }
        )
