"""Rules of alerts over REST: read by all, changed by editors, no secret ever told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from personae.app.alerting import TAKEN
from tests.web.access import Guarded, guarded, with_users
from tests.web.cameras import FakeWatch, stream

FILE = """
# Written by hand
timezone = "Europe/Berlin"
[lists]
family = ["Ana", "Ben"]
[action.phone]
kind = "webhook"
url = "https://hooks.example/T0KEN"
secret = "geheim"
[action.home]
kind = "mqtt"
host = "broker.example"
user = "me"
password = "geheim2"
[[rule]]
name = "night"
on = "unknown"
hours = "22:00-06:00"
actions = ["phone"]
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("alerts") / "library"
    with_users(folder)
    with guarded(folder) as one:
        yield one


def ask(
    served: Guarded, method: str, path: str, body: object = None, *, who: str = "editor"
) -> httpx.Response:
    headers = {"authorization": f"Bearer {served.token(who)}"}
    url = f"{served.url}/api/v1{path}"
    return httpx.request(method, url, json=body, headers=headers, timeout=30, trust_env=False)


def names(served: Guarded) -> list[tuple[str, str, bool]]:
    rules = ask(served, "GET", "/alerts", who="viewer").json()["rules"]
    return [(one["name"], one["origin"], one["off"]) for one in rules]


def test_rules_are_shown_in_words_without_any_secret(served: Guarded) -> None:
    (served.folder / "alerts.toml").write_text(FILE)
    FakeWatch(served.folder, [stream("door")]).write()
    answer = ask(served, "GET", "/alerts", who="viewer")
    told = answer.json()
    assert told["rules"][0]["words"] == (
        "At any camera, when somebody unknown is seen, 22:00 to 06:00 the next day: tell phone. "
        "At most every 5 minutes."
    )
    assert told["actions"] == [
        {"name": "log", "kind": "log"},
        {"name": "browser", "kind": "browser"},
        {"name": "phone", "kind": "webhook"},
        {"name": "home", "kind": "mqtt"},
    ]
    assert told["lists"] == [{"name": "family", "people": ["Ana", "Ben"]}]
    assert (told["cameras"], told["timezone"], told["running"], told["problem"]) == (
        ["door"], "Europe/Berlin", True, "",
    )  # fmt: skip
    for secret in ("T0KEN", "geheim", "example", "broker", '"me"', str(served.folder)):
        assert secret not in answer.text, secret


def test_an_editor_makes_changes_switches_off_and_deletes(served: Guarded) -> None:
    (served.folder / "alerts.toml").write_text(FILE)
    body = {"on": "person:Ana", "actions": ["browser"], "min_confidence": 0.9}
    made = ask(served, "PUT", "/alerts/Ana%20is%20here", body)
    assert made.status_code == 200 and made.json()["origin"] == "page"
    assert made.json()["words"].startswith("At any camera, when Ana is seen (at least 90 % sure)")
    assert names(served) == [("night", "file", False), ("Ana is here", "page", False)]
    ask(served, "PUT", "/alerts/Ana%20is%20here", {**body, "off": True})
    night = ask(served, "GET", "/alerts").json()["rules"][0]
    keep = ("on", "actions", "cameras", "hours", "days", "cool_down", "live", "snapshot")
    same = {key: night[key] for key in keep}
    ask(served, "PUT", "/alerts/night", {**same, "off": True})
    assert names(served) == [("night", "file", True), ("Ana is here", "page", True)]
    ask(served, "PUT", "/alerts/night", {**same, "hours": "20:00-07:00"})
    assert names(served)[0] == ("night", "changed", False)
    assert ask(served, "DELETE", "/alerts/night").status_code == 204
    assert names(served)[0] == ("night", "file", False)
    refused = ask(served, "DELETE", "/alerts/night")
    assert (refused.status_code, refused.json()["code"]) == (409, "P706")
    assert ask(served, "DELETE", "/alerts/Ana%20is%20here").status_code == 204
    assert ask(served, "DELETE", "/alerts/Ana%20is%20here").json()["code"] == "P701"
    assert (served.folder / "alerts.toml").read_text() == FILE


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"on": "knwon", "actions": ["log"]}, "P109", "not understood"),
        ({"on": "dark", "actions": ["pigeon"]}, "P109", "no action 'pigeon'"),
        ({"on": "dark", "actions": ["log"], "live": True}, "P109", "live is for rules on"),
        ({"on": "dark", "actions": []}, "P703", ""),
        ({"on": "dark", "actions": ["log"], "url": "https://h/"}, "P703", ""),
        ({"on": "dark", "actions": ["log"], "days": ["friday"]}, "P703", ""),
        ({"on": "dark", "actions": ["log"], "cool_down": -1}, "P703", ""),
        ({"on": "dark", "actions": ["log"], "hours": "25:00-26:00"}, "P109", "not understood"),
    ],
)
def test_a_rule_that_is_not_understood_is_refused(
    served: Guarded, body: object, code: str, said: str
) -> None:
    before = names(served)
    answer = ask(served, "PUT", "/alerts/odd", body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code and said in answer.json()["detail"]
    assert names(served) == before


def test_files_that_are_not_understood_and_rules_not_taken_are_told(served: Guarded) -> None:
    (served.folder / "alerts.toml").write_text("[[rule]]\n")
    told = ask(served, "GET", "/alerts", who="viewer")
    assert told.status_code == 200 and told.json()["rules"] == []
    assert told.json()["problem"].startswith("alerts.toml: rule 'rule 1': on = ''")
    answer = ask(served, "PUT", "/alerts/x", {"on": "dark", "actions": ["log"]})
    assert answer.json()["code"] == "P109" and str(served.folder) not in answer.text
    (served.folder / "alerts.toml").write_text(FILE)
    FakeWatch(served.folder, [stream("door")]).write()
    problem = f"{served.folder}/alerts.toml: the environment has no X"
    (served.folder / TAKEN).write_text(json.dumps({"at": 1, "problem": problem}))
    told = ask(served, "GET", "/alerts", who="viewer").json()
    assert told["problem"] == "alerts.toml: the environment has no X"
    (served.folder / TAKEN).unlink()


def test_what_was_told_comes_in_pages(served: Guarded, tmp_path: Path) -> None:
    watch = FakeWatch(served.folder, [stream("door")])
    for number in range(5):
        watch.alert(f"id{number}", f"P{number}", ["phone", "browser"])
    page = ask(served, "GET", "/live/alerts?limit=3", who="viewer").json()
    assert [one["id"] for one in page["items"]] == ["id4", "id3", "id2"]
    assert page["items"][0]["words"] == "P4 at front door (97 %)"
    assert page["items"][0]["browser"] is True
    page = ask(served, "GET", f"/live/alerts?limit=3&cursor={page['next']}", who="viewer").json()
    assert [one["id"] for one in page["items"]] == ["id1", "id0"] and page["next"] is None
