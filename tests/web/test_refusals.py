"""The web's errors: drawn as they are, each with its status, told as a problem."""

from __future__ import annotations

import json
import pickle
import re

import pytest

from personae.core.errors import PersonaeError, error_codes
from personae.web import refusals
from personae.web.errors import problem, status_of
from personae.web.refusals import AccessError, RequestError, TooManyTries

DRAWN = re.compile(r"^[│├└─ ]*(\w+) +(P\d{3})(?: +exit (\d))?(?: +(\d{3}))?", re.MULTILINE)
OURS = [
    error
    for error in error_codes().values()
    if error.__module__ == refusals.__name__ and error not in (AccessError, RequestError)
]


def test_the_drawing_is_the_tree() -> None:
    rows = {name: (code, status) for name, code, _, status in DRAWN.findall(refusals.__doc__ or "")}
    assert len(rows) == len(OURS) + 2 > 15
    for error in OURS:
        code, status = rows[error.__name__]
        assert code == error.code
        assert not status or int(status) == status_of(error("x"))
    assert rows["AccessError"][0] == "P800" and rows["RequestError"][0] == "P700"


def test_no_code_is_given_twice_in_the_whole_program() -> None:
    """The tree lies in two files; neither sees the other."""
    families: list[type[PersonaeError]] = [PersonaeError]
    for family in families:
        families.extend(family.__subclasses__())
    ours = [one for one in families if one.__module__.startswith("personae.")]
    codes = [one.code for one in ours]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []
    roots = {one.exit_status: one.code[:2] for one in ours}
    assert len({one.code[:2] for one in ours}) == len(roots), "two families leave alike"


@pytest.mark.parametrize("error", [AccessError, RequestError, *OURS], ids=lambda e: e.__name__)
def test_every_refusal_says_what_to_do_and_travels_whole(error: type[PersonaeError]) -> None:
    made = error("it broke")
    assert made.advice.endswith(".")
    again = pickle.loads(pickle.dumps(made))
    assert type(again) is error and again.as_json() == made.as_json()


@pytest.mark.parametrize("error", error_codes().values(), ids=lambda e: e.__name__)
def test_every_error_is_told_as_a_problem(error: type[PersonaeError]) -> None:
    answer = problem(error("it broke"), "request-1")
    told = json.loads(bytes(answer.body))
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["code"] == error.code and told["status"] == answer.status_code
    assert told["type"] == f"urn:personae:error:{error.code}"
    assert (told["detail"], told["request_id"]) == ("it broke", "request-1")
    assert told["title"] and told["hint"] == error.advice
    family = error.code[1]
    expected = {"1": 4, "2": 4, "8": 4}.get(family)
    if expected and error.code != "P108":
        assert answer.status_code // 100 == expected


def test_who_has_to_wait_is_told_how_long() -> None:
    answer = problem(TooManyTries("slowly", wait_s=12.2), "request-1")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "13")
