"""Alerts to send."""

from __future__ import annotations

from personae.core.events import Alert, Event

PICTURE = b"\xff\xd8 a picture \xff\xd9"


def alert(number: int = 1, snapshot: bytes | None = None) -> Alert:
    """Ana at the door."""
    event = Event("person", "Haustür", f"door/{number}", "known", 7, "Ana Ñandú", 0.98, "live")
    return Alert(f"id-{number}", 1_700_000_000_000 + number, "at home", event, snapshot)
