"""From what is known now to who is told: rules are asked in a thread of their own."""

from __future__ import annotations

import logging
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import personae
from personae.app.alert_actions import notifiers_from
from personae.app.alert_rules import FILE, alert_rules_from
from personae.app.letters import Letters
from personae.app.mailbox import Mailbox
from personae.app.watching import pictures_of
from personae.core.events import Alert, Event, events_of
from personae.core.live import LiveStatus
from personae.core.rules import Rule, Rules
from personae.ports import Notifier, StatusDisplay

log = logging.getLogger(__name__)

ALERTS = "alerts.jsonl"
"""What was told, a line each: for the log and for pages that show it."""
DEAD_LETTERS = "dead-letters.jsonl"
CLOSING_S = 5.0
"""How long the end of a watch waits for each receiver."""
ROOM = 1000


class Alerting:
    """Asks the rules at each status and tells whom they name; the caller never waits.

    Args:
        folder: of the library, for pictures, dead letters and the list of alerts.
        rules: are asked.
        notifiers: by the name of the action; those that are also displays are shown each status.
        closing_s: how long the end waits for what is under way.
    """

    def __init__(
        self,
        folder: Path,
        rules: Rules,
        notifiers: Mapping[str, Notifier],
        closing_s: float = CLOSING_S,
    ) -> None:
        self._folder = folder
        self._rules = rules
        self._closing_s = closing_s
        self._told = Letters(folder / ALERTS)
        self._dead = Letters(folder / DEAD_LETTERS)
        self._boxes = {name: Mailbox(name, one, self._bury) for name, one in notifiers.items()}
        self._displays: list[StatusDisplay] = [
            one for one in notifiers.values() if isinstance(one, StatusDisplay)
        ]
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
        while (status := self._seen.get()) is not None:
            for display in self._displays:
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
            self._boxes[name].put(alert)

    def _picture(self, camera: str) -> bytes | None:
        try:
            return (pictures_of(self._folder) / f"{camera}.jpg").read_bytes()
        except OSError:
            return None

    def _bury(self, action: str, alert: Alert, reason: str) -> None:
        at = time.time_ns() // 1_000_000
        self._dead.add({"at": at, "action": action, "reason": reason, "alert": alert.as_json()})


def alerting_from(folder: Path, file: Path | None = None) -> Alerting | None:
    """What ``alerts.toml`` of a library asks for; None if there is no such file.

    Args:
        folder: of the library.
        file: another file than that of the library; it must be there.

    Raises:
        AlertsUnclear: the file is not understood.
        ExtraMissing: an action needs a package that is not there.
    """
    chosen = file or folder / FILE
    if file is None and not chosen.exists():
        return None
    asked = alert_rules_from(chosen)
    rules = Rules(asked.rules, asked.lists)
    return Alerting(folder, rules, notifiers_from(asked.actions, personae.__version__))
