"""``alerts.toml``: when to tell whom, read strictly, so that a mistake is not a silence."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from personae.core.errors import AlertsUnclear
from personae.core.hours import ALL_DAYS, DAY, Hours
from personae.core.rules import NAMING, OF_PEOPLE, Rule, Trigger

FILE = "alerts.toml"
LOG = "log"
BROWSER = "browser"
ALWAYS_THERE = {LOG: {"kind": "log"}, BROWSER: {"kind": "browser"}}
"""Actions that need no table: the program's log, and the pages that are open."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOCALTIME = Path("/etc/localtime")
_HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$")
_CROWD = re.compile(r"^crowd\s*>\s*(\d{1,6})$")
SIMPLE = {
    "known": Trigger("known"),
    "unknown": Trigger("unknown"),
    "spoof": Trigger("spoof"),
    "dark": Trigger("dark"),
}
_TOP = ("timezone", "lists", "action", "rule")
_RULE = (
    "name", "on", "actions", "cameras", "hours", "days",
    "cool_down", "min_confidence", "live", "snapshot",
)  # fmt: skip
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class AlertRules:
    """What the file says.

    Attributes:
        rules: in the order of the file.
        lists: names of people by the name of the list.
        actions: the table of each action by its name; they hold secrets and are never printed.
        zone: whose clock the hours are of.
    """

    rules: tuple[Rule, ...]
    lists: Mapping[str, tuple[str, ...]]
    actions: Mapping[str, Mapping[str, object]] = field(repr=False)
    zone: tzinfo = UTC


