"""Rules by hand and rules of a page: what a person wrote stays, what is asked is both."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from personae.app.alert_book import BESIDE, MOST, AlertBook
from personae.app.alert_rules import rule_of, table_of
from personae.app.alert_words import alert_words, rule_words
from personae.app.alerting import TAKEN, Alerting, alerting_from
from personae.core.errors import AlertsUnclear
from personae.core.live import LiveStatus
from tests.adapters.notify.receiver import receiving
from tests.app.test_alerting import lines, status

BY_HAND = """
# The neighbour's cat opens the door at night; do not ask.
timezone = "Europe/Berlin"
[lists]
family = ["Ana", "Ben"]
[action.phone]
kind = "webhook"
url = "https://hooks.example/T0KEN"
[[rule]]
name = "night"
on = "unknown"          # strangers
hours = "22:00-06:00"
actions = ["phone"]
"""


def book(folder: Path, text: str = BY_HAND) -> AlertBook:
    (folder / "alerts.toml").write_text(text)
    return AlertBook(folder)


def names(rules: AlertBook) -> list[str]:
    return [rule.name for rule in rules.asked().rules]


def test_a_rule_is_made_changed_switched_off_and_deleted(tmp_path: Path) -> None:
    rules = book(tmp_path)
    made = rules.put("dark", {"on": "dark", "actions": ["browser", "log"]}, off=False)
    assert (made.origin, made.off, made.rule.cool_down) == ("page", False, 300)
    assert names(rules) == ["night", "dark"]
    rules.put("dark", {"on": "dark", "actions": ["log"], "cool_down": 60}, off=True)
    assert names(rules) == ["night"]
    assert [(e.rule.name, e.off) for e in rules.entries()] == [("night", False), ("dark", True)]
    assert rules.entries()[1].rule.cool_down == 60
    assert rules.delete("dark") and not rules.delete("dark")
    assert [e.rule.name for e in rules.entries()] == ["night"]
    assert (tmp_path / "alerts.toml").read_text() == BY_HAND
    assert not list(tmp_path.glob(".*")), "no half file stays behind"


def test_what_a_person_wrote_is_changed_beside_it_and_comes_back(tmp_path: Path) -> None:
    rules = book(tmp_path)
    (night,) = rules.entries()
    table = {k: v for k, v in table_of(night.rule).items() if k != "name"}
    off = rules.put("night", table, off=True)
    assert (off.origin, off.off) == ("file", True) and names(rules) == []
    assert json.loads((tmp_path / BESIDE).read_text())["rules"] == []
    changed = rules.put("night", {**table, "hours": "23:00-05:00"}, off=False)
    assert (changed.origin, changed.off) == ("changed", False)
    assert rules.asked().rules[0].hours.start == 23 * 60
    assert str(rules.asked().rules[0].hours.zone) == "Europe/Berlin"
    assert rules.delete("night")
    assert rules.entries() == [night] and not rules.delete("night")


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("x", {"on": "knwon", "actions": ["log"]}, "not understood"),
        ("x", {"on": "known", "actions": ["pigeon"]}, "no action 'pigeon'"),
        ("x", {"on": "tag:nobody", "actions": ["log"]}, "no list 'nobody'"),
        ("x", {"on": "known", "actions": ["log"], "url": "https://h/"}, "'url' is not known"),
        ("a/b", {"on": "known", "actions": ["log"]}, "no name for a rule"),
        (" ", {"on": "known", "actions": ["log"]}, "no name for a rule"),
        ("x" * 81, {"on": "known", "actions": ["log"]}, "too long"),
    ],
)
def test_a_rule_that_is_not_understood_is_not_kept(
    tmp_path: Path, name: str, table: dict[str, object], said: str
) -> None:
    rules = book(tmp_path)
    with pytest.raises(AlertsUnclear) as failure:
        rules.put(name, table, off=False)
    assert said in failure.value.message
    assert not (tmp_path / BESIDE).exists() and names(rules) == ["night"]


def test_there_are_not_endlessly_many(tmp_path: Path) -> None:
    rules = AlertBook(tmp_path)
    for number in range(MOST):
        rules.put(f"r{number}", {"on": "dark", "actions": ["log"]}, off=False)
    with pytest.raises(AlertsUnclear, match=f"{MOST} rules already"):
        rules.put("one more", {"on": "dark", "actions": ["log"]}, off=False)
    assert len(rules.asked().rules) == MOST


def test_a_rule_whose_receiver_went_is_shown_with_its_problem(tmp_path: Path) -> None:
    rules = book(tmp_path)
    rules.put("call", {"on": "dark", "actions": ["phone"]}, off=False)
    (tmp_path / "alerts.toml").write_text("")
    (shown,) = rules.entries()
    assert "no action 'phone'" in shown.problem
    with pytest.raises(AlertsUnclear, match=r"alerts\.ui\.json: rule 'call': there is no action"):
        rules.asked()
    rules.delete("call")
    assert rules.asked().rules == ()
    (tmp_path / BESIDE).write_text("{half")
    with pytest.raises(AlertsUnclear, match="not understood"):
        rules.asked()


def wait_for(alerts: Alerting, now: LiveStatus, folder: Path, found: int) -> list[dict[str, Any]]:
    """Shows the status, as a watch does twice a second, until so many alerts were told."""
    until = time.monotonic() + 8
    while time.monotonic() < until:
        alerts.observe(now)
        time.sleep(0.1)
        path = folder / "alerts.jsonl"
        if path.exists() and len(lines(path)) >= found:
            return lines(path)
    raise AssertionError("a changed rule was not taken")


def test_a_running_watch_takes_changes_and_tells_nothing_twice(tmp_path: Path) -> None:
    alerts = alerting_from(tmp_path)
    rules = AlertBook(tmp_path)
    rules.put("who", {"on": "known", "actions": ["browser"]}, off=False)
    told = wait_for(alerts, status(1, at=1), tmp_path, 1)
    assert [(one["rule"], one["name"], one["actions"]) for one in told] == [
        ("who", "P1", ["browser"])
    ]
    with receiving(204) as receiver:
        (tmp_path / "alerts.toml").write_text(
            f'[action.hook]\nkind = "webhook"\nurl = "{receiver.url}"\n'
            '[[rule]]\nname = "hooked"\non = "known"\nactions = ["hook"]\n'
        )
        told = wait_for(alerts, status(1, at=2), tmp_path, 2)
        assert [one["rule"] for one in told] == ["who", "hooked"], "the first was told before"
        # A mistake changes nothing, and pages hear of it
        (tmp_path / "alerts.toml").write_text("[[rule]]\n")
        until = time.monotonic() + 8
        while not json.loads((tmp_path / TAKEN).read_text())["problem"]:
            assert time.monotonic() < until
            alerts.observe(status(1, at=3))
            time.sleep(0.1)
        assert "is not understood" in json.loads((tmp_path / TAKEN).read_text())["problem"]
        told = wait_for(alerts, status(1, 2, at=4), tmp_path, 4)
        assert [(one["rule"], one["name"]) for one in told[2:]] == [("hooked", "P2"), ("who", "P2")]
        alerts.close()
        assert [request.told["name"] for request in receiver.received] == ["P1", "P2"]
    assert not (tmp_path / "dead-letters.jsonl").exists()


def test_a_receiver_that_went_ends_and_the_others_go_on(tmp_path: Path) -> None:
    with receiving(204, 204) as one, receiving(204, 204) as two:
        hooks = {
            name: f'kind = "webhook"\nurl = "{r.url}"\n' for name, r in (("a", one), ("b", two))
        }
        rule = '[[rule]]\nname = "{0}"\non = "known"\nactions = ["{0}"]\n'
        both = "".join(f"[action.{name}]\n{table}" for name, table in hooks.items())
        (tmp_path / "alerts.toml").write_text(both + rule.format("a") + rule.format("b"))
        alerts = alerting_from(tmp_path)
        wait_for(alerts, status(1, at=1), tmp_path, 2)
        (tmp_path / "alerts.toml").write_text(f"[action.b]\n{hooks['b']}" + rule.format("b"))
        until = time.monotonic() + 8
        while len(alerts._boxes) > 2 and time.monotonic() < until:
            alerts.observe(status(1, at=2))
            time.sleep(0.1)
        wait_for(alerts, status(1, 2, at=3), tmp_path, 3)
        alerts.close()
        assert [request.told["name"] for request in one.received] == ["P1"]
        assert [request.told["name"] for request in two.received] == ["P1", "P2"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            {"on": "unknown", "actions": ["phone", "log"], "cameras": ["door"], "live": True,
             "hours": "22:00-06:00", "days": ["fri", "sat"], "snapshot": True, "cool_down": 600},
            "At door, when somebody unknown is seen (seen to be alive) on Fridays and Saturdays, "
            "22:00 to 06:00 the next day: tell phone and the log, with a picture. "
            "At most every 10 minutes.",
        ),
        (
            {"on": "person:Ana", "actions": ["browser"], "min_confidence": 0.95, "cool_down": 0},
            "At any camera, when Ana is seen (at least 95 % sure): tell open pages.",
        ),
        (
            {"on": "crowd>5", "actions": ["log"], "days": ["sat", "sun"], "cool_down": 86400,
             "cameras": ["a", "b", "c"]},
            "At a, b and c, when more than 5 people are there on weekends: tell the log. "
            "At most every day.",
        ),
        (
            {"on": "dark", "actions": ["log"], "cool_down": 90,
             "days": ["mon", "tue", "wed", "thu", "fri"]},
            "At any camera, when it goes dark on weekdays: tell the log. At most every 90 seconds.",
        ),
    ],
)  # fmt: skip
def test_a_rule_in_words(tmp_path: Path, table: dict[str, object], words: str) -> None:
    zone = book(tmp_path).written().zone
    rule = rule_of({**table, "name": "r"}, zone, "r")
    assert rule_words(rule) == words
    assert rule_of(table_of(rule), zone, "x") == rule


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"kind": "known", "camera": "x", "name": "Ana", "confidence": 0.978}, "Ana at x (97 %)"),
        ({"kind": "unknown", "camera": "door"}, "Somebody unknown at door"),
        ({"kind": "unknown", "camera": "door", "name": "unknown-7"}, "unknown-7 at door"),
        ({"kind": "dark", "camera": "door", "reason": "no frame"}, "door went dark: no frame"),
        ({"kind": "people", "camera": "door", "people": 9}, "9 people at door"),
        ({"kind": "spoof", "camera": "door"}, "Perhaps only a picture of a face at door"),
    ],
)  # fmt: skip
def test_an_alert_in_words(told: dict[str, object], words: str) -> None:
    assert alert_words(told) == words
