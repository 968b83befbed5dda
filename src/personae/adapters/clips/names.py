"""File names for clips, safe on every system however hostile the person's or film's name is."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from math import isfinite
from pathlib import Path

LONGEST_PART = 80
"""UTF-8 bytes of a person's or film's name that are kept; file systems allow 255 in all."""
LATEST_S = 1e9
"""Later moments are named as this one: no film is 30 years long."""
FORBIDDEN = frozenset('/\\:*?"<>|')
RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"}
    | {port + digit for port in ("COM", "LPT") for digit in "0123456789¹²³"}
)
"""Names that Windows keeps for devices, whatever follows their first dot."""


def clip_name(person_label: str, media_path: Path, start: float) -> str:
    """A name such as ``Ann - holiday - 00h12m03.480s - 3f9a1c.mp4``.

    The six digits at the end stand for the whole label and path, so that two films of one name,
    or two people whose names became alike by cleaning, do not overwrite each other's clips.

    Args:
        person_label: the person's name or number, taken as it is.
        media_path: the film.
        start: seconds from its first frame; what is not a number counts as 0.
    """
    person = _clean(person_label) or "person"
    film = _clean(Path(media_path).stem) or "film"
    whole = f"{person_label}\0{media_path}".encode("utf-8", "surrogatepass")
    mark = blake2b(whole, digest_size=3).hexdigest()
    name = f"{person} - {film} - {_clock(start)} - {mark}.mp4"
    return f"_{name}" if name.split(".")[0].strip().upper() in RESERVED else name


def _clean(text: str) -> str:
    """Printable, on one line, without separators, not hidden, not an option, not too long."""
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    visible = (char for char in spaced if not unicodedata.category(char).startswith("C"))
    kept = "".join("_" if char in FORBIDDEN else char for char in visible)
    kept = " ".join(kept.split()).strip(". -~")
    short = kept.encode("utf-8")[:LONGEST_PART].decode("utf-8", "ignore")
    return short.rstrip(". ")


def _clock(start: float) -> str:
    total = round(min(max(0.0, start), LATEST_S) * 1000) if isfinite(start) else 0
    seconds, thousandths = divmod(total, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}h{minute:02}m{second:02}.{thousandths:03}s"
