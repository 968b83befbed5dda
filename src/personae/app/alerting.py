"""From what is known now to who is told: rules are asked in a thread of their own."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import personae
from personae.app.alert_actions import makers_from, notifiers_from
from personae.app.alert_book import AlertBook
from personae.app.alert_log import ALERTS
from personae.app.alert_rules import BROWSER, AlertRules
from personae.app.letters import Letters
from personae.app.mailbox import Mailbox
from personae.app.status_file import write_whole
from personae.app.watching import pictures_of
from personae.core.errors import PersonaeError
from personae.core.events import Alert, Event, events_of
from personae.core.live import LiveStatus
from personae.core.rules import Rule, Rules
from personae.ports import Notifier, StatusDisplay

log = logging.getLogger(__name__)

DEAD_LETTERS = "dead-letters.jsonl"
CLOSING_S = 5.0
"""How long the end of a watch waits for each receiver."""
ROOM = 1000
FOLLOW_S = 1.0
"""How often is looked whether somebody changed the rules."""
TAKEN = "alerts.state.json"
"""What the running watch made of the rules: pages say so when it could not take a change."""


class Alerting:
    """Asks the rules at each status and tells whom they name; the caller never waits.

    Args:
        folder: of the library, for pictures, dead letters and the list of alerts.
        rules: are asked.
        notifiers: by the name of the action; those that are also displays are shown each status.
        closing_s: how long the end waits for what is under way.
        book: where changes of the rules are looked for; None keeps the rules as they are.
    """

    def __init__(
        self,
        folder: Path,
        rules: Rules,
        notifiers: Mapping[str, Notifier],
        closing_s: float = CLOSING_S,
        book: AlertBook | None = None,
    ) -> None:
        self._folder = folder
        self._rules = rules
        self._closing_s = closing_s
        self._told = Letters(folder / ALERTS)
        self._dead = Letters(folder / DEAD_LETTERS)
        self._boxes = {name: Mailbox(name, one, self._bury) for name, one in notifiers.items()}
        self._notifiers = dict(notifiers)
        self._book = book
        self._stamp = book.stamp() if book else None
        self._actions = book.asked().actions if book else {}
        self._looked = time.monotonic()
        self._seen: queue.Queue[LiveStatus | None] = queue.Queue(ROOM)
        self._thread = threading.Thread(target=self._ask, name="alerts", daemon=True)
        self._thread.start()

    def observe(self, status: LiveStatus) -> None:
        """Takes a status at once; one of a watch that ended is the last, and waits for delivery."""
        if not status.running:
            self.close()
            return
        try:
            self._seen.put_nowait(status)
        except queue.Full:
            log.warning("alerts: a status was passed over, the disk is too slow")

    def close(self) -> None:
        """Tells what is under way, for a while; the rest becomes dead letters."""
        if self._thread.is_alive():
            self._seen.put(None)
            self._thread.join()
        closing = [
            threading.Thread(target=box.close, args=(self._closing_s,))
            for box in self._boxes.values()
        ]
        self._boxes = {}
        for one in closing:
            one.start()
        for one in closing:
            one.join()

    def _ask(self) -> None:
        self._note("")
        while (status := self._seen.get()) is not None:
            self._follow()
            for display in self._notifiers.values():
                if not isinstance(display, StatusDisplay):
                    continue
                try:
                    display.show(status)
                except Exception as error:  # noqa: BLE001 - a plug-in must not silence the others
                    log.warning("alerts: a display failed: %s", type(error).__name__)
            for event in events_of(status):
                for rule in self._rules.matching(event, status.timestamp):
                    self._tell(rule, event, status.timestamp)

    def _tell(self, rule: Rule, event: Event, at: int) -> None:
        picture = self._picture(event.camera) if rule.snapshot else None
        alert = Alert(uuid.uuid4().hex, at, rule.name, event, picture)
        try:
            self._told.add({**alert.as_json(), "actions": rule.actions})
        except OSError as error:
            log.warning("alerts: %s cannot be written: %s", ALERTS, error.strerror)
        for name in rule.actions:
            if name in self._boxes:
                self._boxes[name].put(alert)
            elif name != BROWSER:
                self._bury(name, alert, "this receiver could not be begun")

    def _follow(self) -> None:
        """Takes other rules as soon as they are there; those with mistakes change nothing."""
        now = time.monotonic()
        if self._book is None or now - self._looked < FOLLOW_S:
            return
        self._looked = now
        stamp = self._book.stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            asked = self._book.asked()
            self._renew(asked.actions)
        except PersonaeError as error:
            log.warning("alerts: the changed rules are not used: %s", error.message)
            self._note(error.message)
            return
        self._rules = self._rules.renewed(asked.rules, asked.lists)
        log.info("alerts: %d rules are asked from now on", len(asked.rules))
        self._note("")

    def _renew(self, actions: Mapping[str, Mapping[str, object]]) -> None:
        """Ends receivers that went or changed, and begins those that came."""
        makers = makers_from(actions, personae.__version__)
        stay = {name for name in makers if self._actions.get(name) == actions[name]}
        for name in self._boxes.keys() - stay:
            # The old one first: two that are called the same would throw each other out
            self._boxes.pop(name).close(self._closing_s)
            self._notifiers.pop(name, None)
        self._actions = actions
        for name in makers.keys() - self._boxes.keys():
            notifier = self._notifiers[name] = makers[name]()
            self._boxes[name] = Mailbox(name, notifier, self._bury)

    def _note(self, problem: str) -> None:
        if self._book is None:
            return
        told = {"at": time.time_ns() // 1_000_000, "problem": problem}
        try:
            write_whole(self._folder / TAKEN, json.dumps(told, ensure_ascii=False).encode())
        except OSError as error:
            log.warning("alerts: %s cannot be written: %s", TAKEN, error.strerror)

    def _picture(self, camera: str) -> bytes | None:
        try:
            return (pictures_of(self._folder) / f"{camera}.jpg").read_bytes()
        except OSError:
            return None

    def _bury(self, action: str, alert: Alert, reason: str) -> None:
        at = time.time_ns() // 1_000_000
        self._dead.add({"at": at, "action": action, "reason": reason, "alert": alert.as_json()})


def alerting_from(folder: Path, file: Path | None = None) -> Alerting:
    """What ``alerts.toml`` of a library and its page of alerts ask for, also when they change.

    Args:
        folder: of the library.
        file: another file than that of the library; it must be there.

    Raises:
        AlertsUnclear: the rules are not understood.
        ExtraMissing: an action needs a package that is not there.
    """
    book = AlertBook(folder, file)
    asked: AlertRules = book.asked()
    rules = Rules(asked.rules, asked.lists)
    return Alerting(folder, rules, notifiers_from(asked.actions, personae.__version__), book=book)
