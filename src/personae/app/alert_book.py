"""All rules of a library: those of ``alerts.toml``, and what was changed beside it on a page.

What a person wrote by hand stays as it is, comments and all. A rule that is made or changed on a
page lies in ``alerts.ui.json``, where one of the same name counts instead of that in
``alerts.toml``; so do the names of those that are switched off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Literal

from personae.app.alert_rules import (
    FILE,
    AlertRules,
    alert_rules_from,
    check,
    no_rules,
    rule_of,
    table_of,
)
from personae.app.live_reading import Stamp, stamp_of
from personae.app.status_file import write_whole
from personae.core.errors import AlertsUnclear
from personae.core.rules import Rule

BESIDE = "alerts.ui.json"
MOST = 200
"""Rules that are made on a page."""
LONGEST_NAME = 80
From = Literal["file", "page", "changed"]
"""Where a rule stands: in alerts.toml, made on a page, or in alerts.toml and changed on a page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it is shown.

    Attributes:
        rule: what counts.
        off: it is not asked.
        origin: where it stands.
        problem: why it cannot be asked.
    """

    rule: Rule
    off: bool
    origin: From
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Beside:
    """What was changed on a page: tables of rules by name, and what is off."""

    rules: Mapping[str, Mapping[str, object]]
    off: frozenset[str]


class AlertBook:
    """Reads and changes the rules of a library.

    Args:
        folder: of the library.
        file: another file than its ``alerts.toml``; it must be there.
    """

    def __init__(self, folder: Path, file: Path | None = None) -> None:
        self._named = file is not None
        self._file = file or folder / FILE
        self._beside = folder / BESIDE
        self._lock = Lock()

    def stamp(self) -> tuple[Stamp | None, Stamp | None]:
        """Another one after every change."""
        return stamp_of(self._file), stamp_of(self._beside)

    def asked(self) -> AlertRules:
        """The rules that are asked.

        Raises:
            AlertsUnclear: something is not understood; nothing holds then.
        """
        written = self.written()
        beside = self._read()
        entries = _entries(written, beside)
        for one in entries:
            if one.problem and not one.off:
                raise AlertsUnclear(f"{BESIDE}: {one.problem}")
        return replace(written, rules=tuple(one.rule for one in entries if not one.off))

    def entries(self) -> list[Entry]:
        """All rules with where they stand, those that are off too.

        Raises:
            AlertsUnclear: a file is not understood.
        """
        return _entries(self.written(), self._read())

    def written(self) -> AlertRules:
        """What stands in alerts.toml.

        Raises:
            AlertsUnclear: it is not understood.
        """
        if not self._named and not self._file.exists():
            return no_rules()
        return alert_rules_from(self._file)

    def put(self, name: str, table: Mapping[str, object], *, off: bool) -> Entry:
        """Makes or changes a rule.

        Args:
            name: of the rule.
            table: the other keys of a ``[[rule]]``.
            off: it is not to be asked.

        Raises:
            AlertsUnclear: the rule is not understood, or a file is not.
        """
        with self._lock:
            written, beside = self.written(), self._read()
            known = {rule.name: rule for rule in written.rules}
            if name not in known and name not in beside.rules:
                _demand_name(name, len(beside.rules))
            rule = rule_of({**table, "name": name}, written.zone, name)
            check([rule], written.lists, written.actions)
            rules = dict(beside.rules)
            if name in known and table_of(known[name]) == table_of(rule):
                rules.pop(name, None)
            else:
                rules[name] = table_of(rule)
            self._write(_Beside(rules, beside.off | {name} if off else beside.off - {name}))
            return next(e for e in _entries(written, self._read()) if e.rule.name == name)

    def delete(self, name: str) -> bool:
        """Takes away what was made or changed on a page; False if there is nothing of the kind.

        Raises:
            AlertsUnclear: a file is not understood.
        """
        with self._lock:
            beside = self._read()
            if name not in beside.rules:
                return False
            rules = {key: table for key, table in beside.rules.items() if key != name}
            self._write(_Beside(rules, beside.off - {name}))
            return True

    def _read(self) -> _Beside:
        try:
            found = json.loads(self._beside.read_text("utf-8"))
            rules = {str(table["name"]): table for table in found["rules"]}
            return _Beside(rules, frozenset(map(str, found["off"])))
        except FileNotFoundError:
            return _Beside({}, frozenset())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AlertsUnclear(
                f"{self._beside.name} is not understood: {type(error).__name__}",
                "It is written by the page of alerts; move it away to begin anew.",
            ) from error

    def _write(self, beside: _Beside) -> None:
        told = {"rules": list(beside.rules.values()), "off": sorted(beside.off)}
        write_whole(self._beside, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


def _entries(written: AlertRules, beside: _Beside) -> list[Entry]:
    changed = {name: _read_rule(name, table, written) for name, table in beside.rules.items()}
    entries = []
    for rule in written.rules:
        rule_now, problem = changed.pop(rule.name, (rule, ""))
        origin: From = "changed" if rule.name in beside.rules else "file"
        entries.append(Entry(rule_now, rule.name in beside.off, origin, problem))
    for name, (rule, problem) in changed.items():
        entries.append(Entry(rule, name in beside.off, "page", problem))
    return entries


def _read_rule(name: str, table: Mapping[str, object], written: AlertRules) -> tuple[Rule, str]:
    """A rule of a page, and what is wrong with it: lists and actions may have gone since."""
    rule = rule_of(table, written.zone, name)
    try:
        check([rule], written.lists, written.actions)
    except AlertsUnclear as error:
        return rule, error.message
    return rule, ""


def _demand_name(name: str, there_are: int) -> None:
    if there_are >= MOST:
        raise AlertsUnclear(f"there are {MOST} rules already", "Delete one first.")
    if not name.strip() or name != name.strip() or not name.isprintable() or "/" in name:
        raise AlertsUnclear(f"{name!r} is no name for a rule", "Use letters, digits and spaces.")
    if len(name) > LONGEST_NAME:
        raise AlertsUnclear("this name is too long", f"Use at most {LONGEST_NAME} letters.")
