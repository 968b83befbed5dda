"""``alerts.toml``: what it says, and that no mistake in it is a silence."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from personae.app.alert_actions import notifiers_from
from personae.app.alert_rules import alert_rules_from
from personae.core.errors import AlertsUnclear
from personae.core.hours import Hours
from personae.core.rules import Rule, Trigger
from tests.shared import REPOSITORY

WHOLE = """
timezone = "Europe/Berlin"
[lists]
family = ["Ana", "Ben"]
[action.phone]
kind = "webhook"
url = "https://hooks.example/T0KEN"
secret_env = "HOOK_SECRET"
[[rule]]
name = "stranger at night"
on = "unknown"
cameras = ["door"]
hours = "22:00-06:00"
days = ["fri", "sat"]
cool_down = 60
live = true
snapshot = true
actions = ["phone", "log"]
[[rule]]
on = "tag:family"
min_confidence = 0.9
actions = ["log"]
[[rule]]
on = "crowd > 12"
hours = "08:00-24:00"
actions = ["log"]
"""


def read(folder: Path, text: str) -> list[Rule]:
    file = folder / "alerts.toml"
    file.write_text(text)
    return list(alert_rules_from(file).rules)


def test_a_whole_file(tmp_path: Path) -> None:
    night, family, crowd = read(tmp_path, WHOLE)
    berlin = ZoneInfo("Europe/Berlin")
    assert night == Rule(
        "stranger at night", Trigger("unknown"), ("phone", "log"), frozenset(("door",)),
        Hours(22 * 60, 6 * 60, frozenset((4, 5)), berlin), 60.0, 0.0, True, True,
    )  # fmt: skip
    assert (family.name, family.on, family.min_confidence) == (
        "rule 2", Trigger("tag", "family"), 0.9,
    )  # fmt: skip
    assert (crowd.on, crowd.hours) == (
        Trigger("crowd", people=12), Hours(8 * 60, 1440, zone=berlin),
    )  # fmt: skip
    asked = alert_rules_from(tmp_path / "alerts.toml")
    assert asked.lists == {"family": ("Ana", "Ben")} and set(asked.actions) == {
        "phone", "log", "browser",
    }  # fmt: skip
    assert "T0KEN" not in repr(asked)
    made = notifiers_from(asked.actions, "0.1", {"HOOK_SECRET": "geheim"})
    assert set(made) == {"phone", "log"}
    with pytest.raises(AlertsUnclear, match="the environment has no HOOK_SECRET"):
        notifiers_from(asked.actions, "0.1", {})


RULE = '[[rule]]\nname = "r"\non = "known"\nactions = ["log"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule", "not understood"),
        ("rules = 3", "'rules' is not known"),
        ("rule = 3", "rule is no list"),
        ('[action.browser]\nkind = "log"', "is always there"),
        (RULE + "cooldown = 3", "rule 'r': 'cooldown' is not known"),
        (RULE + RULE, "two rules are called 'r'"),
        (RULE.replace('"known"', '"knwon"'), "on = 'knwon' is not understood"),
        (RULE.replace('"known"', '"person:"'), "is not understood"),
        (RULE.replace('"known"', '"crowd>-1"'), "is not understood"),
        (RULE.replace('"known"', '"tag:x"'), "there is no list 'x'"),
        (RULE.replace('["log"]', '["phone"]'), "there is no action 'phone'"),
        (RULE.replace('["log"]', "[]"), "tells nobody"),
        (RULE.replace('["log"]', '"log"'), "is a list of texts"),
        (RULE + 'hours = "22-6"', "hours = '22-6' is not understood"),
        (RULE + 'hours = "24:00-06:00"', "is not understood"),
        (RULE + 'days = ["friday"]', "days are some of"),
        (RULE + "days = []", "days are some of"),
        (RULE + "cool_down = -1", "cool_down lies between"),
        (RULE + "cool_down = true", "cool_down is no number"),
        (RULE + "min_confidence = 90", "min_confidence lies between 0 and 1"),
        (RULE + "min_confidence = nan", "min_confidence lies between 0 and 1"),
        (RULE + 'live = "yes"', "live is no bool"),
        (RULE.replace('"known"', '"dark"') + "live = true", "live is for rules on"),
        (RULE.replace('"known"', '"unknown"') + "min_confidence = 0.5", "is for rules on known"),
        ('timezone = "Europe/Nowhere"\n' + RULE, "no time zone 'Europe/Nowhere'"),
        ('timezone = "../../x"\n' + RULE, "no time zone"),
        ("[lists]\nx = [3]\n" + RULE, "list 'x' is a list of texts"),
        ("[action]\nx = 3\n", "action 'x' needs kind"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AlertsUnclear, match=r"alerts\.toml") as failure:
        read(tmp_path, text)
    assert said in failure.value.message and failure.value.code == "P109"
    with pytest.raises(AlertsUnclear, match="cannot be read"):
        alert_rules_from(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "pigeon"}, "kind is webhook, mqtt or log"),
        ({"kind": "log", "level": 3}, "'level' is not known"),
        ({"kind": "webhook"}, "no address of a webhook"),
        ({"kind": "webhook", "url": "ftp://host/T0KEN"}, "no address of a webhook"),
        ({"kind": "webhook", "url": "https://me:T0KEN@host/"}, "no address of a webhook"),
        ({"kind": "webhook", "url": "https://host:99999/T0KEN"}, "no address of a webhook"),
        ({"kind": "webhook", "url": "https://host/T0KEN\r\nX: y"}, "no address of a webhook"),
        ({"kind": "webhook", "url": "https://host/T0KEN x"}, "has a space"),
        ({"kind": "webhook", "url": "https://host/", "tries": 0}, "tries lies between"),
        ({"kind": "webhook", "url": "https://h/", "url_env": "X"}, "either url or url_env"),
        ({"kind": "mqtt"}, "needs the broker's host"),
        ({"kind": "mqtt", "host": "h", "prefix": "a/#"}, "without + and #"),
        ({"kind": "mqtt", "host": "h", "port": 70000}, "port lies between"),
        ({"kind": "mqtt", "host": "h", "tls": "yes"}, "tls is true or false"),
    ],
)
def test_a_mistake_in_an_action_is_named_without_its_secrets(
    table: dict[str, object], said: str
) -> None:
    with pytest.raises(AlertsUnclear) as failure:
        notifiers_from({"phone": table}, "0.1", {"X": "https://h/"})
    assert said in failure.value.message and "action 'phone'" in failure.value.message
    assert "T0KEN" not in failure.value.message + failure.value.hint


def test_without_a_zone_it_is_the_machine_s_with_its_summer_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    (rule,) = read(tmp_path, RULE)
    offsets = {rule.hours.zone.utcoffset(datetime(2026, month, 1)) for month in (1, 7)}
    assert len(offsets) == 2


def test_the_file_of_the_how_to_page_is_understood(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs/how-to/alerts.md").read_text("utf-8")
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    night, family, dark = read(tmp_path, shown)
    assert night.hours == Hours(22 * 60, 6 * 60, frozenset((4, 5)), ZoneInfo("Europe/Berlin"))
    assert (night.live, night.snapshot, family.on, dark.on) == (
        True, True, Trigger("tag", "family"), Trigger("dark"),
    )  # fmt: skip
    with pytest.raises(AlertsUnclear, match="has no PHONE_URL"):
        notifiers_from(alert_rules_from(tmp_path / "alerts.toml").actions, "0.1", {})
