"""Roles: who asks, and whether that is enough.

An endpoint declares its least role by ``Depends(needs("editor"))``. What pages do in their event
handlers is checked by `personae.web.visitors`; ``may`` there says what to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from starlette.requests import Request

from personae.web.refusals import NotAllowed, NotSignedIn

Role = Literal["viewer", "editor", "admin"]
"""Viewers look, editors change, administrators rule users and the server; each may all before."""

ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: of the user; empty for whoever sits at a machine that has no users.
        role: what they may do.
        how: by a session cookie, a token, or because only this machine can ask.
    """

    name: str
    role: Role
    how: Literal["local", "session", "token"]

    def may(self, least: Role) -> bool:
        """Whether the role is at least this one."""
        return ROLES.index(self.role) >= ROLES.index(least)

    def demand(self, least: Role) -> None:
        """Goes on only if the role is at least this one.

        Raises:
            NotAllowed: it is lower.
        """
        if not self.may(least):
            who = f"{self.name} is {self.role}" if self.name else f"the role is {self.role}"
            raise NotAllowed(f"this needs the role {least}; {who}")


def caller_of(request: Request) -> Caller:
    """Who asks, as the gate found out.

    Raises:
        NotSignedIn: nobody that is known.
    """
    found = cast("Caller | None", request.scope.get("personae.caller"))
    if found is None:
        raise NotSignedIn("nobody is signed in")
    return found


def needs(role: Role) -> Callable[[Request], Caller]:
    """A dependency that lets through who has at least this role, and hands over who it is."""
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}")

    def check(request: Request) -> Caller:
        caller = caller_of(request)
        caller.demand(role)
        return caller

    return check
