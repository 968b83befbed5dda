"""File names made from what a page says: no way out of the folder, no two films in one file."""

from __future__ import annotations

import hashlib
import re
import unicodedata

TITLE_BYTES, ID_LENGTH = 96, 32
EXTENSIONS = frozenset(
    "mp4 m4v mov mkv webm avi mpg mpeg ts flv wmv 3gp ogv jpg jpeg png webp gif avif".split()
)


def stem_of(title: str, identity: str, key: str) -> str:
    """The name of a film's file, without its ending.

    Args:
        title: as the page says it; anything.
        identity: what the site calls the film.
        key: what tells this film from every other; eight hex digits of its hash end the name.
    """
    told = unicodedata.normalize("NFC", title)
    told = "".join(c if c.isalnum() or c in " -_.,()'&+" else " " for c in told)
    told = " ".join(told.split())
    told = told.encode()[:TITLE_BYTES].decode(errors="ignore").strip(" .-") or "film"
    known = re.sub(r"[^A-Za-z0-9_]+", "-", identity)[:ID_LENGTH].strip("-")
    digits = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:8]
    return "-".join(part for part in (told, known, digits) if part)


def ending_of(extension: str | None) -> str:
    """A film's or photo's ending; what is none becomes mp4, since readers look at the content."""
    told = (extension or "").lower()
    return told if told in EXTENSIONS else "mp4"


def language_of(told: str) -> str:
    """A language's code, fit for a file name."""
    return re.sub(r"[^A-Za-z0-9]+", "-", told)[:16].strip("-") or "und"
