"""Names of written files: safe on every system, and no two alike."""

from __future__ import annotations

import unicodedata

LONGEST = 90
"""UTF-8 bytes of one part that are kept; file systems allow 255 in all."""
_FORBIDDEN = frozenset('/\\:*?"<>|')


class Names:
    """Gives each file of one export a name of its own, also where case does not count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, parts: list[str], number: int, suffix: str) -> str:
        """``film - person.suffix``; with a number where that is taken.

        Args:
            parts: names, taken as they are.
            number: of the medium or person, to tell it from another of the same name.
            suffix: with its dot.
        """
        stem = " - ".join(_clean(part) or "unnamed" for part in parts)
        found, count = stem, number
        while (found + suffix).casefold() in self._taken:
            found, count = f"{stem} ({count})", count + 1
        self._taken.add((found + suffix).casefold())
        return found + suffix


def _clean(text: str) -> str:
    """Printable, on one line, without separators, not hidden, not an option, not too long."""
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    visible = (char for char in spaced if not unicodedata.category(char).startswith("C"))
    kept = "".join("_" if char in _FORBIDDEN else char for char in visible)
    kept = " ".join(kept.split()).strip(". -~")
    return kept.encode("utf-8")[:LONGEST].decode("utf-8", "ignore").rstrip(". ")
