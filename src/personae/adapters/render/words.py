"""Times, shares and names as text; what came from outside is made fit to be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from personae.adapters.render.subject import Report

_STEPS = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400),
    *(21600, 43200, 86400),
)
# Control and bidi-override characters can make a line show something other than it says.
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


def clock(seconds: float) -> str:
    """``h:mm:ss.mmm``, rounded to the millisecond."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{milliseconds:03}"


def tick_label(seconds: float, step: float) -> str:
    """A mark of a time axis: ``0:05.5``, ``1:30`` or ``1:02:30``."""
    whole, tenths = divmod(round(seconds * 10), 10)
    small = f".{tenths}" if step < 1 else ""
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{small}"
    return f"{whole // 60}:{whole % 60:02}{small}"


def spoken(seconds: float) -> str:
    """A duration as people say it: ``0.4 s``, ``12.3 s``, ``4 min 05 s``, ``1 h 20 min``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min"


def percent(share: float) -> str:
    """A share of 0..1 with one decimal; what is there but tiny is not shown as nothing."""
    return "<0.1 %" if 0 < share < 0.0005 else f"{share * 100:.1f} %"


def plain(text: str) -> str:
    """Text from outside as one line that can be encoded."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(_UNSHOWABLE.sub(" ", encodable).split())


def ticks(duration: float, wanted: int = 7) -> tuple[list[float], float]:
    """Round times from 0 to ``duration``, about ``wanted`` of them, and the step between."""
    step = next((step for step in _STEPS if duration / step <= wanted), duration / wanted)
    if duration <= 0:
        return [0.0], step
    return [number * step for number in range(int(duration / step + 1e-9) + 1)], step


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """File names; with their folder where two files have one name, else the whole path."""
    known = list(dict.fromkeys(paths))
    for parts in (1, 2):
        names = {path: plain("/".join(PurePath(path).parts[-parts:])) for path in known}
        if max(Counter(names.values()).values(), default=1) == 1:
            return names
    return {path: plain(path) for path in known}


def counted(number: int, one: str, many: str) -> str:
    """``1 film``, ``12 films``; thousands apart."""
    return f"{number:,} {one if number == 1 else many}".replace(",", "\u202f")


def coverage_line(report: Report) -> str:
    """What the figures rest on, in one line."""
    covered = report.coverage
    parts = [
        f"Run time {clock(report.total_seconds)} in {counted(covered.films, 'film', 'films')}",
        counted(covered.photos, "photo", "photos") if covered.photos else "",
        counted(covered.people, "person", "people")
        + (f" ({covered.unnamed} not named)" if covered.unnamed else "")
        + (f", {covered.hidden} hidden and left out" if covered.hidden else ""),
        "records known " + _ways(covered.face, covered.body, covered.hand),
        f"gap tolerance {report.gap:g} s",
    ]
    return " · ".join(part for part in parts if part)


def _ways(face: int, body: int, hand: int) -> str:
    ways: Sequence[tuple[int, str]] = ((face, "face"), (body, "body"), (hand, "hand"))
    named = [f"by {name}: {number}" for number, name in ways if number]
    return ", ".join(named) or "none"
