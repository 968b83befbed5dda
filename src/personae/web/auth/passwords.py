"""Passwords: which will do, how they are kept (argon2id), and how they are checked."""

from __future__ import annotations

import re
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from personae.web.refusals import UserRefused

SHORTEST, LONGEST = 10, 1024
"""Characters of a password; NIST SP 800-63B asks for 8 at least and says nothing against spaces."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
"""Names of users: they stand in addresses and logs, so they are plain."""

_HASHER = PasswordHasher()
"""Argon2id with the parameters of RFC 9106 for little memory: 64 MiB, 3 passes, 4 lanes."""

_AT_ONCE = BoundedSemaphore(2)
"""Each check takes 64 MiB: a flood of sign-ins may take time, not memory."""


def checked_name(name: str) -> str:
    """The name, if it will do.

    Raises:
        UserRefused: it will not.
    """
    if not NAME.fullmatch(name):
        raise UserRefused(f"{name[:80]!r} will not do as a name")
    return name


def checked_password(password: str, name: str) -> str:
    """The password, if it will do.

    Raises:
        UserRefused: it is too short, too long, or is the name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserRefused(f"the password has {len(password)} characters, not {SHORTEST} or more")
    if password.casefold() == name.casefold():
        raise UserRefused("the password is the name")
    return password


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one of which this was kept; None takes as long and is False."""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Whether it was kept with weaker parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _HASHER.hash("the password of nobody")
