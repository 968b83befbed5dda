"""A notifier with a queue and a thread of its own; what cannot be delivered is written down."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from personae.core.errors import DeliveryError
from personae.core.events import Alert
from personae.ports import Notifier

log = logging.getLogger(__name__)

ROOM = 1000
"""Alerts that may wait for one receiver."""


class Mailbox:
    """Delivers alerts in order, one after the other, without anybody waiting.

    Args:
        name: of the action.
        notifier: who is told.
        bury: takes the name, what could not be delivered, and why; from several threads.
        room: alerts that may wait.
    """

    def __init__(
        self,
        name: str,
        notifier: Notifier,
        bury: Callable[[str, Alert, str], None],
        room: int = ROOM,
    ) -> None:
        self._name = name
        self._notifier = notifier
        self._bury = bury
        self._waiting: queue.Queue[Alert | None] = queue.Queue(room)
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._deliver, name=f"alerts {name}", daemon=True)
        self._thread.start()

    def put(self, alert: Alert) -> None:
        """Takes an alert at once."""
        try:
            self._waiting.put_nowait(alert)
        except queue.Full:
            self._give_up(alert, "too many alerts wait")

    def close(self, seconds: float) -> None:
        """Delivers what waits for so long; the rest becomes dead letters."""
        ends = time.monotonic() + seconds
        while not self._waiting.empty() and time.monotonic() < ends:
            time.sleep(0.01)
        try:
            self._waiting.put(None, timeout=max(0.0, ends - time.monotonic()))
        except queue.Full:
            log.info("alerts to %s: still full at the end", self._name)
        self._thread.join(max(0.0, ends - time.monotonic()))
        self._hurry.set()
        self._notifier.close()
        self._bury_rest()
        self._waiting.put_nowait(None)
        self._thread.join(seconds)

    def _deliver(self) -> None:
        while (alert := self._waiting.get()) is not None:
            if self._hurry.is_set():
                self._give_up(alert, "the watch ended before it was delivered")
                continue
            try:
                self._notifier.send(alert)
            except DeliveryError as error:
                self._give_up(alert, f"{error.code}: {error.message}")
            except Exception as error:  # noqa: BLE001 - a plug-in's mistake must not end the thread
                self._give_up(alert, f"defect in the notifier: {type(error).__name__}")

    def _bury_rest(self) -> None:
        while True:
            try:
                alert = self._waiting.get_nowait()
            except queue.Empty:
                return
            if alert is not None:
                self._give_up(alert, "the watch ended before it was delivered")

    def _give_up(self, alert: Alert, reason: str) -> None:
        log.warning("alert %s was not delivered to %s: %s", alert.id, self._name, reason)
        try:
            self._bury(self._name, alert, reason)
        except OSError as error:
            log.warning("the dead letter could not be written: %s", error.strerror)
