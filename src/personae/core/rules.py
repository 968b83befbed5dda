"""When to tell somebody: rules over what cameras see, told once each time and not too often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from personae.core.events import Event
from personae.core.hours import ALWAYS, Hours

What = Literal["known", "unknown", "person", "tag", "spoof", "dark", "crowd"]
NAMING: frozenset[What] = frozenset(("known", "person", "tag"))
"""Rules about somebody who was recognised: a least confidence makes sense for these."""
OF_PEOPLE: frozenset[What] = NAMING | {"unknown"}
"""Rules about one person: asking for a living face makes sense for these."""
FORGOTTEN_MS = 3_600_000
"""What was not seen for so long is another time when it comes again."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a rule waits for.

    Attributes:
        what: known, unknown, a certain person, somebody on a list, spoof, dark, crowd.
        name: of the person or of the list.
        people: a crowd is more than so many.
    """

    what: What
    name: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """When to tell whom.

    Attributes:
        name: of the rule, unique.
        on: what it waits for.
        actions: names of those who are told, in this order.
        cameras: only at these; at all of them when empty.
        hours: only then.
        cool_down: seconds after an alert during which nothing is told of the same subject.
        min_confidence: least probability that it is this person, 0..1.
        live: only somebody seen to be alive.
        snapshot: whether the camera's newest picture goes with it.
    """

    name: str
    on: Trigger
    actions: tuple[str, ...]
    cameras: frozenset[str] = frozenset()
    hours: Hours = ALWAYS
    cool_down: float = 300.0
    min_confidence: float = 0.0
    live: bool = False
    snapshot: bool = False


class Rules:
    """Rules with what they told already; one thread asks.

    A rule tells of one occurrence once. While the subject cools down it waits; if the occurrence
    lasts longer than that, it is told then.

    Args:
        rules: in the order in which they are asked.
        lists: names of people by the name of the list.
    """

    def __init__(
        self, rules: Sequence[Rule], lists: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._rules = tuple(rules)
        self._lists = {name: frozenset(people) for name, people in (lists or {}).items()}
        self._told: dict[tuple[str, str], int] = {}
        self._cooling: dict[tuple[str, str], int] = {}

    def renewed(self, rules: Sequence[Rule], lists: Mapping[str, Sequence[str]]) -> Rules:
        """Other rules that know what these told, so that a change tells nothing again."""
        made = Rules(rules, lists)
        made._told, made._cooling = self._told, self._cooling
        return made

    def matching(self, event: Event, now: int) -> list[Rule]:
        """The rules that want this told now; ``now`` in milliseconds since 1970."""
        self._forget(now)
        return [rule for rule in self._rules if self._asks(rule, event, now)]

    def _asks(self, rule: Rule, event: Event, now: int) -> bool:
        occurrence, subject = (rule.name, event.occurrence), (rule.name, event.subject)
        if event.kind == "people" and event.people <= rule.on.people:
            self._told.pop(occurrence, None)  # the crowd dissolved: the next one is another
        if occurrence in self._told and self._triggered(rule.on, event):
            self._told[occurrence] = now
            return False
        if not self._wants(rule, event, now) or self._cools(subject, rule, now):
            return False
        self._told[occurrence] = self._cooling[subject] = now
        return True

    def _wants(self, rule: Rule, event: Event, now: int) -> bool:
        return (
            self._triggered(rule.on, event)
            and (not rule.cameras or event.camera in rule.cameras)
            and (rule.on.what not in NAMING or event.confidence >= rule.min_confidence)
            and (not rule.live or event.live == "live")
            and rule.hours.hold(now)
        )

    def _triggered(self, on: Trigger, event: Event) -> bool:
        if event.kind == "dark":
            return on.what == "dark"
        if event.kind == "people":
            return on.what == "crowd" and event.people > on.people
        if on.what in ("known", "unknown", "spoof"):
            return event.type == on.what
        if event.type not in ("known", "unknown"):
            return False
        if on.what == "person":
            return event.name == on.name
        return on.what == "tag" and event.name in self._lists.get(on.name, ())

    def _cools(self, subject: tuple[str, str], rule: Rule, now: int) -> bool:
        last = self._cooling.get(subject)
        # a clock that was set back must not silence a rule for years
        return last is not None and 0 <= now - last < rule.cool_down * 1000

    def _forget(self, now: int) -> None:
        """Keeps a watch of months from growing: tracks and strangers come without end."""
        for kept, longest in ((self._told, FORGOTTEN_MS), (self._cooling, self._longest())):
            if len(kept) > 1000:
                for key in [k for k, at in kept.items() if abs(now - at) > longest]:
                    del kept[key]

    def _longest(self) -> int:
        return round(1000 * max((rule.cool_down for rule in self._rules), default=0.0))
