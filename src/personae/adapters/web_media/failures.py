"""What went wrong between yt-dlp and a site, as one of our errors with its code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from personae.adapters.web_media.address import printable
from personae.adapters.web_media.guard import Guard
from personae.core.errors import (
    WebError,
    WebNotFound,
    WebNothingThere,
    WebProtected,
    WebRefused,
    WebUnreachable,
)

GONE, CLOSED = (404, 410), (401, 402, 403, 451)
PROTECTED = re.compile(
    r"\bDRM\b|log(ged)?[ -]?in|sign(ed)? in|private video|members?[- ]only|premium|paywall"
    r"|purchase|not available (in|from) your",
    re.IGNORECASE,
)
STATUS = re.compile(r"\bHTTP Error (\d{3})\b")
SAID: dict[str, type[WebError]] = {
    r"unknown url type": WebRefused,
    r"bytes read|bytes, expected|timed out|reset by peer|Giving up|unable to continue": (
        WebUnreachable
    ),
}
"""What is said where the failure itself was lost on the way."""
NAMED: dict[str, type[WebError]] = {
    "GeoRestrictedError": WebProtected,
    "UnsupportedError": WebNothingThere,
    "UnsupportedRequest": WebRefused,
    "NoSupportingHandlers": WebRefused,
    "TransportError": WebUnreachable,
    "ContentTooShortError": WebUnreachable,
    "ExtractorError": WebNothingThere,
}
"""By the class of the failure or of one it comes from, the first that fits."""
NOISE_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
NOISE = re.compile(
    r"^\[[\w:+]+\] [^:]*: *"
    r"|[;.] *(please report|Confirm you are).*| *\(caused by .*"
)


def as_ours(failure: Exception, address: str, guard: Guard) -> WebError:
    """The failure as an error with a code, whatever layer it came from."""
    shown = printable(address)
    if guard.refused:
        return WebRefused(f"{shown} leads to {guard.refused}, which lies in a private network")
    chain = list(_chain(failure))
    said = _said(failure)
    status = _status(chain, said)
    if status is not None:
        return _of_status(status, shown)
    if PROTECTED.search(said):
        return WebProtected(f"{shown}: {said}")
    for words, kind in SAID.items():
        if re.search(words, said):
            return kind(f"{shown}: {said}")
    return _by_class(chain, f"{shown}: {said}")


def _by_class(chain: Sequence[BaseException], message: str) -> WebError:
    names = [kind.__name__ for each in chain for kind in type(each).__mro__]
    for name, kind in NAMED.items():
        if name in names:
            return kind(message)
    if any(isinstance(each, OSError) for each in chain):
        return WebError(message, "Is there room on the disk, and may it be written to?")
    return WebError(message)


def _status(chain: Sequence[BaseException], said: str) -> int | None:
    for each in chain:
        if isinstance(status := getattr(each, "status", None), int):
            return status
    found = STATUS.search(said)
    return int(found[1]) if found else None


def _of_status(status: int, shown: str) -> WebError:
    if status in GONE:
        return WebNotFound(f"{shown}: not there (the server answered {status})")
    if status in CLOSED:
        return WebProtected(f"{shown}: not shown to us (the server answered {status})")
    return WebUnreachable(f"{shown}: the server answered {status}")


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """The failure and all it comes from, each once."""
    todo, seen = [failure], set()
    while todo:
        each = todo.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        wrapped = getattr(each, "exc_info", None) or ()
        further = (getattr(each, "cause", None), *wrapped, each.__cause__, each.__context__)
        todo.extend(f for f in further if isinstance(f, BaseException))


def _said(failure: Exception) -> str:
    told = str(getattr(failure, "orig_msg", None) or failure).replace("\r", " ").strip()
    told = re.sub(r"^ERROR: *", "", NOISE_COLOURS.sub("", told)).strip()
    lines = told.splitlines()
    return NOISE.sub("", lines[0]).strip() if lines else type(failure).__name__
