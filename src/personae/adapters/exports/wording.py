"""Names made harmless for each format: a person's name must never become a command or a line."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

WORD_JOINER = "\u2060"
"""Takes no room; between a backslash and a letter it keeps players from reading a command."""
_TURNS_TEXT = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
_UNPRINTABLE = re.compile(
    f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff{_TURNS_TEXT}]+"
)
_SRT = str.maketrans({"<": "\u2039", ">": "\u203a", "{": "(", "}": ")"})
_ASS = str.maketrans({"{": "(", "}": ")"})


def one_line(text: str) -> str:
    """Without line ends, control characters and marks that turn the direction of what follows."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def for_vtt(text: str) -> str:
    """As the text of a WebVTT cue: no tags, no entities, no arrow."""
    return escape(one_line(text))


def for_srt(text: str) -> str:
    """As the text of an SRT cue, which knows no escapes: angle brackets and braces are replaced."""
    return one_line(text).translate(_SRT).replace("\\", "\\" + WORD_JOINER)


def for_ass(text: str) -> str:
    r"""As the text of an ASS event: no override block, no ``\N``."""
    return one_line(text).translate(_ASS).replace("\\", "\\" + WORD_JOINER)


def for_ass_field(text: str) -> str:
    """As a field of an ASS event before the text, where a comma would end it."""
    return for_ass(text).replace(",", ";")


def for_xml(text: str) -> str:
    """Without what XML cannot hold; the writer escapes the rest."""
    return one_line(text)


def for_reel(text: str) -> str:
    """A reel name of an edit decision list: eight letters and digits at most."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())[:8] or "AX"
