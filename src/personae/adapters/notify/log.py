"""Alerts as lines of the program's log."""

from __future__ import annotations

import json
import logging

from personae.core.errors import DeliveryError
from personae.core.events import Alert

log = logging.getLogger(__name__)


class LogNotifier:
    """Writes each alert as one line of JSON, at level WARNING."""

    def __init__(self) -> None:
        self._closed = False

    def send(self, alert: Alert) -> None:
        """One line.

        Raises:
            DeliveryError: it was closed.
        """
        if self._closed:
            raise DeliveryError("the log of alerts is closed")
        log.warning("alert %s", json.dumps(alert.as_json(), ensure_ascii=False))

    def close(self) -> None:
        """Nothing more is written."""
        self._closed = True
