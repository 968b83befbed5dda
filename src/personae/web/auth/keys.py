"""Keys that stand for a user: sessions of browsers and tokens of programs, kept as hashes only."""

from __future__ import annotations

import secrets
import sqlite3
from hashlib import sha256

from personae.web.auth.roles import ROLES, Caller, Role
from personae.web.auth.store import Token, UserStore, role_of
from personae.web.refusals import UnknownUser, UserRefused

IDLE_S = 12 * 3600
"""A session that nobody uses for so long is over."""

LONGEST_S = 7 * 24 * 3600
"""A session is over after so long in any case."""

PREFIX = "psn_"
"""Tokens begin so, that scanners for leaked secrets can find them."""

_MINUTE = 60


class Keys:
    """Makes keys and says whose they are.

    A key has 256 random bits, so a plain SHA-256 of it can be kept: there is nothing to guess.
    """

    def __init__(self, users: UserStore) -> None:
        self._users = users

    def open_session(self, name: str) -> str:
        """A new session of a user; what is over is cleared away."""
        key, now = secrets.token_urlsafe(32), self._users.now()
        with self._users.rows() as rows:
            rows.execute("DELETE FROM session WHERE ends <= ? OR seen <= ?", (now, now - IDLE_S))
            rows.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?)",
                (_hash(key), name, now, now, now + LONGEST_S),
            )
        return key

    def close_session(self, key: str) -> None:
        """Ends a session; one that is not there is no error."""
        with self._users.rows() as rows:
            rows.execute("DELETE FROM session WHERE hash = ?", (_hash(key),))

    def of_session(self, key: str) -> Caller | None:
        """Whose session this is; None if it is none or over."""
        now = self._users.now()
        with self._users.rows(change=False) as rows:
            found = rows.execute(
                "SELECT name, role, seen FROM session JOIN user ON name = user"
                " WHERE hash = ? AND ends > ? AND seen > ?",
                (_hash(key), now, now - IDLE_S),
            ).fetchone()
        if found is None:
            return None
        name, role, seen = found
        if now - seen >= _MINUTE:
            with self._users.rows() as rows:
                rows.execute("UPDATE session SET seen = ? WHERE hash = ?", (now, _hash(key)))
        return Caller(name, role_of(role), "session")

    def make_token(
        self, name: str, label: str, role: Role | None = None, days: int | None = None
    ) -> tuple[Token, str]:
        """A new token of a user, and the key itself, which is told only here.

        Raises:
            UnknownUser: nobody has this name.
            UserRefused: the role is above the user's, or the label or the days will not do.
        """
        user = self._users.get(name)
        given = role_of(role or user.role)
        if ROLES.index(given) > ROLES.index(user.role):
            raise UserRefused(
                f"{user.name} is {user.role}", "A token may not do more than its user."
            )
        if not 1 <= len(label) <= 100 or (days is not None and not 1 <= days <= 3660):
            raise UserRefused("labels have 1 to 100 characters, and tokens last 1 to 3660 days")
        key, now = PREFIX + secrets.token_urlsafe(32), self._users.now()
        ends = None if days is None else now + days * 24 * 3600
        with self._users.rows() as rows:
            number = rows.execute(
                "INSERT INTO token (hash, user, label, role, created, ends)"
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (_hash(key), user.name, label, given, now, ends),
            ).fetchone()[0]
        return Token(number, user.name, label, given, now, ends, None), key

    def tokens(self, name: str | None = None) -> list[Token]:
        """All tokens, or those of one user."""
        if not self._users.path.exists():
            return []
        with self._users.rows(change=False) as rows:
            found = rows.execute(
                "SELECT id, user, label, role, created, ends, used FROM token"
                " WHERE ?1 IS NULL OR user = ?1 ORDER BY id",
                (name,),
            ).fetchall()
        return [Token(*row) for row in found]

    def take_back(self, number: int) -> None:
        """A token that works no more.

        Raises:
            UnknownUser: no token has this number.
        """
        with self._users.rows() as rows:
            if rows.execute("DELETE FROM token WHERE id = ?", (number,)).rowcount == 0:
                raise UnknownUser(f"no token has the number {number}")

    def of_token(self, key: str) -> Caller | None:
        """Whose token this is; None if it is none or over."""
        if not key.startswith(PREFIX) or not self._users.path.exists():
            return None
        now = self._users.now()
        with self._users.rows(change=False) as rows:
            found = _token(rows, key, now)
        if found is None:
            return None
        name, own, given, used = found
        if used is None or now - used >= _MINUTE:
            with self._users.rows() as rows:
                rows.execute("UPDATE token SET used = ? WHERE hash = ?", (now, _hash(key)))
        return Caller(name, min(role_of(own), role_of(given), key=ROLES.index), "token")


def _token(rows: sqlite3.Connection, key: str, now: int) -> tuple[str, str, str, int | None] | None:
    found: tuple[str, str, str, int | None] | None = rows.execute(
        "SELECT name, user.role, token.role, used FROM token JOIN user ON name = user"
        " WHERE hash = ? AND (ends IS NULL OR ends > ?)",
        (_hash(key), now),
    ).fetchone()
    return found


def _hash(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogateescape")).digest()
