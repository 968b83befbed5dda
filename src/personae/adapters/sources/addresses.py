"""Addresses of cameras: what kind they are, and how they may be shown to people."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCHEMES = ("rtsp", "rtsps", "http", "https", "rtmp", "srt", "udp")
_SECRET = re.compile(r"(?i)((?:pass|pwd|password|token|key|secret|auth)[^=&]*=)[^&#\s]*")
_USER = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s]*@")


def is_address(text: str) -> bool:
    """Whether this is a network address and no file."""
    return urlsplit(text).scheme.lower() in SCHEMES


def shown(text: str) -> str:
    """The address, or any text that holds one, without user, password and secrets in its query.

    Nothing else of a camera's address may ever reach a log, a status file or a page.
    """
    return _SECRET.sub(r"\1…", _USER.sub(r"\1", text))