def alert_rules_from(file: Path) -> AlertRules:
    """The rules of a file.

    Raises:
        AlertsUnclear: it cannot be read, or something in it is not understood.
    """
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise AlertsUnclear(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:  # of TOML or of UTF-8
        raise AlertsUnclear(f"{file} is not understood: {error}") from error
    try:
        return _all_of(table)
    except AlertsUnclear as error:
        raise AlertsUnclear(f"{file}: {error.message}", error.hint) from None


def _all_of(table: Mapping[str, object]) -> AlertRules:
    _only(table, _TOP, "the file")
    zone = _zone(_get(table, "timezone", str, "", "the file"))
    lists = {
        name: _texts(names, f"list {name!r}")
        for name, names in _get(table, "lists", dict, {}, "the file").items()
    }
    actions: dict[str, Mapping[str, object]] = dict(ALWAYS_THERE)
    for name, action in _get(table, "action", dict, {}, "the file").items():
        if not isinstance(action, dict) or not isinstance(action.get("kind"), str):
            raise AlertsUnclear(f'action {name!r} needs kind = "webhook", "mqtt" or "log"')
        if name == BROWSER:
            raise AlertsUnclear(f"the action {name!r} is always there and takes no table")
        actions[name] = action
    tables = _get(table, "rule", list, [], "the file")
    rules = [rule_of(one, zone, f"rule {number}") for number, one in enumerate(tables, start=1)]
    check(rules, lists, actions)
    return AlertRules(tuple(rules), lists, actions, zone)


def no_rules() -> AlertRules:
    """What holds without a file."""
    return AlertRules((), {}, ALWAYS_THERE, _zone(""))


def check(
    rules: Sequence[Rule], lists: Mapping[str, object], actions: Mapping[str, object]
) -> None:
    """Whether names are unique and what they name is there.

    Raises:
        AlertsUnclear: they are not, or it is not.
    """
    seen: set[str] = set()
    for rule in rules:
        if rule.name in seen:
            raise AlertsUnclear(f"two rules are called {rule.name!r}")
        seen.add(rule.name)
        for action in rule.actions:
            if action not in actions:
                raise AlertsUnclear(f"rule {rule.name!r}: there is no action {action!r}")
        if rule.on.what == "tag" and rule.on.name not in lists:
            raise AlertsUnclear(f"rule {rule.name!r}: there is no list {rule.on.name!r}")


def rule_of(table: object, zone: tzinfo, fallback: str) -> Rule:
    """A rule from its table.

    Args:
        table: with the keys of a ``[[rule]]``.
        zone: whose clock its hours are of.
        fallback: what it is called without a name.

    Raises:
        AlertsUnclear: something in it is not understood.
    """
    if not isinstance(table, dict):
        raise AlertsUnclear("rules are [[rule]] tables")
    name = _get(table, "name", str, fallback, fallback)
    of = f"rule {name!r}"
    _only(table, _RULE, of)
    on = _trigger(_get(table, "on", str, "", of), of)
    actions = _texts(table.get("actions", []), f"{of}: actions")
    if not actions:
        raise AlertsUnclear(f'{of} tells nobody: it needs actions = ["…"]')
    if table.get("min_confidence") and on.what not in NAMING:
        raise AlertsUnclear(f"{of}: min_confidence is for rules on known, person: and tag:")
    if table.get("live") and on.what not in OF_PEOPLE:
        raise AlertsUnclear(f"{of}: live is for rules on known, unknown, person: and tag:")
    return Rule(
        name=name,
        on=on,
        actions=actions,
        cameras=frozenset(_texts(table.get("cameras", []), f"{of}: cameras")),
        hours=_hours(table, zone, of),
        cool_down=_number(table, "cool_down", 300.0, (0.0, 31 * 86_400.0), of),
        min_confidence=_number(table, "min_confidence", 0.0, (0.0, 1.0), of),
        live=_get(table, "live", bool, False, of),
        snapshot=_get(table, "snapshot", bool, False, of),
    )


def _trigger(on: str, of: str) -> Trigger:
    if on in SIMPLE:
        return SIMPLE[on]
    what, _, name = on.partition(":")
    if what in ("person", "tag") and name.strip():
        return Trigger("person" if what == "person" else "tag", name.strip())
    if crowd := _CROWD.match(on):
        return Trigger("crowd", people=int(crowd[1]))
    raise AlertsUnclear(
        f"{of}: on = {on!r} is not understood",
        'Write "known", "unknown", "person:NAME", "tag:LIST", "spoof", "dark" or "crowd>N".',
    )


def _hours(table: Mapping[str, object], zone: tzinfo, of: str) -> Hours:
    text = _get(table, "hours", str, "00:00-24:00", of)
    found = _HOURS.match(text)
    if not found:
        raise AlertsUnclear(f"{of}: hours = {text!r} is not understood", 'Write "22:00-06:00".')
    start = 60 * int(found[1]) + int(found[2])
    end = DAY if found[3] is None else 60 * int(found[3]) + int(found[4])
    days = _texts(table.get("days", list(DAYS)), f"{of}: days")
    if not days or not set(days) <= set(DAYS):
        raise AlertsUnclear(f"{of}: days are some of {', '.join(DAYS)}, not {', '.join(days)}")
    chosen = frozenset(DAYS.index(day) for day in days)
    return Hours(start, end, ALL_DAYS if len(chosen) == len(DAYS) else chosen, zone)


def _zone(name: str) -> tzinfo:
    """The zone that is named, else the machine's with its summer time, not its offset of today."""
    name = name or os.environ.get("TZ", "").removeprefix(":")
    try:
        if name:
            return ZoneInfo(name)
        with LOCALTIME.open("rb") as stream:
            return ZoneInfo.from_file(stream)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise AlertsUnclear(
            f"there is no time zone {name!r}", 'Write timezone = "Europe/Berlin".'
        ) from error
    except OSError:
        return UTC


def table_of(rule: Rule) -> dict[str, object]:
    """The table that says the same as a rule, with every key."""
    on, hours = rule.on, rule.hours
    what = f"crowd>{on.people}" if on.what == "crowd" else on.what
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (hours.start, hours.end))
    return {
        "name": rule.name,
        "on": f"{what}:{on.name}" if on.name else what,
        "actions": list(rule.actions),
        "cameras": sorted(rule.cameras),
        "hours": f"{start}-{end}",
        "days": [DAYS[day] for day in sorted(hours.days)],
        "cool_down": rule.cool_down,
        "min_confidence": rule.min_confidence,
        "live": rule.live,
        "snapshot": rule.snapshot,
    }


def _only(table: Mapping[str, object], known: tuple[str, ...], of: str) -> None:
    for key in table:
        if key not in known:
            raise AlertsUnclear(f"{of}: {key!r} is not known", f"There are: {', '.join(known)}.")


def _get(
    table: Mapping[str, object], key: str, kind: type[Value], fallback: Value, of: str
) -> Value:
    value = table.get(key, fallback)
    if not isinstance(value, kind):
        raise AlertsUnclear(f"{of}: {key} is no {kind.__name__}")
    return value


def _number(
    table: Mapping[str, object], key: str, fallback: float, span: tuple[float, float], of: str
) -> float:
    value = table.get(key, fallback)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AlertsUnclear(f"{of}: {key} is no number")
    if not span[0] <= value <= span[1]:
        raise AlertsUnclear(f"{of}: {key} lies between {span[0]:g} and {span[1]:g}")
    return float(value)


def _texts(value: object, of: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise AlertsUnclear(f'{of} is a list of texts: ["…", "…"]')
    return tuple(value)
