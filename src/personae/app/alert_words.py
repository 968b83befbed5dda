"""A rule of alerts, and an alert that was told, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from personae.app.alert_rules import BROWSER, DAYS, LOG
from personae.core.hours import ALL_DAYS, DAY, Hours
from personae.core.rules import Rule, Trigger

WEEK = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
WHO = {
    "known": "somebody known is seen",
    "unknown": "somebody unknown is seen",
    "spoof": "a face may be only a picture",
    "dark": "it goes dark",
}
RECEIVERS = {LOG: "the log", BROWSER: "open pages"}


def rule_words(rule: Rule) -> str:
    """What a rule says: when, where, whom it tells, how often."""
    where = f"At {_listed(sorted(rule.cameras))}" if rule.cameras else "At any camera"
    when = f"{where}, when {_trigger(rule.on)}{_conditions(rule)}"
    picture = ", with a picture" if rule.snapshot else ""
    told = _listed([RECEIVERS.get(name, name) for name in rule.actions])
    often = f"At most every {_lasting(rule.cool_down)}." if rule.cool_down else ""
    return f"{when}{_hours(rule.hours)}: tell {told}{picture}. {often}".strip()


def alert_words(told: Mapping[str, object]) -> str:
    """What an alert tells, from its line in ``alerts.jsonl``."""
    camera, name = told.get("camera") or "a camera", told.get("name")
    match told.get("kind"):
        case "dark":
            reason = told.get("reason")
            return f"{camera} went dark: {reason}" if reason else f"{camera} went dark"
        case "people":
            return f"{told.get('people')} people at {camera}"
        case "spoof":
            return f"Perhaps only a picture of {name or 'a face'} at {camera}"
        case "unknown" if not name:
            return f"Somebody unknown at {camera}"
    sure = told.get("confidence")
    share = f" ({min(99, int(100 * sure))} %)" if isinstance(sure, float) and sure > 0 else ""
    return f"{name or 'Somebody'} at {camera}{share}"


def _trigger(on: Trigger) -> str:
    match on.what:
        case "person":
            return f"{on.name} is seen"
        case "tag":
            return f"somebody on the list {on.name} is seen"
        case "crowd":
            return f"more than {on.people} people are there"
    return WHO[on.what]


def _conditions(rule: Rule) -> str:
    parts = []
    if rule.min_confidence:
        parts.append(f"at least {100 * rule.min_confidence:g} % sure")
    if rule.live:
        parts.append("seen to be alive")
    return f" ({', '.join(parts)})" if parts else ""


def _hours(hours: Hours) -> str:
    days = "" if hours.days == ALL_DAYS else f" on {_days(hours.days)}"
    if (hours.start, hours.end) == (0, DAY):
        return days
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (hours.start, hours.end))
    next_day = " the next day" if hours.end <= hours.start else ""
    return f"{days}, {start} to {end}{next_day}"


def _days(days: frozenset[int]) -> str:
    if days == frozenset(range(5)):
        return "weekdays"
    if days == {5, 6}:
        return "weekends"
    assert len(WEEK) == len(DAYS)
    return _listed([WEEK[day] for day in sorted(days)])


def _lasting(seconds: float) -> str:
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            many = int(seconds // size)
            return unit if many == 1 else f"{many} {unit}s"
    return f"{seconds:g} seconds"


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
