"""``/api/v1/session``, ``/users`` and ``/tokens``: sign in and out, and who may."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from personae.web.auth.access import Access, session_key
from personae.web.auth.cookies import address_of, clear_cookie, set_cookie
from personae.web.auth.roles import Caller, Role, needs
from personae.web.auth.store import Token, User
from personae.web.endpoints import Number
from personae.web.refusals import NotAllowed, WrongPassword
from personae.web.site import Site

Name = Annotated[str, Field(min_length=1, max_length=64, examples=["ada"])]
Password = Annotated[str, Field(min_length=1, max_length=1024)]


class SignIn(BaseModel):
    """Name and password."""

    name: Name
    password: Password


class NewPassword(BaseModel):
    """The password of now, and the one to come."""

    old: Password
    new: Password


class Me(BaseModel):
    """Who asks."""

    name: str
    """Empty while there are no users."""
    role: Role
    how: str
    """session, token, or local: there are no users and only this machine can ask."""


class UserRow(BaseModel):
    """Somebody who may sign in."""

    name: str
    role: Role
    created: int
    """Seconds since 1970 (UTC)."""
    tokens: int


class Users(BaseModel):
    """Everybody who may sign in."""

    users: list[UserRow]


class NewUser(BaseModel):
    """A user to be made; the first has to be an administrator."""

    name: Name
    password: Password
    role: Role = "viewer"


class UserChange(BaseModel):
    """What changes of a user; what is left out stays."""

    role: Role | None = None
    password: Password | None = None


class NewToken(BaseModel):
    """A token to be made."""

    label: Annotated[str, Field(min_length=1, max_length=100, examples=["nightly export"])]
    role: Role | None = None
    """At most the user's own, which it is if left out."""
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    """How long it works; without end if left out."""


class TokenRow(BaseModel):
    """A key of a program, without the key."""

    id: int
    user: str
    label: str
    role: Role
    created: int
    ends: int | None
    used: int | None


class Tokens(BaseModel):
    """Keys of programs."""

    tokens: list[TokenRow]


class MadeToken(TokenRow):
    """A new token."""

    key: str
    """Told only now."""


Viewer = Annotated[Caller, Depends(needs("viewer"))]
Admin = Annotated[Caller, Depends(needs("admin"))]


def routes(site: Site) -> APIRouter:
    """Routes of sessions, users and tokens."""
    router = APIRouter(prefix="/api/v1", tags=["access"])
    _sessions(router, site)
    _users(router, site.access)
    _tokens(router, site.access)
    return router


def _sessions(router: APIRouter, site: Site) -> None:
    access = site.access

    @router.post("/session", summary="Sign in")
    def sign_in(asked: SignIn, request: Request, response: Response) -> Me:
        """Sets the cookie of a session; too many wrong tries have to wait."""
        key = access.sign_in(asked.name, asked.password, address_of(request))
        set_cookie(response, request, key)
        user = access.users.get(asked.name)
        return Me(name=user.name, role=user.role, how="session")

    @router.get("/session", summary="Who am I?")
    def who(caller: Viewer) -> Me:
        """The user and role behind the cookie or token."""
        return Me(name=caller.name, role=caller.role, how=caller.how)

    @router.delete("/session", status_code=204, summary="Sign out")
    def sign_out(caller: Viewer, request: Request, response: Response) -> None:
        """Ends the session; tokens are taken back instead."""
        key = session_key(request.headers)
        if caller.how == "session" and key:
            access.keys.close_session(key)
        clear_cookie(response, request)

    @router.put("/session/password", status_code=204, summary="Change my password")
    def change(asked: NewPassword, caller: Viewer, request: Request) -> None:
        """Ends all sessions of the user, also this one."""
        if caller.how != "session":
            raise NotAllowed("a password is changed by whoever signed in with it")
        if not access.is_password(caller.name, asked.old, address_of(request)):
            raise WrongPassword("the old password is another")
        access.users.set_password(caller.name, asked.new)


def _users(router: APIRouter, access: Access) -> None:
    @router.get("/users", dependencies=[Depends(needs("admin"))], summary="All users")
    def users() -> Users:
        """By name."""
        return Users(users=[_user(one) for one in access.users.all()])

    @router.post(
        "/users", status_code=201, dependencies=[Depends(needs("admin"))], summary="Make a user"
    )
    def add(asked: NewUser) -> UserRow:
        """From the first user on everybody has to sign in."""
        return _user(access.users.add(asked.name, asked.password, asked.role))

    @router.patch(
        "/users/{name}", dependencies=[Depends(needs("admin"))], summary="Change role or password"
    )
    def change(name: str, asked: UserChange) -> UserRow:
        """A new password ends all sessions of the user."""
        if asked.role is not None:
            access.users.set_role(name, asked.role)
        if asked.password is not None:
            access.users.set_password(name, asked.password)
        return _user(access.users.get(name))

    @router.delete(
        "/users/{name}",
        status_code=204,
        dependencies=[Depends(needs("admin"))],
        summary="Remove a user",
    )
    def remove(name: str) -> None:
        """With all sessions and tokens."""
        access.users.remove(name)


def _tokens(router: APIRouter, access: Access) -> None:
    @router.get("/tokens", summary="My tokens")
    def tokens(caller: Viewer) -> Tokens:
        """An administrator sees those of everybody."""
        mine = None if caller.may("admin") else caller.name
        return Tokens(tokens=[_token(one) for one in access.keys.tokens(mine)])

    @router.post("/users/{name}/tokens", status_code=201, summary="Make a token")
    def make(name: Annotated[str, Depends(_self_or_admin)], asked: NewToken) -> MadeToken:
        """For oneself; an administrator for everybody. A token cannot make tokens."""
        made, key = access.keys.make_token(name, asked.label, asked.role, asked.days)
        return MadeToken(**_token(made).model_dump(), key=key)

    @router.delete("/tokens/{number}", status_code=204, summary="Take a token back")
    def take_back(number: Number, caller: Viewer) -> None:
        """One's own; an administrator any."""
        mine = {one.id: one.user for one in access.keys.tokens()}
        if number in mine:
            _demand_self(caller, mine[number])
        access.keys.take_back(number)


def _self_or_admin(name: str, caller: Viewer) -> str:
    _demand_self(caller, name)
    return name


def _demand_self(caller: Caller, name: str) -> None:
    if caller.how == "token":
        raise NotAllowed("a token cannot make or take back tokens", "Sign in for that.")
    if caller.name.casefold() != name.casefold():
        caller.demand("admin")


def _user(user: User) -> UserRow:
    return UserRow(name=user.name, role=user.role, created=user.created, tokens=user.tokens)


def _token(token: Token) -> TokenRow:
    return TokenRow(
        id=token.id,
        user=token.user,
        label=token.label,
        role=token.role,
        created=token.created,
        ends=token.ends,
        used=token.used,
    )
