"""Users, sessions and tokens, in a small database of their own beside the library's."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from personae.web.auth.passwords import checked_name, checked_password, hashed
from personae.web.auth.roles import ROLES, Role
from personae.web.refusals import LastAdmin, UnknownUser, UserRefused

FILE = "web.db"
"""Its name in the library's folder."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
    name TEXT PRIMARY KEY COLLATE NOCASE, password TEXT NOT NULL, role TEXT NOT NULL,
    created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    hash BLOB PRIMARY KEY, user TEXT NOT NULL COLLATE NOCASE
        REFERENCES user(name) ON DELETE CASCADE,
    created INTEGER NOT NULL, seen INTEGER NOT NULL, ends INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS token (
    id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, user TEXT NOT NULL
        COLLATE NOCASE REFERENCES user(name) ON DELETE CASCADE,
    label TEXT NOT NULL, role TEXT NOT NULL, created INTEGER NOT NULL, ends INTEGER, used INTEGER);
"""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in.

    Attributes:
        name: unique, whatever its case.
        role: what they may do.
        created: seconds since 1970 (UTC).
        tokens: how many they have.
    """

    name: str
    role: Role
    created: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Token:
    """A key of a program; the key itself is not kept.

    Attributes:
        id: its number, to take it back.
        user: whose it is.
        label: what it is for.
        role: at most this, and never more than the user's.
        created: seconds since 1970 (UTC).
        ends: when it stops working; None is never.
        used: when it was last used, to the minute; None is never.
    """

    id: int
    user: str
    label: str
    role: Role
    created: int
    ends: int | None
    used: int | None


class UserStore:
    """The rows; each call is a short transaction of its own, from any thread or process.

    Args:
        folder: of the library; nothing is written there before the first user is made.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = folder / FILE
        self.clock = clock

    def any(self) -> bool:
        """Whether there are users at all."""
        if not self.path.exists():
            return False
        with self.rows(change=False) as rows:
            return rows.execute("SELECT 1 FROM user LIMIT 1").fetchone() is not None

    def all(self) -> list[User]:
        """Every user by name."""
        if not self.path.exists():
            return []
        with self.rows(change=False) as rows:
            found = rows.execute(
                "SELECT name, role, created, (SELECT count(*) FROM token WHERE user = name)"
                " FROM user ORDER BY name"
            ).fetchall()
        return [User(name, role, created, tokens) for name, role, created, tokens in found]

    def get(self, name: str) -> User:
        """One user.

        Raises:
            UnknownUser: nobody has this name.
        """
        for user in self.all():
            if user.name.casefold() == name.casefold():
                return user
        raise UnknownUser(f"no user is called {name[:80]!r}")

    def add(self, name: str, password: str, role: Role) -> User:
        """A new user; the first has to be an administrator, or nobody could make the second.

        Raises:
            UserRefused: name, password or role will not do, or the name is taken.
        """
        _known(role)
        kept = hashed(checked_password(password, checked_name(name)))
        with self.rows() as rows:
            first = rows.execute("SELECT count(*) FROM user").fetchone()[0] == 0
            if first and role != "admin":
                raise UserRefused("the first user has to be an administrator", "Use --role admin.")
            try:
                rows.execute("INSERT INTO user VALUES (?, ?, ?, ?)", (name, kept, role, self.now()))
            except sqlite3.IntegrityError:
                raise UserRefused(
                    f"there is a user {name!r} already", "Choose another name."
                ) from None
        return self.get(name)

    def set_role(self, name: str, role: Role) -> User:
        """Gives a user another role.

        Raises:
            LastAdmin: nobody would be left to rule.
            UnknownUser: nobody has this name.
        """
        user = self.get(name)
        _known(role)
        with self.rows() as rows:
            rows.execute("UPDATE user SET role = ? WHERE name = ?", (role, user.name))
            _ruled(rows)
        return self.get(name)

    def set_password(self, name: str, password: str) -> None:
        """Gives a user another password and ends all their sessions.

        Raises:
            UnknownUser: nobody has this name.
            UserRefused: the password will not do.
        """
        user = self.get(name)
        kept = hashed(checked_password(password, user.name))
        with self.rows() as rows:
            rows.execute("UPDATE user SET password = ? WHERE name = ?", (kept, user.name))
            rows.execute("DELETE FROM session WHERE user = ?", (user.name,))

    def remove(self, name: str) -> None:
        """Takes a user away, with their sessions and tokens.

        Raises:
            LastAdmin: others would be left without an administrator.
            UnknownUser: nobody has this name.
        """
        user = self.get(name)
        with self.rows() as rows:
            rows.execute("DELETE FROM user WHERE name = ?", (user.name,))
            _ruled(rows)

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock())

    @contextmanager
    def rows(self, *, change: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction; whatever is deleted in it is overwritten in the file.

        Args:
            change: False for mere reading, which many may do at once.
        """
        fresh = not self.path.exists()
        if fresh:
            self.path.touch(mode=0o600)
        with closing(sqlite3.connect(self.path, timeout=10, isolation_level=None)) as rows:
            rows.execute("PRAGMA foreign_keys = ON")
            rows.execute("PRAGMA secure_delete = ON")
            if fresh or not rows.execute("PRAGMA user_version").fetchone()[0]:
                rows.executescript(_SCHEMA + "PRAGMA user_version = 1;")
            rows.execute("BEGIN IMMEDIATE" if change else "BEGIN")
            try:
                yield rows
            except BaseException:
                rows.execute("ROLLBACK")
                raise
            rows.execute("COMMIT")


def _known(role: str) -> None:
    if role not in ROLES:
        raise UserRefused(f"there is no role {role!r}", f"Roles are {', '.join(ROLES)}.")


def _ruled(rows: sqlite3.Connection) -> None:
    kinds = {role for (role,) in rows.execute("SELECT DISTINCT role FROM user")}
    if kinds and "admin" not in kinds:
        raise LastAdmin("the others would be left without an administrator")


def role_of(word: str) -> Role:
    """A role by its name.

    Raises:
        UserRefused: there is none such.
    """
    _known(word)
    return cast("Role", word)
