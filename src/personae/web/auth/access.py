"""Who asks: signs users in, and knows them again by cookie or token."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import cookie_parser

from personae.web.auth import passwords
from personae.web.auth.keys import Keys
from personae.web.auth.roles import Caller
from personae.web.auth.store import UserStore
from personae.web.auth.throttle import Throttle
from personae.web.refusals import NotSignedIn, WrongPassword

COOKIE = "personae_session"
"""Name of the cookie that holds the key of a session."""

_LOCAL = Caller("", "admin", "local")


class Access:
    """The door of one served library.

    Args:
        users: who there is.
        is_local: only this machine can ask; without users it may do everything.
    """

    def __init__(self, users: UserStore, *, is_local: bool) -> None:
        self.users = users
        self.keys = Keys(users)
        self.throttle = Throttle()
        self._is_local = is_local

    def is_open(self) -> bool:
        """Whether there are no users and whoever sits at this machine may do everything."""
        return self._is_local and not self.users.any()

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The key of a new session.

        Raises:
            TooManyTries: the next try has to wait.
            WrongPassword: name and password do not belong together.
        """
        kept = self._proved(name, password, address)
        if kept is None:
            raise WrongPassword("name and password do not belong together")
        if passwords.is_dated(kept[1]):
            self._renew(kept[0], password)
        return self.keys.open_session(kept[0])

    def is_password(self, name: str, password: str, address: str) -> bool:
        """Whether it is the user's password; wrong tries count.

        Raises:
            TooManyTries: the next try has to wait.
        """
        return self._proved(name, password, address) is not None

    def identify(self, headers: Mapping[str, str]) -> Caller | None:
        """Who asks; None if nobody that is known.

        Args:
            headers: of the request, their names in small letters.

        Raises:
            NotSignedIn: a key is shown, and it is wrong or over.
        """
        if shown := headers.get("authorization"):
            return self._of_token(shown)
        if self.is_open():
            return _LOCAL
        key = session_key(headers)
        return self.keys.of_session(key) if key and self.users.any() else None

    def _of_token(self, shown: str) -> Caller:
        kind, _, key = shown.partition(" ")
        found = self.keys.of_token(key.strip()) if kind.casefold() == "bearer" else None
        if found is None:
            raise NotSignedIn("the token is not known, was taken back, or is over")
        return found

    def _proved(self, name: str, password: str, address: str) -> tuple[str, str] | None:
        self.throttle.demand(name, address)
        kept = self._password(name)
        if not passwords.matches(kept[1] if kept else None, password):
            self.throttle.wrong(name, address)
            return None
        self.throttle.right(name, address)
        return kept

    def _password(self, name: str) -> tuple[str, str] | None:
        if not self.users.any():
            return None
        with self.users.rows(change=False) as rows:
            found: tuple[str, str] | None = rows.execute(
                "SELECT name, password FROM user WHERE name = ?", (name[:64],)
            ).fetchone()
        return found

    def _renew(self, name: str, password: str) -> None:
        kept = passwords.hashed(password)
        with self.users.rows() as rows:
            rows.execute("UPDATE user SET password = ? WHERE name = ?", (kept, name))


def session_key(headers: Mapping[str, str]) -> str | None:
    """The key that a browser shows in its cookie."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)
