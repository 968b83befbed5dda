"""What happened before cameras, in words."""

from __future__ import annotations

from collections.abc import Mapping

Told = Mapping[str, object]
PLAIN = {
    "camera back": "The camera is back",
    "clip": "A clip was recorded",
    "retention": "What was too old was deleted",
}
BROKEN = {
    "camera dark": "The camera went dark",
    "clip lost": "A clip was lost",
    "trouble": "A look failed",
}


def words_of(told: Told, came: Told | None = None) -> str:
    """One line of the history as a sentence, without its camera.

    Args:
        told: the line.
        came: where somebody left, the last line that says who that was.
    """
    match told.get("event"):
        case "person":
            return _seen(told)
        case "left":
            return f"{_who(came or told)} left{_after(told, came)}"
        case "camera dark" | "clip lost" | "trouble" as event:
            reason = str(told.get("reason") or "")
            return f"{BROKEN[event]}: {reason}" if reason else BROKEN[event]
        case "profile made":
            return f"{_who(told)} is remembered from now on"
        case "profiles maintained":
            return _maintained(told)
    other = str(told.get("event") or "")
    return PLAIN.get(other, other) or "Something happened"


def _seen(told: Told) -> str:
    alive = ", seen to be alive" if told.get("live") == "live" else ""
    match told.get("type"):
        case "known":
            return f"{_who(told)} was recognised{_sure(told)}{alive}"
        case "unknown" if told.get("person") is not None:
            return f"{_who(told)} came again{_sure(told)}{alive}"
        case "unknown":
            return f"Somebody unknown is here{alive}"
        case "spoof":
            return f"{_who(told)}: perhaps only a picture of a face"
    return "Somebody came"


def _who(told: Told) -> str:
    name = told.get("name")
    if name:
        return str(name)
    return "Somebody unknown" if told.get("type") == "unknown" else "Somebody"


def _sure(told: Told) -> str:
    sure = told.get("confidence")
    # No comparison of faces is ever certain
    return f" ({min(99, int(100 * sure))} %)" if isinstance(sure, float) and sure > 0 else ""


def _after(told: Told, came: Told | None) -> str:
    end, start = told.get("at"), (came or {}).get("at")
    if not isinstance(end, int) or not isinstance(start, int) or end < start:
        return ""
    seconds = round((end - start) / 1000)
    if seconds < 60:
        return f" after {seconds} s"
    minutes = seconds // 60
    return (
        f" after {minutes} min" if minutes < 60 else f" after {minutes // 60} h {minutes % 60} min"
    )


def _maintained(told: Told) -> str:
    counts = {
        "pruned": _count(told.get("pruned"), "was forgotten", "were forgotten"),
        "merged": _count(told.get("merged"), "was joined", "were joined"),
        "proposed": _count(told.get("proposed"), "may be a double", "may be doubles"),
    }
    parts = [words for words in counts.values() if words]
    return f"Profiles looked after: {', '.join(parts)}" if parts else "Profiles were looked after"


def _count(found: object, one: str, more: str) -> str:
    many = len(found) if isinstance(found, list) else 0
    return f"{many} {one if many == 1 else more}" if many else ""
